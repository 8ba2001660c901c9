// What a gateway process remembers of a live station's frames, for a person who looks for a fault: asked by the console, answered by the
// process that holds the station's socket. Cards, passwords and keys are masked in it.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { Instant } from './values';

export const StationTraceRequest = Type.Object({
  party: PartyKey,
  stationId: Type.String({ minLength: 1, maxLength: 48 }),
  /** The newest so many. */
  frames: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
});
export type StationTraceRequest = Static<typeof StationTraceRequest>;

export const StationTrace = Type.Object({
  ocppVersion: Type.String(),
  remoteAddress: Type.Optional(Type.String()),
  lastHeardAt: Instant,
  /** The newest last. All stations share one memory: of a busy gateway the older ones are gone. */
  frames: Type.Array(
    Type.Object({
      at: Instant,
      direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
      /** Of a frame that was too long to be remembered, only what it is. */
      text: Type.String(),
      characters: Type.Integer(),
    }),
  ),
  /** What the station did that it should not, since this process has known it: `malformed`, `deviation:extraProperty`, `refused:SecurityError`. */
  violations: Type.Array(Type.Object({ kind: Type.String(), count: Type.Integer(), lastAt: Instant })),
});
export type StationTrace = Static<typeof StationTrace>;

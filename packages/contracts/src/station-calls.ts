// Commands to a live station: asked by the console and the bridge, answered by the gateway pod that holds the station's socket.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { PresentedToken } from './values';

const station = { party: PartyKey, stationId: Type.String() };

export const StationCallRequest = Type.Object({
  ...station,
  call: Type.Union([
    /** A raw OCPP action of the station's own version. */
    Type.Object({ kind: Type.Literal('raw'), action: Type.String({ maxLength: 50 }), payload: Type.Unknown() }),
    Type.Object({ kind: Type.Literal('start'), evseId: Type.Optional(Type.Integer({ minimum: 1 })), token: PresentedToken }),
    Type.Object({ kind: Type.Literal('stop'), transactionId: Type.String({ minLength: 1, maxLength: 64 }) }),
  ]),
});
export type StationCallRequest = Static<typeof StationCallRequest>;

export const StationCallOutcome = Type.Union([
  Type.Object({ outcome: Type.Literal('answered'), payload: Type.Unknown() }),
  /** The station answered with a CALLERROR. */
  Type.Object({ outcome: Type.Literal('refused'), errorCode: Type.String(), description: Type.String() }),
  Type.Object({ outcome: Type.Literal('timeout') }),
]);
export type StationCallOutcome = Static<typeof StationCallOutcome>;

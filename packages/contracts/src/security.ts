// The security log of stations: what they report of themselves (OCPP SecurityEventNotification), and what was refused to whoever used their name.
import { type Static, Type } from '@sinclair/typebox';
import { Instant, PageRequest, pageOf } from './values';

export const SecurityEvent = Type.Object({
  stationId: Type.String(),
  /** OCPP 2.0.1 appendix 1 or security whitepaper; a station may say anything else. */
  type: Type.String(),
  /** Whether the specification calls it critical. */
  critical: Type.Boolean(),
  source: Type.Union([Type.Literal('station'), Type.Literal('back-end')]),
  /** By the station's clock, and possibly long ago: stations keep these events while they are offline. */
  at: Instant,
  receivedAt: Instant,
  techInfo: Type.Optional(Type.String()),
  /** How many more of the same kind came since the last one and were not written down. */
  suppressed: Type.Optional(Type.Integer()),
});
export type SecurityEvent = Static<typeof SecurityEvent>;

/** The newest arrival first. */
export const SecurityEventQuery = Type.Object({
  ...PageRequest,
  stationId: Type.Optional(Type.String({ minLength: 1, maxLength: 48 })),
  critical: Type.Optional(Type.Boolean()),
});
export type SecurityEventQuery = Static<typeof SecurityEventQuery>;
export const SecurityEventPage = pageOf(SecurityEvent);

// What the session ledger says: a charging session as rebuilt from the facts of its stream.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { ChargingTerms } from './registry';
import { AskedInstant, DecimalText, Instant, PageRequest, pageOf } from './values';

/**
 * One stretch of a session in which nothing that the price depends on changes. It lasts until the next period starts, the last one until
 * the session's end (OCPI 2.2.1 mod_cdrs ChargingPeriod).
 */
export const ChargingPeriod = Type.Object({
  startedAt: Instant,
  kind: Type.Union([Type.Literal('charging'), Type.Literal('parking'), Type.Literal('reservation')]),
  /** Energy by register difference; exact. */
  energyWh: DecimalText,
  minPowerW: Type.Optional(DecimalText),
  maxPowerW: Type.Optional(DecimalText),
  minCurrentA: Type.Optional(DecimalText),
  maxCurrentA: Type.Optional(DecimalText),
  /** Ids of the stored events that this period rests on. */
  evidence: Type.Array(Type.String()),
});
export type ChargingPeriod = Static<typeof ChargingPeriod>;

export const SessionStatus = Type.Union([Type.Literal('active'), Type.Literal('completed')]);

/**
 * The whole session at one revision of its stream. Every session message carries all of it: a consumer that missed one needs no other,
 * and a repeated or overtaken one is recognised by its revision.
 */
export const SessionSnapshot = Type.Object({
  sessionId: Type.String({ format: 'uuid' }),
  party: PartyKey,
  /** Revision of the session's stream that this snapshot folds. */
  revision: Type.Integer({ minimum: 0 }),
  status: SessionStatus,
  stationId: Type.String(),
  transactionId: Type.String(),
  ocppVersion: Type.String(),
  evseId: Type.Optional(Type.Integer()),
  connectorId: Type.Optional(Type.Integer()),
  startedAt: Instant,
  endedAt: Type.Optional(Instant),
  stopReason: Type.Optional(Type.String()),
  meterStartWh: Type.Optional(DecimalText),
  meterStopWh: Type.Optional(DecimalText),
  energyWh: DecimalText,
  periods: Type.Array(ChargingPeriod),
  terms: ChargingTerms,
  /** Quality flags, e.g. estimatedStart, noMeterEnd, assumedCharging. */
  flags: Type.Array(Type.String()),
  updatedAt: Instant,
});
export type SessionSnapshot = Static<typeof SessionSnapshot>;

export const SessionMessage = Type.Object({ session: SessionSnapshot });
export type SessionMessage = Static<typeof SessionMessage>;

/** A row of the operator's list; `terms` and `periods` are in the single view. */
export const SessionSummary = Type.Object({
  sessionId: Type.String(),
  party: PartyKey,
  status: Type.Union([Type.Literal('pending'), Type.Literal('active'), Type.Literal('completed')]),
  stationId: Type.String(),
  transactionId: Type.String(),
  evseId: Type.Optional(Type.Integer()),
  startedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  energyWh: DecimalText,
  tokenUid: Type.Optional(Type.String()),
  flags: Type.Array(Type.String()),
  updatedAt: Instant,
});
export type SessionSummary = Static<typeof SessionSummary>;

export const SessionQuery = Type.Object({
  ...PageRequest,
  stationId: Type.Optional(Type.String({ maxLength: 48 })),
  transactionId: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(SessionSummary.properties.status),
  from: Type.Optional(AskedInstant),
  to: Type.Optional(AskedInstant),
});
export type SessionQuery = Static<typeof SessionQuery>;
export const SessionPage = pageOf(SessionSummary);

/** A session for a reader: the summary always, the snapshot once the terms are agreed. */
export const SessionView = Type.Composite([SessionSummary, Type.Object({ snapshot: Type.Optional(SessionSnapshot) })]);
export type SessionView = Static<typeof SessionView>;

/** One stored event of a session's stream, as the timeline shows it. */
export const TimelineEntry = Type.Object({
  revision: Type.Integer(),
  eventId: Type.String(),
  type: Type.String(),
  at: Instant,
  recordedAt: Instant,
  data: Type.Unknown(),
});
export const SessionTimeline = Type.Object({ sessionId: Type.String(), entries: Type.Array(TimelineEntry) });
export type SessionTimeline = Static<typeof SessionTimeline>;

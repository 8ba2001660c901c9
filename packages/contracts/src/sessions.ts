// What the session ledger says: a charging session as rebuilt from the facts of its stream.
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { ChargingTerms } from './registry';
import { StationCost } from './station-facts';
import { AskedInstant, DecimalText, Instant, PageRequest, pageOf, Text, TokenKey, TokenReference } from './values';

/** Connected: plugged in and not charging. Occupied: nothing is plugged in. SuspendedEVSE counts as charging, the others as parking. */
export const PeriodState = Type.Union([
  Type.Literal('Charging'),
  Type.Literal('SuspendedEV'),
  Type.Literal('SuspendedEVSE'),
  Type.Literal('Connected'),
  Type.Literal('Occupied'),
]);
export type PeriodState = Static<typeof PeriodState>;

/**
 * One stretch of a session in which nothing that the price depends on changes. It lasts until the next period starts, the last one until
 * the session's end (OCPI 2.2.1 mod_cdrs ChargingPeriod).
 */
export const ChargingPeriod = Type.Object({
  startedAt: Instant,
  kind: Type.Union([Type.Literal('charging'), Type.Literal('parking'), Type.Literal('reservation')]),
  /** What the car did, as the station said it; absent where nobody said it (a partner's CDR, a session without any reported state). */
  state: Type.Optional(PeriodState),
  /** False for the time before the payer was accepted: it is shown and costs nothing. */
  billable: Type.Optional(Type.Literal(false)),
  /** Of the tariff in force, where the driver has changed it; absent: the one that the session began with. */
  tariffId: Type.Optional(Type.String()),
  /** The time volume that another party reported: it is what is billed, even where it contradicts the boundaries. */
  reportedSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
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

/** What a signed meter record was found to be by the key that was known then (OCMF). `no-key`: nobody has told one. */
export const SignedReadingCheck = Type.Object({
  factId: Type.String(),
  verdict: Type.Union([
    Type.Literal('valid'),
    Type.Literal('invalid'),
    Type.Literal('no-key'),
    Type.Literal('unreadable'),
    Type.Literal('unsupported'),
  ]),
  /** In words, for every verdict but `valid`. */
  reason: Type.Optional(Type.String()),
  meterSerial: Type.Optional(Type.String()),
  /** The register at the begin and the end of the transaction, as signed. */
  beginWh: Type.Optional(DecimalText),
  endWh: Type.Optional(DecimalText),
});
export type SignedReadingCheck = Static<typeof SignedReadingCheck>;

/** A signed meter record of a session, as the station sent it. */
export const SignedReading = Type.Object({
  /** Which end of the session it tells; a record of both is `End` (OCPI 2.2.1 mod_cdrs, SignedValue). */
  nature: Type.Union([Type.Literal('Start'), Type.Literal('End')]),
  encodingMethod: Type.String(),
  /** As a station has told it, with this record or before. */
  publicKey: Type.Optional(Type.String()),
  data: Type.String(),
});
export type SignedReading = Static<typeof SignedReading>;

export const SessionStatus = Type.Union([Type.Literal('active'), Type.Literal('completed'), Type.Literal('denied')]);

/** Why a reading, or the clock behind it, cannot be believed. A party's policy says which of them keep a session from being billed. */
export const AnomalyCode = Type.Union([
  /** The register began at 0 and was at once where it cannot have got to: a lost baseline. */
  Type.Literal('zeroBaseline'),
  /** The register fell and did not come back. */
  Type.Literal('meterReset'),
  /** The register ran past its last digit. */
  Type.Literal('rollover'),
  /** More energy than the connector can have delivered in the time. */
  Type.Literal('energyJump'),
  /** A reading is a thousandth or a thousand times of what it can be: Wh taken for kWh, or the other way round. */
  Type.Literal('unitSuspect'),
  /** Energy flowed, by the station's own word, and no register tells how much. */
  Type.Literal('energyUnknown'),
  /** The station's clock was ahead of ours, lies in the distant past, or ran backwards over the whole session. */
  Type.Literal('clockSuspect'),
]);
export type AnomalyCode = Static<typeof AnomalyCode>;

export const Anomaly = Type.Object({
  code: AnomalyCode,
  /** One sentence for the operator. */
  text: Type.String(),
  /** Ids of the facts that show it. */
  evidence: Type.Array(Type.String()),
});
export type Anomaly = Static<typeof Anomaly>;

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
  /** Energy that the car gave back, by its own register; never netted with `energyWh` (OCPP 2.1 V2X). */
  exportedWh: Type.Optional(DecimalText),
  /** When the payer was accepted, where that was after the start. */
  authorizedAt: Type.Optional(Instant),
  periods: Type.Array(ChargingPeriod),
  terms: ChargingTerms,
  /** What the station says that it costs; flag `costByStation`. */
  stationCost: Type.Optional(StationCost),
  /** Quality flags, e.g. estimatedStart, noMeterEnd, assumedCharging. */
  flags: Type.Array(Type.String()),
  anomalies: Type.Optional(Type.Array(Anomaly)),
  /** Ids of the facts with the first and the last signed reading; the facts keep them byte for byte. */
  signedEvidence: Type.Optional(Type.Array(Type.String())),
  /** What was found when these were recorded. */
  signedChecks: Type.Optional(Type.Array(SignedReadingCheck)),
  updatedAt: Instant,
});
export type SessionSnapshot = Static<typeof SessionSnapshot>;

export const SessionMessage = Type.Object({ session: SessionSnapshot });
export type SessionMessage = Static<typeof SessionMessage>;

/** An operator's word that a session is not to be billed, with the CDR that may stand taken back. */
export const SessionDeniedMessage = Type.Object({ session: SessionSnapshot, reason: Type.String() });
export type SessionDeniedMessage = Static<typeof SessionDeniedMessage>;

/**
 * pending: waits for its terms. active: runs. ended: over, and given some seconds for stragglers. completed: billed. quarantined: over, and a
 * person must look at a reading first. denied: a person decided that it is not billed. stray: names a transaction that nobody started.
 * merged: its facts turned out to be another session's.
 */
export const SessionListStatus = Type.Union([
  Type.Literal('pending'),
  Type.Literal('active'),
  Type.Literal('ended'),
  Type.Literal('completed'),
  Type.Literal('quarantined'),
  Type.Literal('denied'),
  Type.Literal('stray'),
  Type.Literal('merged'),
]);
export type SessionListStatus = Static<typeof SessionListStatus>;

/** What a running session needs a person for. */
export const AttentionCode = Type.Union([
  /** Nothing has been heard of it for long. */
  Type.Literal('silent'),
  /** It runs and no energy flows. */
  Type.Literal('noEnergy'),
  /** The station goes on without naming the transaction: it never got the id. */
  Type.Literal('noTransactionId'),
  /** Something in the middle is still missing, or the start is. */
  Type.Literal('incomplete'),
]);
export type AttentionCode = Static<typeof AttentionCode>;

/** A row of the operator's list; `terms` and `periods` are in the single view. */
export const SessionSummary = Type.Object({
  sessionId: Type.String(),
  party: PartyKey,
  status: SessionListStatus,
  attention: Type.Optional(Type.Array(AttentionCode)),
  stationId: Type.String(),
  transactionId: Type.String(),
  evseId: Type.Optional(Type.Integer()),
  startedAt: Type.Optional(Instant),
  endedAt: Type.Optional(Instant),
  energyWh: DecimalText,
  tokenKey: Type.Optional(TokenKey),
  flags: Type.Array(Type.String()),
  updatedAt: Instant,
});
export type SessionSummary = Static<typeof SessionSummary>;

export const SessionQuery = Type.Object({
  ...PageRequest,
  stationId: Type.Optional(Type.String({ maxLength: 48 })),
  transactionId: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(SessionListStatus),
  /** Only sessions that a person should look at: quarantined, stray, or running with something wrong. */
  attention: Type.Optional(Type.Boolean()),
  tokenKey: Type.Optional(TokenKey),
  from: Type.Optional(AskedInstant),
  to: Type.Optional(AskedInstant),
});
export type SessionQuery = Static<typeof SessionQuery>;
export const SessionPage = pageOf(SessionSummary);

/** A session for a reader: the summary always, the snapshot once the terms are agreed. */
export const SessionView = Type.Composite([SessionSummary, Type.Object({ snapshot: Type.Optional(SessionSnapshot) })]);
export type SessionView = Static<typeof SessionView>;

/** A session right after one of its events, in short. Energy and flags are those that the ledger had said last by then. */
export const TimelineState = Type.Object({
  status: SessionListStatus,
  energyWh: DecimalText,
  /** The newest reading of the total register that had been heard by then; the ledger may have its doubts about it. */
  readingWh: Type.Optional(DecimalText),
  flags: Type.Array(Type.String()),
  attention: Type.Optional(Type.Array(AttentionCode)),
});
export type TimelineState = Static<typeof TimelineState>;

/** One stored event of a session's stream, as the timeline shows it: frame, fact, event, state and charging periods in one row. */
export const TimelineEntry = Type.Object({
  revision: Type.Integer(),
  /** Of a recorded fact, the fact's id. */
  eventId: Type.String(),
  type: Type.String(),
  /** By the station's clock, for a fact; otherwise when it was recorded. */
  at: Instant,
  recordedAt: Instant,
  /** The operator behind it. */
  operator: Type.Optional(Type.String()),
  /** Id of the fact, message or request that it follows from. */
  cause: Type.Optional(Type.String()),
  data: Type.Unknown(),
  /** Of a fact: the CALL that it was made of, with tokens' keys for tokens, and its message id. */
  frame: Type.Optional(Type.String()),
  messageId: Type.Optional(Type.String()),
  state: TimelineState,
  /** Which of the session's charging periods rest on this event: places in `periods`, from 0. */
  periods: Type.Array(Type.Integer({ minimum: 0 })),
});
export type TimelineEntry = Static<typeof TimelineEntry>;

/** Everything that the ledger knew of a session right after one of its events. */
export const SessionAt = Type.Object({
  ...TimelineState.properties,
  revision: Type.Integer(),
  party: PartyKey,
  stationId: Type.String(),
  transactionId: Type.String(),
  ocppVersion: Type.String(),
  evseId: Type.Optional(Type.Integer()),
  connectorId: Type.Optional(Type.Integer()),
  startedAt: Type.Optional(Instant),
  token: Type.Optional(TokenReference),
  facts: Type.Integer({ minimum: 0 }),
  /** Until when the session waits for stragglers. */
  settleAt: Type.Optional(Instant),
  mergedInto: Type.Optional(Type.String()),
  /** The whole session as its facts show it, once the terms are agreed. */
  snapshot: Type.Optional(SessionSnapshot),
});
export type SessionAt = Static<typeof SessionAt>;

export const SessionTimeline = Type.Object({
  sessionId: Type.String(),
  /** The charging periods as they are now: of the bill, or of what is known of a session that runs. */
  periods: Type.Array(ChargingPeriod),
  entries: Type.Array(TimelineEntry),
  next: Type.Optional(Type.String()),
  /** Where an instant of the stream was asked for: `entries` then holds that event alone. */
  state: Type.Optional(SessionAt),
});
export type SessionTimeline = Static<typeof SessionTimeline>;

export const TimelineQuery = Type.Object({
  ...PageRequest,
  at: Type.Optional(
    Type.String({
      pattern: '^(\\d{1,9}|[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12})$',
      description: 'A revision, or the id of an event or fact: answers that event and the whole state right after it',
    }),
  ),
});
export type TimelineQuery = Static<typeof TimelineQuery>;

export const RunningSession = Type.Object({
  stationId: Type.String(),
  transactionId: Type.String(),
  evseId: Type.Optional(Type.Integer()),
});
export type RunningSession = Static<typeof RunningSession>;

/** What a session costs so far, or in the end, to whoever pays it: after taxes, where the tariff tells them. */
export const SessionCost = Type.Object({ amount: DecimalText, currency: Type.String({ pattern: '^[A-Z]{3}$' }) });
export type SessionCost = Static<typeof SessionCost>;

/** Absent: not known, which does not mean free. */
export const SessionCostAnswer = Type.Object({ cost: Type.Optional(SessionCost) });
export const SessionCostRequest = Type.Object({
  party: PartyKey,
  stationId: Type.String(),
  transactionId: Type.String({ maxLength: 64 }),
  /** The fact that the cost is to rest on: the same fact has the same cost for ever. */
  factId: Type.String(),
});

/** What a driver is to be shown of a session. */
export const CostToShow = Type.Object({
  party: PartyKey,
  stationId: Type.String(),
  transactionId: Type.String({ maxLength: 64 }),
  at: Instant,
  cost: SessionCost,
  /** The session is over. */
  final: Type.Boolean(),
  charging: Type.Boolean(),
  readingWh: Type.Optional(DecimalText),
  /** What is charged at the moment, as the tariff says it: per kWh, per hour, once. */
  rates: Type.Object({
    perKwh: Type.Optional(DecimalText),
    perHour: Type.Optional(DecimalText),
    flat: Type.Optional(DecimalText),
    idlePerHour: Type.Optional(DecimalText),
  }),
  cause: Type.String(),
});
export type CostToShow = Static<typeof CostToShow>;

/** The readings that an operator puts in the place of the meter's; an absent one leaves the meter's. */
export const ChosenReadings = Type.Object({
  meterStartWh: Type.Optional(DecimalText),
  meterStopWh: Type.Optional(DecimalText),
});
export type ChosenReadings = Static<typeof ChosenReadings>;

export const SessionRelease = Type.Object({ reason: Text(500), readings: Type.Optional(ChosenReadings) });
export type SessionRelease = Static<typeof SessionRelease>;
export const SessionDenial = Type.Object({ reason: Text(500) });
export type SessionDenial = Static<typeof SessionDenial>;

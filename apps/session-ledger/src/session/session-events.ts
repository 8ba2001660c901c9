// What is stored in a session's stream: the facts as the station reported them, and the decisions that followed from the set of them.
import type {
  Anomaly,
  AnomalyCode,
  AttentionCode,
  ChosenReadings,
  PartyKey,
  SessionCost,
  SessionSnapshot,
  SignedReadingCheck,
  StationFactOf,
} from '@evenkeel/contracts';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** A fact about the session. The id of the stored event is the fact's id. */
export type SessionFact =
  | StationFactOf<'transaction-reported'>
  | StationFactOf<'connector-status-reported'>
  | StationFactOf<'meter-values-reported'>
  | StationFactOf<'station-booted'>;

/** Why a session was ended although its station never said so. */
export type ClosureReason = 'superseded' | 'vacant' | 'silent' | 'noEnergy' | 'noTransactionId' | 'stationHasNoMore';

export interface Closure {
  why: ClosureReason;
  /** Nothing from this instant on can belong to the session. The end itself is the last evidence before it. */
  notAfter: string;
  /** The register when the next session began there: nothing else can have used the meter in between (TX-18). */
  closingReading?: { wh: string; factId: string };
  /** The facts that show that it is over. */
  evidence: string[];
}

export interface TransactionStatus {
  /** Why it was asked: which sequence numbers are missing, or since when it has been silent. The same is asked once. */
  about: string;
  ongoing?: boolean;
  /** Whether the station has more to tell of it. */
  messagesInQueue?: boolean;
}

/** Amounts as decimal text, in the tariff's currency, Wh or seconds. */
export interface LimitReached {
  limit: 'maxCost' | 'maxEnergyWh' | 'maxTimeSeconds';
  most: string;
  /** What it would have come to by then. */
  expected: string;
  by: string;
}

/**
 * How a fact that names no known transaction was found to be this session's: readings by their connector and time (TX-27), a stop by the
 * rules of TX-34 and TX-35.
 */
export type MatchRule = 'connector' | 'unconfirmedStart' | 'sameToken' | 'beginReading' | 'repeatedStop';

export type SessionEvent =
  /** The first event of every stream: which transaction of which station this session is. */
  | { type: 'SessionOpened'; data: { sessionId: string; party: PartyKey; stationId: string; transactionId: string; ocppVersion: string } }
  | { type: 'FactRecorded'; data: { fact: SessionFact; matched?: MatchRule } }
  /** What the signed readings in the fact before this event were found to be. */
  | { type: 'SignedReadingsChecked'; data: { checks: SignedReadingCheck[]; meterKey?: string } }
  /** Place, price and payer are agreed. Only a payer that was not known yet is added later. */
  | { type: 'SessionStarted'; data: { session: SessionSnapshot } }
  /** Some minutes of station time have passed: what a roaming partner and a driver are shown in between. */
  | { type: 'SessionProgressed'; data: { session: SessionSnapshot } }
  /** The session is over, or a completed one has news: the bill waits until then, so that what was overtaken can arrive. */
  | { type: 'SettlementAwaited'; data: { settleAt: string; endedAt: string; forGaps: boolean } }
  /** What came in the meantime changes nothing. */
  | { type: 'SettlementKept'; data: Record<string, never> }
  /** The set of facts holds a start, an end and the terms: this is the bill's basis. */
  | { type: 'SessionCompleted'; data: { session: SessionSnapshot } }
  /** A late fact, or an operator's word, changed the basis of a completed session. */
  | { type: 'SessionAmended'; data: { session: SessionSnapshot; causedByFact?: string } }
  /** The session would be billed, but readings or clocks cannot be believed. `session` holds what would be billed on release. */
  | { type: 'SessionQuarantined'; data: { session: SessionSnapshot; anomalies: Anomaly[] } }
  /** An operator lets it be billed; with other readings, if those of the meter are wrong. */
  | { type: 'SessionReleased'; data: { reason: string; readings?: ChosenReadings; codes: AnomalyCode[]; energyWh: string } }
  /** An operator decided that it is not billed. */
  | { type: 'SessionDenied'; data: { session: SessionSnapshot; reason: string } }
  /** An operator has it billed by another tariff than was agreed; the amendment that follows holds it. */
  | { type: 'SessionRerated'; data: { tariffId: string; tariffLastUpdated: string; reason: string } }
  /** The session was ended without a stop. A stop that comes later replaces this end (TX-44). */
  | { type: 'SessionClosed'; data: Closure & { endedAt: string; lastReadingWh?: string } }
  /** What the station said when it was asked about the transaction; both are absent where it does not answer such questions. */
  | { type: 'TransactionStatusTold'; data: TransactionStatus }
  /** What the driver was told that the session costs, in the answer to that fact (TX-88). */
  | { type: 'CostShown'; data: SessionCost & { factId: string } }
  /** The session was about to go further than it may, and the station is asked to stop it. */
  | { type: 'LimitReached'; data: LimitReached }
  /** A person should look. */
  | { type: 'SessionStalled'; data: { why: AttentionCode; since: string } }
  | { type: 'SessionRecovered'; data: { why: AttentionCode } }
  /** The register's reading when the previous session began here: this session's own start lies below it (TX-45). */
  | { type: 'EarlierReadingKnown'; data: { wh: string; sessionId: string } }
  /** No session was found that this stop belongs to (TX-34). */
  | { type: 'SessionStrayed'; data: { text: string } }
  /** The start of a stray came after all: it is a session like any other, and waits for its terms. */
  | { type: 'SessionReclaimed'; data: Record<string, never> }
  /** The facts of this stream are another session's, which has recorded them. */
  | { type: 'SessionMerged'; data: { into: string; rule: MatchRule } };

export type SessionEventType = SessionEvent['type'];

export const sessionCodec: Codec<SessionEvent> = codecOf<SessionEvent>({
  SessionOpened: [],
  FactRecorded: [],
  SignedReadingsChecked: [],
  SessionStarted: [],
  SessionProgressed: [],
  SettlementAwaited: [],
  SettlementKept: [],
  SessionCompleted: [],
  SessionAmended: [],
  SessionQuarantined: [],
  SessionReleased: [],
  SessionDenied: [],
  SessionRerated: [],
  SessionClosed: [],
  TransactionStatusTold: [],
  CostShown: [],
  LimitReached: [],
  SessionStalled: [],
  SessionRecovered: [],
  EarlierReadingKnown: [],
  SessionStrayed: [],
  SessionReclaimed: [],
  SessionMerged: [],
});

export const sessionStreamPrefix = 'session-';

export function sessionStream(sessionId: string): string {
  return `${sessionStreamPrefix}${sessionId}`;
}

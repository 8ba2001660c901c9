// What is stored in a session's stream: the facts as the station reported them, and the decisions that followed from the set of them.
import type { PartyKey, SessionSnapshot, StationFactOf } from '@evenkeel/contracts';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** A fact about the session. The id of the stored event is the fact's id. */
export type SessionFact =
  | StationFactOf<'transaction-reported'>
  | StationFactOf<'connector-status-reported'>
  | StationFactOf<'meter-values-reported'>;

export type SessionEvent =
  /** The first event of every stream: which transaction of which station this session is. */
  | { type: 'SessionOpened'; data: { sessionId: string; party: PartyKey; stationId: string; transactionId: string; ocppVersion: string } }
  | { type: 'FactRecorded'; data: { fact: SessionFact } }
  /** Place, price and payer are agreed. Only a payer that was not known yet is added later. */
  | { type: 'SessionStarted'; data: { session: SessionSnapshot } }
  /** Some minutes of station time have passed: what a roaming partner and a driver are shown in between. */
  | { type: 'SessionProgressed'; data: { session: SessionSnapshot } }
  /** The set of facts holds a start, an end and the terms: this is the bill's basis. */
  | { type: 'SessionCompleted'; data: { session: SessionSnapshot } }
  /** A late fact changed the basis of a completed session. */
  | { type: 'SessionAmended'; data: { session: SessionSnapshot; causedByFact?: string } };

export type SessionEventType = SessionEvent['type'];

export const sessionCodec: Codec<SessionEvent> = codecOf<SessionEvent>({
  SessionOpened: [],
  FactRecorded: [],
  SessionStarted: [],
  SessionProgressed: [],
  SessionCompleted: [],
  SessionAmended: [],
});

export const sessionStreamPrefix = 'session-';

export function sessionStream(sessionId: string): string {
  return `${sessionStreamPrefix}${sessionId}`;
}

// The decider of one EVSE's stream: which sessions began there and what was reported about it without naming a transaction (OCPP 1.6
// StatusNotification and MeterValues, 2.x MeterValues). Such a fact belongs to the session that was open there at the fact's own time,
// whichever of the two arrives first.
import type { PartyKey, StationFactOf } from '@evenkeel/contracts';
import { idOf } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export type ConnectorFact = StationFactOf<'connector-status-reported'> | StationFactOf<'meter-values-reported'>;

export interface SessionHere {
  sessionId: string;
  party: PartyKey;
  stationId: string;
  transactionId: string;
  ocppVersion: string;
  startedAt: string;
}

export type ConnectorEvent = { type: 'ConnectorFactRecorded'; data: { fact: ConnectorFact } } | { type: 'SessionBegan'; data: SessionHere };

export type ConnectorCommand = { kind: 'record'; fact: ConnectorFact } | { kind: 'begin'; session: SessionHere };

export interface ConnectorState {
  /** In order of their start. */
  sessions: SessionHere[];
  facts: ConnectorFact[];
  seen: Set<string>;
}

export const connectorCodec: Codec<ConnectorEvent> = codecOf<ConnectorEvent>({ ConnectorFactRecorded: [], SessionBegan: [] });

/** What was said about a connector so shortly before a session tells the state that the session began in. */
const BEFORE_START_MS = 15 * 60_000;

export const connector: Decider<ConnectorState, ConnectorCommand, ConnectorEvent> = {
  initial: () => ({ sessions: [], facts: [], seen: new Set() }),
  evolve: (state, event) => {
    if (event.type === 'SessionBegan') {
      state.seen.add(event.data.sessionId);
      state.sessions.push(event.data);
      state.sessions.sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0));
    } else {
      state.seen.add(event.data.fact.factId);
      state.facts.push(event.data.fact);
    }
    return state;
  },
  decide: (state, command) => {
    if (command.kind === 'begin') {
      return state.seen.has(command.session.sessionId) ? accept() : accept<ConnectorEvent>({ type: 'SessionBegan', data: command.session });
    }
    return state.seen.has(command.fact.factId)
      ? accept()
      : accept<ConnectorEvent>({ type: 'ConnectorFactRecorded', data: { fact: command.fact } });
  },
};

export const connectorStreamPrefix = 'connector-';

export function connectorStream(party: PartyKey, stationId: string, evseId: number): string {
  return `${connectorStreamPrefix}${idOf('connector', party, stationId.toLowerCase(), evseId)}`;
}

/**
 * The sessions that a fact may say something about: the one that had begun by then, and the one that begins shortly after it, because the
 * state in which a session begins was reported before its start.
 */
export function sessionsOf(state: ConnectorState, fact: ConnectorFact): SessionHere[] {
  const atMs = Date.parse(fact.at);
  const running = state.sessions.findLast((session) => Date.parse(session.startedAt) <= atMs);
  const next = state.sessions.find((session) => Date.parse(session.startedAt) > atMs);
  const nextIsNear = next !== undefined && Date.parse(next.startedAt) - atMs <= BEFORE_START_MS;
  return [...(running ? [running] : []), ...(nextIsNear ? [next] : [])];
}

/** What has been recorded here and belongs to this session. */
export function factsOf(state: ConnectorState, sessionId: string): ConnectorFact[] {
  return state.facts.filter((fact) => sessionsOf(state, fact).some((session) => session.sessionId === sessionId));
}

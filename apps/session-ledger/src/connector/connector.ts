// The decider of one EVSE's stream: which sessions began there and what was reported about it without naming a transaction (OCPP 1.6
// StatusNotification and MeterValues, 2.x MeterValues). Such a fact belongs to the session that was open there at the fact's own time,
// whichever of the two arrives first.
//
// The stream never ends, so it carries its state forward now and then: the newest sessions and facts, which is all that a late fact or a
// late start may still ask for.
import type { PartyKey, StationFactOf } from '@evenkeel/contracts';
import { idOf } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** A `transaction-reported` fact is here when it names a transaction that nobody started (TX-27). */
export type ConnectorFact =
  | StationFactOf<'connector-status-reported'>
  | StationFactOf<'meter-values-reported'>
  | StationFactOf<'transaction-reported'>;

export interface SessionHere {
  sessionId: string;
  party: PartyKey;
  stationId: string;
  transactionId: string;
  ocppVersion: string;
  startedAt: string;
  /** The register at the start, decimal text in Wh. */
  meterStartWh?: string;
}

export type ConnectorEvent =
  | { type: 'ConnectorFactRecorded'; data: { fact: ConnectorFact } }
  | { type: 'SessionBegan'; data: SessionHere }
  | { type: 'ConnectorCarriedForward'; data: { sessions: SessionHere[]; facts: ConnectorFact[] } };

export type ConnectorCommand = { kind: 'record'; fact: ConnectorFact } | { kind: 'begin'; session: SessionHere };

export interface ConnectorState {
  /** In order of their start. */
  sessions: SessionHere[];
  facts: ConnectorFact[];
  seen: Set<string>;
  sinceCarried: number;
}

export const connectorCodec: Codec<ConnectorEvent> = codecOf<ConnectorEvent>({
  ConnectorFactRecorded: [],
  SessionBegan: [],
  ConnectorCarriedForward: [],
});

/** What was said about a connector so shortly before a session tells the state that the session began in. */
const BEFORE_START_MS = 15 * 60_000;
const CARRY_FORWARD_AFTER_EVENTS = 200;
const SESSIONS_CARRIED = 20;
const FACTS_CARRIED = 100;
/** A longer frame is left out of what is carried, which must fit in one event; the fact's first event keeps it. */
const FRAME_CARRIED = 4_096;

export const connector: Decider<ConnectorState, ConnectorCommand, ConnectorEvent> = {
  initial: () => ({ sessions: [], facts: [], seen: new Set(), sinceCarried: 0 }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'SessionBegan':
        addSession(state, event.data);
        state.sinceCarried += 1;
        return state;
      case 'ConnectorFactRecorded':
        addFact(state, event.data.fact);
        state.sinceCarried += 1;
        return state;
      case 'ConnectorCarriedForward': {
        const carried: ConnectorState = connector.initial();
        for (const session of event.data.sessions) addSession(carried, session);
        for (const fact of event.data.facts) addFact(carried, fact);
        return carried;
      }
    }
  },
  decide: (state, command) => {
    const id = command.kind === 'begin' ? command.session.sessionId : command.fact.factId;
    if (state.seen.has(id)) return accept();
    const event: ConnectorEvent =
      command.kind === 'begin'
        ? { type: 'SessionBegan', data: command.session }
        : { type: 'ConnectorFactRecorded', data: { fact: command.fact } };
    // The event that is being stored joins what is carried at the next one.
    return state.sinceCarried < CARRY_FORWARD_AFTER_EVENTS ? accept(event) : accept<ConnectorEvent>(carriedForward(state), event);
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
  const begun = state.sessions.findLastIndex((session) => Date.parse(session.startedAt) <= atMs);
  const [running, next] = [state.sessions[begun], state.sessions[begun + 1]];
  const nextIsNear = next !== undefined && Date.parse(next.startedAt) - atMs <= BEFORE_START_MS;
  return [...(running ? [running] : []), ...(nextIsNear ? [next] : [])];
}

/** What has been recorded here and belongs to this session. */
export function factsOf(state: ConnectorState, sessionId: string): ConnectorFact[] {
  return state.facts.filter((fact) => sessionsOf(state, fact).some((session) => session.sessionId === sessionId));
}

/**
 * Neighbours of a session of which the later one began with a lower register: its meter was reset in between, or its baseline is lost
 * (TX-22, TX-45).
 */
export function fallsAround(state: ConnectorState, sessionId: string): { earlier: SessionHere; later: SessionHere; wh: string }[] {
  const index = indexOf(state, sessionId);
  return [index, index + 1].flatMap((at) => {
    const [earlier, later] = [state.sessions[at - 1], state.sessions[at]];
    if (earlier?.meterStartWh === undefined || later?.meterStartWh === undefined) return [];
    return Number(later.meterStartWh) < Number(earlier.meterStartWh) ? [{ earlier, later, wh: earlier.meterStartWh }] : [];
  });
}

/** The session before one that was overtaken by the session after it. */
export function overtakenBetween(state: ConnectorState, sessionId: string): SessionHere | undefined {
  const index = indexOf(state, sessionId);
  return index < state.sessions.length - 1 ? state.sessions[index - 1] : undefined;
}

/** The next session that began at the connector. */
export function followerOf(state: ConnectorState, sessionId: string): SessionHere | undefined {
  const here = state.sessions[indexOf(state, sessionId)];
  return here && state.sessions.find(({ startedAt }) => startedAt > here.startedAt);
}

/** Asked for the newest sessions, so the search begins at the end. */
function indexOf({ sessions }: ConnectorState, sessionId: string): number {
  return sessions.findLastIndex((session) => session.sessionId === sessionId);
}

function carriedForward({ sessions, facts }: ConnectorState): ConnectorEvent {
  const carried = facts
    .slice(-FACTS_CARRIED)
    .map((fact) => ((fact.frame?.length ?? 0) > FRAME_CARRIED ? { ...fact, frame: undefined } : fact));
  return { type: 'ConnectorCarriedForward', data: { sessions: sessions.slice(-SESSIONS_CARRIED), facts: carried } };
}

function addSession(state: ConnectorState, session: SessionHere): void {
  state.seen.add(session.sessionId);
  // Nearly always the newest of all.
  const before = state.sessions.findLastIndex(({ startedAt }) => startedAt <= session.startedAt);
  state.sessions.splice(before + 1, 0, session);
}

function addFact(state: ConnectorState, fact: ConnectorFact): void {
  state.seen.add(fact.factId);
  state.facts.push(fact);
}

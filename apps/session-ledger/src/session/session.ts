// The decider of a charging session. What a station reports is never refused, only recorded; the bill is a function of the set of recorded
// facts, not of the order in which they came. `record` takes a fact, `agree` the terms, and `settle` draws the conclusions that the set
// allows by then: started, progressed, completed, amended.
// Next: apps/session-ledger/src/session/charging-periods.ts
import type { ChargingTerms, ChargingTermsRequest, SessionSnapshot } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { measureSession } from './charging-periods';
import type { SessionEvent, SessionFact } from './session-events';
import { SessionFacts } from './session-facts';

export interface SessionState {
  opened?: Extract<SessionEvent, { type: 'SessionOpened' }>['data'];
  facts: SessionFacts;
  terms?: ChargingTerms;
  /** What was said last about the session. */
  said?: SessionSnapshot;
  completed: boolean;
  /** Whether facts came since `settle` last looked. */
  unsettled: boolean;
  lastFactId?: string;
  revision: number;
}

export type SessionCommand =
  | { kind: 'record'; opened: NonNullable<SessionState['opened']>; fact: SessionFact }
  | { kind: 'agree'; terms: ChargingTerms }
  | { kind: 'settle' };

/** Station time between two `SessionProgressed`: a partner shows them to its driver, the operator reads them in a list. */
const PROGRESS_EVERY_MS = { roaming: 5 * 60_000, own: 15 * 60_000 };

export const session: Decider<SessionState, SessionCommand, SessionEvent> = {
  initial: () => ({ facts: new SessionFacts(), completed: false, unsettled: false, revision: -1 }),
  evolve,
  decide: (state, command) => {
    switch (command.kind) {
      case 'record':
        return accept(...record(state, command));
      case 'agree':
        return accept(...agree(state, command.terms));
      case 'settle':
        return accept(...settle(state));
    }
  },
};

/** What the registry must be asked, once enough is known; undefined while something is missing and once the terms are agreed. */
export function termsToAsk({ opened, facts, terms }: SessionState): ChargingTermsRequest | undefined {
  const at = facts.startedAt;
  if (opened === undefined || at === undefined || (terms !== undefined && !lackPayer(terms, facts))) return undefined;
  // A 2.x transaction may start before the driver and the cable are known (OCPP 2.0.1 E01); its end is the last chance to learn them.
  if ((facts.token === undefined || facts.evse === undefined) && facts.end === undefined) return undefined;
  const { evse, token } = facts;
  return { party: opened.party, stationId: opened.stationId, at, ...evsePart(evse), ...(token ? { token } : {}) };
}

function evolve(state: SessionState, event: SessionEvent, revision: number): SessionState {
  state.revision = revision;
  switch (event.type) {
    case 'SessionOpened':
      state.opened = event.data;
      return state;
    case 'FactRecorded':
      state.facts.add(event.data.fact);
      state.lastFactId = event.data.fact.factId;
      state.unsettled = true;
      return state;
    case 'SessionStarted':
      state.terms = event.data.session.terms;
      state.said = event.data.session;
      return state;
    case 'SessionProgressed':
      state.said = event.data.session;
      return state;
    case 'SessionCompleted':
    case 'SessionAmended':
      state.terms = event.data.session.terms;
      state.said = event.data.session;
      state.completed = true;
      state.unsettled = false;
      return state;
  }
}

function record(state: SessionState, { opened, fact }: Extract<SessionCommand, { kind: 'record' }>): SessionEvent[] {
  if (state.facts.has(fact.factId)) return [];
  const recorded: SessionEvent = { type: 'FactRecorded', data: { fact } };
  return state.opened === undefined ? [{ type: 'SessionOpened', data: opened }, recorded] : [recorded];
}

function agree(state: SessionState, terms: ChargingTerms): SessionEvent[] {
  // Two pods may ask at once: the first agreed terms stay.
  if (state.terms !== undefined && !lackPayer(state.terms, state.facts)) return [];
  const snapshot = snapshotOf(state, terms);
  if (!snapshot) return [];
  return [{ type: state.completed ? 'SessionAmended' : 'SessionStarted', data: { session: snapshot } }];
}

/**
 * An end that overtook the fact with the token had the session agreed with nobody to pay. Once the token is known the terms are agreed once
 * more, or the session would never be billed. Terms with a payer stay as they are.
 */
function lackPayer(terms: ChargingTerms, { token }: SessionFacts): boolean {
  return terms.payer === undefined && token !== undefined && terms.token?.uid !== token.uid;
}

function settle(state: SessionState): SessionEvent[] {
  const { terms, said, facts } = state;
  if (terms === undefined || said === undefined || !state.unsettled) return [];
  if (facts.end === undefined) return progress(state, terms, said);
  const snapshot = snapshotOf(state, terms);
  if (!snapshot) return [];
  if (!state.completed) return [{ type: 'SessionCompleted', data: { session: snapshot } }];
  if (sameBill(snapshot, said)) return [];
  return [{ type: 'SessionAmended', data: { session: snapshot, ...(state.lastFactId ? { causedByFact: state.lastFactId } : {}) } }];
}

function progress(state: SessionState, terms: ChargingTerms, said: SessionSnapshot): SessionEvent[] {
  const newest = state.facts.newestAt;
  const everyMs = terms.payer !== undefined && terms.payer.party !== said.party ? PROGRESS_EVERY_MS.roaming : PROGRESS_EVERY_MS.own;
  if (newest === undefined || Date.parse(newest) - Date.parse(said.updatedAt) < everyMs) return [];
  const snapshot = snapshotOf(state, terms);
  return snapshot ? [{ type: 'SessionProgressed', data: { session: snapshot } }] : [];
}

/** The whole session as the recorded facts show it, for the event that comes next in its stream. */
export function snapshotOf(state: SessionState, terms: ChargingTerms): SessionSnapshot | undefined {
  const { opened, facts } = state;
  const startedAt = facts.startedAt;
  if (opened === undefined || startedAt === undefined) return undefined;
  const { end } = facts;
  const knownUntil = end?.at ?? facts.newestAt ?? startedAt;
  const measured = measureSession(facts, terms, startedAt, knownUntil);
  return {
    sessionId: opened.sessionId,
    party: opened.party,
    revision: state.revision + 1,
    status: end ? 'completed' : 'active',
    stationId: opened.stationId,
    transactionId: opened.transactionId,
    ocppVersion: opened.ocppVersion,
    ...evsePart(facts.evse),
    startedAt,
    ...(end ? { endedAt: laterOf(end.at, startedAt), stopReason: end.stopReason ?? 'Local' } : {}),
    ...(measured.meterStartWh === undefined ? {} : { meterStartWh: measured.meterStartWh }),
    ...(measured.meterStopWh === undefined ? {} : { meterStopWh: measured.meterStopWh }),
    energyWh: measured.energyWh,
    periods: measured.periods,
    terms,
    flags: [...measured.flags, ...(facts.start ? [] : ['startNeverReported'])],
    updatedAt: knownUntil,
  };
}

/** Whether two snapshots ask the same money for the same reasons; the revision and the moment of saying do not matter. */
function sameBill(a: SessionSnapshot, b: SessionSnapshot): boolean {
  const bill = ({ startedAt, endedAt, energyWh, periods, stopReason }: SessionSnapshot) =>
    JSON.stringify([
      startedAt,
      endedAt,
      energyWh,
      stopReason,
      periods.map(({ startedAt: at, kind, energyWh: wh, minPowerW, maxPowerW }) => [at, kind, wh, minPowerW, maxPowerW]),
    ]);
  return bill(a) === bill(b);
}

function evsePart(evse: { evseId: number; connectorId?: number } | undefined) {
  return evse === undefined ? {} : { evseId: evse.evseId, ...(evse.connectorId === undefined ? {} : { connectorId: evse.connectorId }) };
}

/** A stop that is stamped before its start ends the session where it began (OCPP clocks jump). */
function laterOf(a: string, b: string): string {
  return [a, b].sort()[1] ?? a;
}

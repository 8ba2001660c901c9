// The decider of a charging session. What a station reports is never refused, only recorded; the bill is a function of the set of recorded
// facts, not of the order in which they came. `record` takes a fact, `agree` the terms, and `settle` draws the conclusions that the set
// allows by then: started, progressed, completed, amended, or held for a person to look at.
// Next: apps/session-ledger/src/session/charging-periods.ts
import type {
  Anomaly,
  AttentionCode,
  ChargingTerms,
  ChosenReadings,
  SessionCost,
  SessionSnapshot,
  SignedReadingCheck,
  Tariff,
} from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { attentionOf, closureDue, recoveredFrom } from './attention';
import { deny, release, rerate } from './operator-word';
import { isWaitingStray } from './orphan';
import { type CostPolicy, showCost } from './session-cost';
import type { Closure, LimitReached, MatchRule, SessionEvent, SessionFact, TransactionStatus } from './session-events';
import { SessionFacts } from './session-facts';
import { limit } from './session-limits';
import type { SessionPolicy } from './session-policy';
import { checkSigned } from './signed-readings';
import { billing, endOf, sameBill, snapshotOf } from './snapshot';
import { lackPayer } from './terms-to-ask';
import { Timebase } from './timebase';
import { aboutTransaction, closureByStation, isGapPermanent } from './transaction-status';

export interface SessionState {
  opened?: Extract<SessionEvent, { type: 'SessionOpened' }>['data'];
  facts: SessionFacts;
  terms?: ChargingTerms;
  /** What was said last about the session. */
  said?: SessionSnapshot;
  /** What billing was told last; undefined before the first bill. */
  billed?: SessionSnapshot;
  /** Held: the codes that a person must look at. */
  quarantined?: readonly Anomaly[];
  released?: Extract<SessionEvent, { type: 'SessionReleased' }>['data'];
  denied: boolean;
  awaited?: { settleAt: string; forGaps: boolean };
  closure?: Closure;
  earlierWh?: string;
  /** What the driver was shown, by the fact that it answered. */
  shown: Map<string, SessionCost>;
  signedChecks: SignedReadingCheck[];
  /** The last that the station told. */
  meterKey?: string;
  /** Why the station was asked to stop. */
  limitReached?: LimitReached;
  /** What the station said last when it was asked about the transaction. */
  told?: TransactionStatus;
  stalled: ReadonlySet<AttentionCode>;
  strayed: boolean;
  mergedInto?: string;
  /** Whether facts came since `settle` last looked. */
  unsettled: boolean;
  lastFactId?: string;
  /** How many facts there were at the last progress: the next one waits until there are some more. */
  factsAtProgress: number;
  revision: number;
}

export type SessionCommand =
  | { kind: 'record'; opened: NonNullable<SessionState['opened']>; fact: SessionFact; matched?: MatchRule }
  | { kind: 'agree'; terms: ChargingTerms }
  /** @param now RFC 3339: the wall clock, for the settle window only. */
  | { kind: 'settle'; now: string; policy: SessionPolicy }
  /** What time alone may have changed: closures and alarms, and then what `settle` does. */
  | { kind: 'watch'; now: string; policy: SessionPolicy }
  | { kind: 'close'; closure: Closure }
  /** The cost is told in answer to that fact. */
  | { kind: 'showCost'; factId: string; pricing: CostPolicy }
  /** Whether the session is about to go further than it may. @param by RFC 3339: it would be too late to be stopped then. */
  | { kind: 'limit'; by: string; pricing: CostPolicy }
  | { kind: 'tell'; status: TransactionStatus }
  | { kind: 'knowEarlierReading'; wh: string; sessionId: string }
  | { kind: 'stray'; text: string }
  | { kind: 'merge'; into: string; rule: MatchRule }
  | { kind: 'release'; reason: string; readings?: ChosenReadings }
  | { kind: 'deny'; reason: string }
  | { kind: 'rerate'; tariff: Tariff; reason: string };

/** Why an operator's command is refused. */
export type SessionRejection =
  | { code: 'nothing-to-release'; text: string }
  | { code: 'nothing-to-deny'; text: string }
  | { code: 'nothing-to-rerate'; text: string }
  | { code: 'readings-impossible'; text: string };

/** Station time between two `SessionProgressed`: a partner shows them to its driver, the operator reads them in a list. */
const PROGRESS_EVERY_MS = { roaming: 5 * 60_000, own: 15 * 60_000 };
/** And the facts must have grown by a sixteenth, so that a fact costs the same however long the session is. */
const PROGRESS_GROWTH = 16;

export const session: Decider<SessionState, SessionCommand, SessionEvent, SessionRejection> = {
  initial: () => ({
    facts: new SessionFacts(),
    denied: false,
    shown: new Map(),
    signedChecks: [],
    stalled: new Set(),
    strayed: false,
    unsettled: false,
    factsAtProgress: 0,
    revision: -1,
  }),
  evolve,
  decide: (state, command) => {
    switch (command.kind) {
      case 'record':
        return accept(...record(state, command));
      case 'agree':
        return accept(...agree(state, command.terms));
      case 'settle':
        return accept(...settle(state, command));
      case 'watch':
        return accept(...watch(state, command));
      case 'close':
        return accept(...close(state, command.closure));
      case 'showCost':
        return accept(...showCost(state, command));
      case 'limit':
        return accept(...limit(state, command));
      case 'tell':
        return accept(...tell(state, command.status));
      case 'knowEarlierReading':
        return accept(...knowEarlierReading(state, command));
      case 'stray':
        return accept(...(isWaitingStray(state) ? [{ type: 'SessionStrayed', data: { text: command.text } } as const] : []));
      case 'merge':
        return accept(...merge(state, command));
      case 'release':
        return release(state, command);
      case 'deny':
        return deny(state, command.reason);
      case 'rerate':
        return rerate(state, command);
    }
  },
};

/** Whether little more will happen, so that the state need not stay in memory. */
export function isFinished({ billed, denied, mergedInto, awaited }: SessionState): boolean {
  return (billed !== undefined || denied || mergedInto !== undefined) && awaited === undefined;
}

function evolve(state: SessionState, event: SessionEvent, revision: number): SessionState {
  state.revision = revision;
  switch (event.type) {
    case 'SessionOpened':
      state.opened = event.data;
      return state;
    case 'FactRecorded':
      state.facts.add(event.data.fact, event.data.matched);
      state.lastFactId = event.data.fact.factId;
      state.unsettled = true;
      return state;
    case 'SignedReadingsChecked':
      state.signedChecks.push(...event.data.checks);
      if (event.data.meterKey !== undefined) state.meterKey = event.data.meterKey;
      return state;
    case 'SessionStarted':
      state.terms = event.data.session.terms;
      state.said = event.data.session;
      return state;
    case 'SessionProgressed':
      state.said = event.data.session;
      state.factsAtProgress = state.facts.size;
      return state;
    case 'SettlementAwaited':
      state.awaited = event.data;
      return state;
    case 'SettlementKept':
      return settled(state);
    case 'SessionCompleted':
    case 'SessionAmended':
      state.terms = event.data.session.terms;
      state.said = event.data.session;
      state.billed = event.data.session;
      delete state.quarantined;
      return settled(state);
    case 'SessionQuarantined':
      state.said = event.data.session;
      state.quarantined = event.data.anomalies;
      return settled(state);
    case 'SessionReleased':
      state.released = event.data;
      state.denied = false;
      return state;
    case 'SessionRerated':
      // The amendment that follows it holds the tariff.
      return state;
    case 'SessionDenied':
      state.denied = true;
      state.said = event.data.session;
      delete state.quarantined;
      return settled(state);
    case 'SessionClosed':
      state.closure = event.data;
      state.unsettled = true;
      return state;
    case 'CostShown': {
      const { factId, ...cost } = event.data;
      state.shown.set(factId, cost);
      return state;
    }
    case 'LimitReached':
      state.limitReached = event.data;
      return state;
    case 'TransactionStatusTold':
      state.told = event.data;
      return state;
    case 'SessionStalled':
      state.stalled = new Set([...state.stalled, event.data.why]);
      return state;
    case 'SessionRecovered':
      state.stalled = new Set([...state.stalled].filter((why) => why !== event.data.why));
      return state;
    case 'EarlierReadingKnown':
      state.earlierWh = event.data.wh;
      state.unsettled = true;
      return state;
    case 'SessionStrayed':
      state.strayed = true;
      state.unsettled = true;
      return state;
    case 'SessionReclaimed':
      state.strayed = false;
      state.unsettled = true;
      return state;
    case 'SessionMerged':
      state.mergedInto = event.data.into;
      return settled(state);
  }
}

function settled(state: SessionState): SessionState {
  state.unsettled = false;
  delete state.awaited;
  return state;
}

function record(state: SessionState, { opened, fact, matched }: Extract<SessionCommand, { kind: 'record' }>): SessionEvent[] {
  if (state.facts.has(fact.factId)) return [];
  const recorded: SessionEvent[] = [{ type: 'FactRecorded', data: { fact, ...(matched ? { matched } : {}) } }, ...checkSigned(state, fact)];
  if (state.opened === undefined) return [{ type: 'SessionOpened', data: opened }, ...recorded];
  const isStart = fact.kind === 'transaction-reported' && fact.phase === 'started' && matched === undefined;
  return isStart && state.strayed && state.terms === undefined ? [...recorded, { type: 'SessionReclaimed', data: {} }] : recorded;
}

function agree(state: SessionState, terms: ChargingTerms): SessionEvent[] {
  // Two pods may ask at once: the first agreed terms stay.
  if (state.terms !== undefined && !lackPayer(state.terms, state.facts)) return [];
  const snapshot = snapshotOf(state, terms);
  if (!snapshot) return [];
  return [{ type: state.billed ? 'SessionAmended' : 'SessionStarted', data: { session: snapshot } }];
}

function settle(state: SessionState, { now, policy }: Extract<SessionCommand, { kind: 'settle' | 'watch' }>): SessionEvent[] {
  const { terms, said, facts, awaited } = state;
  if (terms === undefined || said === undefined || !state.unsettled || state.denied || state.mergedInto !== undefined) return [];
  if (facts.end === undefined && state.closure === undefined) return progress(state, terms, said, now, policy);
  if (awaited === undefined) {
    const forGaps = facts.gaps > 0 && !isGapPermanent(state);
    const seconds = forGaps ? Math.max(policy.gapSettleSeconds, policy.settleSeconds) : policy.settleSeconds;
    if (seconds > 0) return [awaitSettlement(state, now, seconds, forGaps)];
  } else if (now < awaited.settleAt) {
    const isComplete = awaited.forGaps && (facts.gaps === 0 || isGapPermanent(state));
    return isComplete ? [awaitSettlement(state, now, policy.settleSeconds, false)] : [];
  }
  return conclude(state, terms, policy);
}

function awaitSettlement(state: SessionState, now: string, seconds: number, forGaps: boolean): SessionEvent {
  const settleAt = new Date(Date.parse(now) + seconds * 1000).toISOString();
  const endedAt = new Date(endOf(state, Timebase.of(state.facts))?.ms ?? Date.parse(now)).toISOString();
  return { type: 'SettlementAwaited', data: { settleAt, endedAt, forGaps } };
}

function conclude(state: SessionState, terms: ChargingTerms, policy: SessionPolicy): SessionEvent[] {
  const snapshot = snapshotOf(state, terms);
  if (!snapshot) return [];
  const held = heldFor(snapshot, state, policy);
  const kept: SessionEvent[] = state.awaited ? [{ type: 'SettlementKept', data: {} }] : [];
  if (held.length > 0) {
    const isKnown = state.quarantined !== undefined && state.said !== undefined && sameBill(snapshot, state.said);
    return isKnown ? kept : [{ type: 'SessionQuarantined', data: { session: snapshot, anomalies: held } }];
  }
  const billed = billing(state, snapshot);
  return billed ? [billed] : kept;
}

/** The doubts that the party's policy holds a bill for, less those that a person has looked at for this very energy. */
function heldFor(snapshot: SessionSnapshot, { released }: SessionState, policy: SessionPolicy): Anomaly[] {
  const seen = released?.energyWh === snapshot.energyWh ? released.codes : [];
  return (snapshot.anomalies ?? []).filter(({ code }) => policy.hold.includes(code) && !seen.includes(code));
}

function progress(state: SessionState, terms: ChargingTerms, said: SessionSnapshot, now: string, policy: SessionPolicy): SessionEvent[] {
  const recovered = recoveredFrom(state, now, policy).map((why): SessionEvent => ({ type: 'SessionRecovered', data: { why } }));
  const newest = state.facts.newestAt;
  const everyMs = terms.payer !== undefined && terms.payer.party !== said.party ? PROGRESS_EVERY_MS.roaming : PROGRESS_EVERY_MS.own;
  if (newest === undefined || Date.parse(newest) - Date.parse(said.updatedAt) < everyMs) return recovered;
  if (state.facts.size * PROGRESS_GROWTH < state.factsAtProgress * (PROGRESS_GROWTH + 1)) return recovered;
  const snapshot = snapshotOf({ ...state, revision: state.revision + recovered.length }, terms);
  return snapshot ? [...recovered, { type: 'SessionProgressed', data: { session: snapshot } }] : recovered;
}

function watch(state: SessionState, command: Extract<SessionCommand, { kind: 'watch' }>): SessionEvent[] {
  const { now, policy } = command;
  const closure = closureDue(state, now, policy);
  if (closure) {
    const closed = close(state, closure);
    let after: SessionState = { ...state };
    for (const event of closed) after = evolve(after, event, after.revision + 1);
    return [...closed, ...settle(after, { kind: 'settle', now, policy })];
  }
  const present = attentionOf(state, now, policy);
  const stalled = present
    .filter(({ why }) => !state.stalled.has(why))
    .map(({ why, since }): SessionEvent => ({ type: 'SessionStalled', data: { why, since } }));
  const settlement = settle({ ...state, revision: state.revision + stalled.length }, command);
  return [...stalled, ...settlement];
}

function close(state: SessionState, closure: Closure): SessionEvent[] {
  const { facts } = state;
  if (facts.end !== undefined || state.mergedInto !== undefined || facts.earliestAt === undefined) return [];
  // A start that was overtaken by the one after it closes the session sooner, and with another register.
  const isSooner = closure.why === 'superseded' && state.closure?.why === 'superseded' && closure.notAfter < state.closure.notAfter;
  if (state.closure !== undefined && !isSooner) return [];
  const end = endOf({ ...state, closure }, Timebase.of(facts));
  const endedAt = new Date(end?.ms ?? Date.parse(closure.notAfter)).toISOString();
  const last =
    closure.closingReading?.wh ?? facts.of('register').reduce<string | undefined>((_, { value }) => value, facts.start?.meterStartWh);
  return [{ type: 'SessionClosed', data: { ...closure, endedAt, ...(last === undefined ? {} : { lastReadingWh: last }) } }];
}

function tell(state: SessionState, status: TransactionStatus): SessionEvent[] {
  if (aboutTransaction(state) !== status.about) return [];
  const told: SessionEvent = { type: 'TransactionStatusTold', data: status };
  const closure = closureByStation(state, status);
  return closure ? [told, ...close(state, closure)] : [told];
}

function knowEarlierReading(
  state: SessionState,
  { wh, sessionId }: Extract<SessionCommand, { kind: 'knowEarlierReading' }>,
): SessionEvent[] {
  return state.earlierWh === wh ? [] : [{ type: 'EarlierReadingKnown', data: { wh, sessionId } }];
}

function merge(state: SessionState, { into, rule }: Extract<SessionCommand, { kind: 'merge' }>): SessionEvent[] {
  return state.mergedInto === undefined && state.billed === undefined ? [{ type: 'SessionMerged', data: { into, rule } }] : [];
}

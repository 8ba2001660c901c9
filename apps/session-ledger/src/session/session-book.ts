// Where facts meet the streams: records each fact in its session's stream and draws the conclusions. Facts of one session that wait leave
// in one append, and the promise resolves when they are durable; only then may the message that brought them be acknowledged.
// Next: apps/session-ledger/src/session/session.ts
import { idOf, type PartyKey, type SessionCost, type StationFact, type StationFactOf, sessionIdOf } from '@evenkeel/contracts';
import { type EventStore, type Handled, type Sealer, StreamHandler } from '@evenkeel/event-store';
import {
  type ConnectorFact,
  connector,
  connectorCodec,
  connectorStream,
  factsOf,
  fallsAround,
  followerOf,
  overtakenBetween,
  type SessionHere,
  sessionsOf,
} from '../connector/connector';
import { nextLook } from './attention';
import { isWaitingStray } from './orphan';
import { isFinished, type SessionCommand, type SessionRejection, type SessionState, session } from './session';
import { type CostPolicy, type CurrentCost, costOf } from './session-cost';
import {
  type Closure,
  type LimitReached,
  type MatchRule,
  type SessionEvent,
  type SessionFact,
  sessionCodec,
  sessionStream,
  type TransactionStatus,
} from './session-events';
import { isTotalRegister } from './session-facts';
import { isLimited } from './session-limits';
import type { SessionPolicy } from './session-policy';
import { termsToAsk } from './terms-to-ask';
import { statusToAsk } from './transaction-status';

type TransactionFact = StationFactOf<'transaction-reported'>;
type Opened = NonNullable<SessionState['opened']>;

export interface BookOptions {
  store: EventStore;
  policyOf: (party: PartyKey) => SessionPolicy;
  /** Live sessions kept folded in memory. */
  cachedSessions: number;
  /** Ids of the sessions that run at a station: a boot says something about each of them. */
  runningAt: (party: PartyKey, stationId: string) => Promise<string[]>;
  /** As billing has it: a session without energy costs nothing. */
  freeWithoutEnergy: boolean;
  /** RFC 3339 UTC. */
  now: () => string;
  /** Vouches for what is written; absent where nobody verifies it. */
  sealer?: Pick<Sealer, 'append'>;
}

/** What must follow once the facts are durable. */
export interface Recorded {
  /** Sessions that are ready to have their terms agreed. */
  readyForTerms: Set<string>;
  /** Sessions that wait, for stragglers or for the session that they belong to, and until when. */
  settling: Map<string, string>;
  /** Sessions about which their station should be asked. */
  unclear: Set<string>;
}

/** `isKnown`: the fact and the terms are here, so that a missing cost stays missing. */
export interface CostAtFact {
  readonly isKnown: boolean;
  readonly cost?: SessionCost;
}

export function nothingRecorded(): Recorded {
  return { readyForTerms: new Set(), settling: new Map(), unclear: new Set() };
}

export class SessionBook {
  private readonly sessions: StreamHandler<SessionState, SessionCommand, SessionEvent, SessionRejection>;
  private readonly connectors;
  /**
   * What is being recorded about each station's connectors: states, and sessions that begin there. A transaction fact that came later waits
   * for it, so that a stop is not settled without the charging state that was reported just before it.
   */
  private readonly connectorWork = new Map<string, Promise<unknown>>();

  constructor(private readonly options: BookOptions) {
    const { store, cachedSessions, sealer } = options;
    const chaining = sealer ? { sealer } : {};
    this.sessions = new StreamHandler({
      store,
      decider: session,
      codec: sessionCodec,
      ...chaining,
      likelyFirst: (command) => command.kind === 'record' && isStart(command.fact),
      finished: isFinished,
      cachedStates: cachedSessions,
    });
    this.connectors = new StreamHandler({
      store,
      decider: connector,
      likelyFirst: () => true,
      codec: connectorCodec,
      carriedForwardBy: 'ConnectorCarriedForward',
      ...chaining,
      cachedStates: cachedSessions,
    });
  }

  async record(facts: readonly StationFact[]): Promise<Recorded> {
    const recorded = nothingRecorded();
    await Promise.all(facts.map((fact) => this.recordFact(fact, recorded)));
    return recorded;
  }

  /** The state as stored; do not change it. */
  async stateOf(sessionId: string): Promise<SessionState> {
    return (await this.sessions.load(sessionStream(sessionId))).state;
  }

  async agree(sessionId: string, terms: Extract<SessionCommand, { kind: 'agree' }>['terms']): Promise<Recorded> {
    const recorded = nothingRecorded();
    const { opened } = await this.stateOf(sessionId);
    if (opened === undefined) return recorded;
    // Two pods may have asked at once and been told different things: their events must not have one id.
    const cause = idOf('terms', sessionId, JSON.stringify(terms));
    const agreed = this.sessions.handle(sessionStream(sessionId), { kind: 'agree', terms }, { cause });
    const [, { state }] = await Promise.all([agreed, this.settle(sessionId, opened.party, cause)]);
    this.note(sessionId, state, recorded);
    return recorded;
  }

  /**
   * What the answer to a fact says that the session costs.
   * @param anew another process may have recorded what is missing here.
   */
  async costAt(sessionId: string, factId: string, anew: boolean): Promise<CostAtFact> {
    const stream = sessionStream(sessionId);
    if (anew) await this.sessions.loadNewest(stream);
    const before = await this.stateOf(sessionId);
    const isKnown = before.facts.has(factId) && before.terms !== undefined;
    if (!isKnown || before.opened === undefined) return { isKnown: false };
    const pricing = this.pricingOf(before.opened.party);
    const command = { kind: 'showCost', factId, pricing } as const;
    const { state } = await this.sessions.handle(stream, command, { cause: idOf('cost', sessionId, factId) });
    const cost = state.shown.get(factId);
    return { isKnown: true, ...(cost ? { cost } : {}) };
  }

  /** What the session costs by now, without telling anybody. */
  async currentCost(sessionId: string): Promise<CurrentCost | undefined> {
    const state = await this.stateOf(sessionId);
    return state.opened && costOf(state, this.pricingOf(state.opened.party));
  }

  private pricingOf(party: PartyKey): CostPolicy {
    return { hold: this.options.policyOf(party).hold, freeWithoutEnergy: this.options.freeWithoutEnergy };
  }

  /** @returns why the session is to be stopped, if it is: about to go further by then than it may. */
  async limitBy(sessionId: string, by: string): Promise<{ readonly isOpen: boolean; readonly reached?: LimitReached }> {
    const before = await this.stateOf(sessionId);
    if (before.opened === undefined || before.terms === undefined) return { isOpen: before.facts.end === undefined };
    if (!isLimited(before)) return { isOpen: false };
    const command = { kind: 'limit', by, pricing: this.pricingOf(before.opened.party) } as const;
    const { state } = await this.sessions.handle(sessionStream(sessionId), command, { cause: idOf('limit', sessionId) });
    return { isOpen: true, ...(state.limitReached ? { reached: state.limitReached } : {}) };
  }

  /** Takes what the station said about the transaction; it may settle or end the session. */
  async tell(sessionId: string, status: TransactionStatus): Promise<Recorded> {
    const recorded = nothingRecorded();
    const { opened } = await this.stateOf(sessionId);
    if (opened === undefined) return recorded;
    const cause = idOf('transaction-status', sessionId, JSON.stringify(status));
    const told = this.sessions.handle(sessionStream(sessionId), { kind: 'tell', status }, { cause });
    const [, { state }] = await Promise.all([told, this.settle(sessionId, opened.party, cause)]);
    this.note(sessionId, state, recorded);
    return recorded;
  }

  /** Looks what time alone has changed, and settles what is due. */
  async watch(sessionId: string): Promise<SessionState> {
    const { opened } = await this.stateOf(sessionId);
    if (opened === undefined) return session.initial();
    const now = this.options.now();
    const command = { kind: 'watch', now, policy: this.options.policyOf(opened.party) } as const;
    return (await this.sessions.handle(sessionStream(sessionId), command, { cause: idOf('watch', sessionId, now) })).state;
  }

  /**
   * How a session ends at whose connector another one has begun (TX-18). The connector knows every start there; the list of sessions lacks
   * those whose terms are not agreed yet, and a later start would end the session with the energy of all in between.
   * @param listed the first later session that the list knows.
   */
  async supersession(sessionId: string, listed: string): Promise<Closure | undefined> {
    const { opened, facts } = await this.stateOf(sessionId);
    if (opened === undefined || facts.evse === undefined) return undefined;
    const { state } = await this.connectors.load(connectorStream(opened.party, opened.stationId, facts.evse.evseId));
    const follower = followerOf(state, sessionId)?.sessionId ?? listed;
    const { start } = (await this.stateOf(follower)).facts;
    return start && supersededBy(start);
  }

  /** Takes a decision about a session to its stream. */
  decide(
    sessionId: string,
    command: Extract<SessionCommand, { kind: 'close' | 'stray' | 'merge' | 'release' | 'deny' | 'rerate' }>,
    context: { cause: string; operator?: string },
  ): Promise<Handled<SessionState, SessionEvent, SessionRejection>> {
    return this.sessions.handle(sessionStream(sessionId), command, context);
  }

  /** Records a fact in the session that it was found to belong to. */
  async recordMatched(sessionId: string, fact: SessionFact, matched: MatchRule): Promise<Recorded> {
    const recorded = nothingRecorded();
    const { opened } = await this.stateOf(sessionId);
    if (opened) await this.recordInSession(opened, fact, recorded, matched);
    return recorded;
  }

  private async recordFact(fact: StationFact, recorded: Recorded): Promise<void> {
    if (isStart(fact)) {
      await this.afterEarlierWork(stationOf(fact), () => this.recordStart(fact, recorded));
    } else if (fact.kind === 'transaction-reported') {
      await this.connectorWork.get(stationOf(fact))?.catch(() => undefined);
      const state = await this.recordInSession(openedBy(fact), fact, recorded);
      // Readings that name a transaction which nobody started here belong to whatever runs at their connector (TX-27).
      const isForeign = fact.ocppVersion === '1.6' && fact.phase === 'updated' && state.facts.start === undefined;
      if (isForeign) await this.afterEarlierWork(stationOf(fact), () => this.recordAtConnector(fact, fact.evseId ?? 0, recorded));
    } else if (fact.kind === 'connector-status-reported' || fact.kind === 'meter-values-reported') {
      await this.afterEarlierWork(stationOf(fact), () => this.recordAtConnector(fact, fact.evseId, recorded));
    } else if (fact.kind === 'station-booted') {
      const running = await this.options.runningAt(fact.party as PartyKey, fact.stationId);
      await Promise.all(running.map((sessionId) => this.recordInKnownSession(sessionId, fact, recorded)));
    }
  }

  private async afterEarlierWork(station: string, record: () => Promise<void>): Promise<void> {
    const earlier = this.connectorWork.get(station) ?? Promise.resolve();
    // The failure of an earlier fact is its own message's; it must not fail this one.
    const work = earlier.then(record, record);
    this.connectorWork.set(station, work);
    try {
      await work;
    } finally {
      if (this.connectorWork.get(station) === work) this.connectorWork.delete(station);
    }
  }

  private async recordStart(fact: TransactionFact, recorded: Recorded): Promise<void> {
    const opened = openedBy(fact);
    await this.recordInSession(opened, fact, recorded);
    if (fact.evseId === undefined) return;
    const meterStartWh = registerAtStart(fact);
    const here: SessionHere = { ...opened, startedAt: fact.at, ...(meterStartWh === undefined ? {} : { meterStartWh }) };
    const stream = connectorStream(fact.party, fact.stationId, fact.evseId);
    const { state } = await this.connectors.handle(stream, { kind: 'begin', session: here }, { cause: fact.factId });
    // What was said about the connector before this session was known.
    const earlier = factsOf(state, opened.sessionId);
    await Promise.all(earlier.map((earlierFact) => this.recordAttached(here, earlierFact, recorded)));
    const superseded = overtakenBetween(state, opened.sessionId);
    if (superseded) await this.inSession(superseded, { kind: 'close', closure: supersededBy(fact) }, fact.factId, recorded);
    for (const { earlier: before, later, wh } of fallsAround(state, opened.sessionId)) {
      const command = { kind: 'knowEarlierReading', wh, sessionId: before.sessionId } as const;
      await this.inSession(later, command, fact.factId, recorded);
    }
  }

  private async recordAtConnector(fact: ConnectorFact, evseId: number, recorded: Recorded): Promise<void> {
    // Connector 0 is the station itself: its status and its main meter say nothing about a session (OCPP 1.6, 3.5).
    if (evseId === 0) return;
    const stream = connectorStream(fact.party, fact.stationId, evseId);
    const { state } = await this.connectors.handle(stream, { kind: 'record', fact }, { cause: fact.factId });
    await Promise.all(sessionsOf(state, fact).map((here) => this.recordAttached(here, fact, recorded)));
  }

  private async recordAttached(here: SessionHere, fact: ConnectorFact, recorded: Recorded): Promise<void> {
    const { startedAt: _, meterStartWh: __, ...opened } = here;
    const isForeign = fact.kind === 'transaction-reported' && openedBy(fact).sessionId !== opened.sessionId;
    await this.recordInSession(opened, fact, recorded, isForeign ? 'connector' : undefined);
  }

  private async recordInKnownSession(sessionId: string, fact: SessionFact, recorded: Recorded): Promise<void> {
    const { opened } = await this.stateOf(sessionId);
    if (opened) await this.recordInSession(opened, fact, recorded);
  }

  private async recordInSession(opened: Opened, fact: SessionFact, recorded: Recorded, matched?: MatchRule): Promise<SessionState> {
    const command = { kind: 'record', opened, fact, ...(matched ? { matched } : {}) } as const;
    const handled = this.sessions.handle(sessionStream(opened.sessionId), command, { cause: fact.factId });
    const settled = this.settle(opened.sessionId, opened.party, fact.factId);
    const [, { state }] = await Promise.all([handled, settled]);
    this.note(opened.sessionId, state, recorded);
    return state;
  }

  private async inSession(
    { sessionId, party }: SessionHere,
    command: Extract<SessionCommand, { kind: 'close' | 'knowEarlierReading' }>,
    cause: string,
    recorded: Recorded,
  ): Promise<void> {
    const decided = this.sessions.handle(sessionStream(sessionId), command, { cause });
    const [, { state }] = await Promise.all([decided, this.settle(sessionId, party, cause)]);
    this.note(sessionId, state, recorded);
  }

  private settle(sessionId: string, party: PartyKey, cause: string) {
    const command = { kind: 'settle', now: this.options.now(), policy: this.options.policyOf(party) } as const;
    return this.sessions.handle(sessionStream(sessionId), command, { cause });
  }

  private note(sessionId: string, state: SessionState, { readyForTerms, settling, unclear }: Recorded): void {
    if (termsToAsk(state)) readyForTerms.add(sessionId);
    if (statusToAsk(state)) unclear.add(sessionId);
    const next =
      state.opened && (state.awaited || isWaitingStray(state))
        ? nextLook(state, this.options.now(), this.options.policyOf(state.opened.party))
        : undefined;
    if (next !== undefined) settling.set(sessionId, next);
  }
}

function isStart(fact: StationFact): fact is TransactionFact & { phase: 'started' } {
  return fact.kind === 'transaction-reported' && fact.phase === 'started';
}

function stationOf({ party, stationId }: StationFact): string {
  return `${party}/${stationId.toLowerCase()}`;
}

/** A 1.6 stop with the transaction id 0 or -1 names none: it is a session of its own until it is found whose it is (TX-34). */
function openedBy({ party, stationId, transactionId, ocppVersion, factId }: TransactionFact): Opened {
  const namesNone = ocppVersion === '1.6' && Number(transactionId) <= 0;
  const sessionId = namesNone ? idOf('stray', factId) : sessionIdOf(party as PartyKey, stationId, transactionId);
  return { sessionId, party, stationId, transactionId, ocppVersion };
}

/** How the session before ends when its stop never came (TX-18). @param start the next session's. */
function supersededBy(start: TransactionFact): Closure {
  const { at, factId } = start;
  const wh = registerAtStart(start);
  return { why: 'superseded', notAfter: at, evidence: [factId], ...(wh === undefined ? {} : { closingReading: { wh, factId } }) };
}

function registerAtStart({ meterStartWh, samples }: TransactionFact): string | undefined {
  return meterStartWh ?? samples.find(isTotalRegister)?.value;
}

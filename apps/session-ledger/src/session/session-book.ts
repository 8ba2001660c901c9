// Where facts meet the streams: records each fact in its session's stream and draws the conclusions. Facts of one session that wait leave
// in one append, and the promise resolves when they are durable; only then may the message that brought them be acknowledged.
// Next: apps/session-ledger/src/session/session.ts
import { idOf, type PartyKey, type StationFact, type StationFactOf, sessionIdOf } from '@evenkeel/contracts';
import { type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import {
  type ConnectorFact,
  connector,
  connectorCodec,
  connectorStream,
  factsOf,
  type SessionHere,
  sessionsOf,
} from '../connector/connector';
import { type SessionCommand, type SessionState, session, termsToAsk } from './session';
import { type SessionEvent, type SessionFact, sessionCodec, sessionStream } from './session-events';

type TransactionFact = StationFactOf<'transaction-reported'>;
type Opened = NonNullable<SessionState['opened']>;

export class SessionBook {
  private readonly sessions: StreamHandler<SessionState, SessionCommand, SessionEvent>;
  private readonly connectors;
  /**
   * What is being recorded about each station's connectors: states, and sessions that begin there. A transaction fact that came later waits
   * for it, so that a stop is not settled without the charging state that was reported just before it.
   */
  private readonly connectorWork = new Map<string, Promise<unknown>>();

  constructor(store: EventStore, cachedSessions: number, sealer?: Pick<Sealer, 'append'>) {
    const chaining = sealer ? { sealer } : {};
    this.sessions = new StreamHandler({
      store,
      decider: session,
      codec: sessionCodec,
      ...chaining,
      likelyFirst: (command) => command.kind === 'record' && isStart(command.fact),
      finished: (state) => state.completed,
      cachedStates: cachedSessions,
    });
    this.connectors = new StreamHandler({
      store,
      decider: connector,
      codec: connectorCodec,
      ...chaining,
      cachedStates: cachedSessions,
    });
  }

  /** @returns the ids of the sessions that are ready to have their terms agreed. */
  async record(facts: readonly StationFact[]): Promise<Set<string>> {
    const readyForTerms = new Set<string>();
    await Promise.all(
      facts.map(async (fact) => {
        if (isStart(fact)) {
          await this.afterEarlierWork(stationOf(fact), () => this.recordStart(fact, readyForTerms));
        } else if (fact.kind === 'transaction-reported') {
          await this.connectorWork.get(stationOf(fact))?.catch(() => undefined);
          await this.recordInSession(openedBy(fact), fact, readyForTerms);
        } else if (fact.kind === 'connector-status-reported' || fact.kind === 'meter-values-reported') {
          await this.afterEarlierWork(stationOf(fact), () => this.recordAtConnector(fact, readyForTerms));
        }
      }),
    );
    return readyForTerms;
  }

  /** The state as stored; do not change it. */
  async stateOf(sessionId: string): Promise<SessionState> {
    return (await this.sessions.load(sessionStream(sessionId))).state;
  }

  async agree(sessionId: string, terms: Extract<SessionCommand, { kind: 'agree' }>['terms']): Promise<void> {
    const stream = sessionStream(sessionId);
    const agreed = this.sessions.handle(stream, { kind: 'agree', terms }, { cause: idOf('terms', sessionId) });
    const settled = this.sessions.handle(stream, { kind: 'settle' }, { cause: idOf('terms', sessionId) });
    await Promise.all([agreed, settled]);
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

  private async recordStart(fact: TransactionFact, readyForTerms: Set<string>): Promise<void> {
    const opened = openedBy(fact);
    await this.recordInSession(opened, fact, readyForTerms);
    if (fact.evseId === undefined) return;
    const here: SessionHere = { ...opened, startedAt: fact.at };
    const stream = connectorStream(fact.party, fact.stationId, fact.evseId);
    const handled = await this.connectors.handle(stream, { kind: 'begin', session: here }, { cause: fact.factId });
    // What was said about the connector before this session was known.
    const earlier = factsOf(handled.state, opened.sessionId);
    await Promise.all(earlier.map((earlierFact) => this.recordInSession(opened, earlierFact, readyForTerms)));
  }

  private async recordAtConnector(fact: ConnectorFact, readyForTerms: Set<string>): Promise<void> {
    // Connector 0 is the station itself: its status and its main meter say nothing about a session (OCPP 1.6, 3.5).
    if (fact.evseId === 0) return;
    const stream = connectorStream(fact.party, fact.stationId, fact.evseId);
    const handled = await this.connectors.handle(stream, { kind: 'record', fact }, { cause: fact.factId });
    await Promise.all(
      sessionsOf(handled.state, fact).map(({ startedAt: _, ...opened }) => this.recordInSession(opened, fact, readyForTerms)),
    );
  }

  private async recordInSession(opened: Opened, fact: SessionFact, readyForTerms: Set<string>): Promise<void> {
    const stream = sessionStream(opened.sessionId);
    const context = { cause: fact.factId };
    const recorded = this.sessions.handle(stream, { kind: 'record', opened, fact }, context);
    const settled = this.sessions.handle(stream, { kind: 'settle' }, context);
    const [, { state }] = await Promise.all([recorded, settled]);
    if (termsToAsk(state)) readyForTerms.add(opened.sessionId);
  }
}

function isStart(fact: StationFact): fact is TransactionFact & { phase: 'started' } {
  return fact.kind === 'transaction-reported' && fact.phase === 'started';
}

function stationOf({ party, stationId }: StationFact): string {
  return `${party}/${stationId.toLowerCase()}`;
}

function openedBy({ party, stationId, transactionId, ocppVersion }: TransactionFact): Opened {
  return { sessionId: sessionIdOf(party as PartyKey, stationId, transactionId), party, stationId, transactionId, ocppVersion };
}

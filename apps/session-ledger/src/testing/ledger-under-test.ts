// The ledger without a broker or a database, on a clock of its own: the real book, terms desk, stray desk and watchdog over an event store in
// memory. What the read model would tell them is kept from the same events.
import { type ChargingTerms, type ChargingTermsRequest, Problem, type StationFact } from '@evenkeel/contracts';
import { type EventStore, InMemoryEventStore, type Sealer, type Subscription } from '@evenkeel/event-store';
import { SessionBook } from '../session/session-book';
import { type SessionEvent, sessionCodec, sessionStream, sessionStreamPrefix } from '../session/session-events';
import type { SessionPolicy } from '../session/session-policy';
import { FollowUp } from '../terms/follow-up';
import { TermsDesk } from '../terms/terms-desk';
import { SettleWindows } from '../watch/settle-windows';
import { StrayDesk } from '../watch/stray-desk';
import { lookAfter } from '../watch/watch-list';
import { type Claimed, type Looks, type Superseded, Watchdog } from '../watch/watchdog';

export interface LedgerOptions {
  policy: SessionPolicy;
  /** @throws Problem while the registry cannot tell. */
  terms: (request: ChargingTermsRequest) => ChargingTerms;
  startMs: number;
  store?: EventStore;
  /** The read model of a ledger that ran before: it outlives the process. */
  list?: SessionListInMemory;
}

const CACHED_SESSIONS = 5_000;
/** Chains the events as in production, and vouches for none. */
const unsealed: Pick<Sealer, 'append'> = { append: (_stream, _first, _events, append) => append() };
const silent = { warn: () => undefined };
const uncounted = { count: () => undefined };

export class LedgerUnderTest {
  readonly store: EventStore;
  nowMs: number;
  private parts: { book: SessionBook; terms: TermsDesk; followUp: FollowUp; watchdog: Watchdog };
  private readonly list: SessionListInMemory;

  constructor(private readonly options: LedgerOptions) {
    this.store = options.store ?? new InMemoryEventStore();
    this.nowMs = options.startMs;
    this.list = options.list ?? new SessionListInMemory(this.store);
    this.parts = this.assemble();
  }

  get book(): SessionBook {
    return this.parts.book;
  }

  /** Hears facts as one message, and does all that follows at once. @throws what the store throws; then the message comes again. */
  async hear(...facts: StationFact[]): Promise<void> {
    this.list.nowMs = this.nowMs;
    const recorded = await this.parts.book.record(facts);
    this.parts.followUp.after(recorded);
    for (const sessionId of recorded.readyForTerms) await this.agreed(sessionId);
    await this.list.caughtUp();
  }

  /** Lets time pass, minute by minute, as the watchdog sees it. */
  async pass(minutes: number): Promise<void> {
    for (let minute = 0; minute < minutes; minute++) {
      this.nowMs += 60_000;
      await this.round();
    }
  }

  async round(): Promise<void> {
    await this.list.caughtUp();
    for (const sessionId of this.list.pending()) await this.agreed(sessionId);
    this.list.nowMs = this.nowMs;
    await this.parts.watchdog.round();
    await this.list.caughtUp();
  }

  /** The process dies and starts again: what was only in memory is gone. */
  restart(): void {
    this.parts = this.assemble();
  }

  async eventsOf(sessionId: string): Promise<SessionEvent[]> {
    return (await this.store.read(sessionStream(sessionId))).map((stored) => sessionCodec.decode(stored));
  }

  get sessionIds(): string[] {
    return this.list.ids();
  }

  statusOf(sessionId: string): string | undefined {
    return this.list.statusOf(sessionId);
  }

  async stop(): Promise<void> {
    await this.list.stop();
  }

  private async agreed(sessionId: string): Promise<void> {
    await this.parts.terms.agree(sessionId);
  }

  private assemble() {
    const windows = new SettleWindows();
    const now = () => new Date(this.nowMs).toISOString();
    const policyOf = () => this.options.policy;
    const book = new SessionBook({
      store: this.store,
      policyOf,
      cachedSessions: CACHED_SESSIONS,
      sealer: unsealed,
      runningAt: async (_, stationId) => this.list.at(stationId, ['pending', 'active']),
      now,
    });
    const ask = async (_: string, request: unknown) => this.options.terms(request as ChargingTermsRequest) as never;
    const terms = new TermsDesk(book, { ask }, windows, async () => [], silent, uncounted);
    const followUp = new FollowUp(terms, windows);
    const strays = new StrayDesk(book, async (_, stationId) => this.list.at(stationId, undefined));
    const parts = { book, strays, list: this.list, now: () => this.nowMs, policyOf, windows, followUp, log: silent, metrics: uncounted };
    return { book, terms, followUp, watchdog: new Watchdog(parts) };
  }
}

/** What a registry says that cannot answer now. */
export function registryIsSilent(): never {
  throw new Problem('unavailable', 'the registry is not running');
}

interface Row {
  stationId: string;
  status: string;
  evseId?: number;
  startedAt?: string;
  lookAtMs?: number;
}

/** The session list and the watch list, from the same events as the ones in PostgreSQL. */
export class SessionListInMemory implements Looks {
  nowMs = 0;
  private readonly rows = new Map<string, Row>();
  private readonly following: Subscription;

  constructor(store: EventStore) {
    const onFailure = (error: unknown) => {
      throw error;
    };
    this.following = store.subscribe({ streamPrefixes: [sessionStreamPrefix], onFailure }, async (events) => {
      for (const stored of events) this.take(stored.stream.slice(sessionStreamPrefix.length), sessionCodec.decode(stored));
    });
  }

  caughtUp(): Promise<void> {
    return this.following.caughtUp();
  }

  stop(): Promise<void> {
    return this.following.stop();
  }

  private take(sessionId: string, event: SessionEvent): void {
    const row = this.rows.get(sessionId) ?? { stationId: '', status: 'pending' };
    this.rows.set(sessionId, row);
    if (event.type === 'SessionOpened') row.stationId = event.data.stationId.toLowerCase();
    if ('session' in event.data) {
      const { evseId, startedAt } = event.data.session;
      row.startedAt = startedAt;
      if (evseId !== undefined) row.evseId = evseId;
    }
    row.status = statusAfter(event, row.status);
    const look = lookAfter(event, new Date(this.nowMs).toISOString());
    if (look === undefined) delete row.lookAtMs;
    else if (look !== 'unchanged') row.lookAtMs = Date.parse(look);
  }

  async claimDue(): Promise<Claimed[]> {
    return [...this.rows].flatMap(([sessionId, row]) => {
      if (row.lookAtMs === undefined || row.lookAtMs > this.nowMs) return [];
      row.lookAtMs = this.nowMs + 60_000;
      return [{ sessionId, claimedUntil: new Date(row.lookAtMs).toISOString() }];
    });
  }

  async lookedAt(sessionId: string, claimedUntil: string, next: string | undefined): Promise<void> {
    const row = this.rows.get(sessionId);
    if (row?.lookAtMs !== Date.parse(claimedUntil)) return;
    if (next === undefined) delete row.lookAtMs;
    else row.lookAtMs = Date.parse(next);
  }

  async superseded(): Promise<Superseded[]> {
    return [...this.rows].flatMap(([sessionId, older]) => {
      if (older.status !== 'active' || older.evseId === undefined) return [];
      const later = [...this.rows]
        .filter(
          ([, row]) => row.stationId === older.stationId && row.evseId === older.evseId && (row.startedAt ?? '') > (older.startedAt ?? ''),
        )
        .sort(([, a], [, b]) => ((a.startedAt ?? '') < (b.startedAt ?? '') ? -1 : 1));
      return later[0] ? [{ sessionId, by: later[0][0] }] : [];
    });
  }

  at(stationId: string, statuses: readonly string[] | undefined): string[] {
    const here = [...this.rows].filter(([, row]) => row.stationId === stationId.toLowerCase());
    return here.filter(([, row]) => statuses?.includes(row.status) ?? row.status !== 'merged').map(([sessionId]) => sessionId);
  }

  pending(): string[] {
    return [...this.rows].filter(([, row]) => row.status === 'pending').map(([sessionId]) => sessionId);
  }

  ids(): string[] {
    return [...this.rows.keys()];
  }

  statusOf(sessionId: string): string | undefined {
    return this.rows.get(sessionId)?.status;
  }
}

function statusAfter(event: SessionEvent, before: string): string {
  switch (event.type) {
    case 'SessionStarted':
    case 'SessionProgressed':
      return event.data.session.status === 'completed' ? 'ended' : 'active';
    case 'SettlementAwaited':
    case 'SessionClosed':
      return before === 'pending' || before === 'active' ? 'ended' : before;
    case 'SessionCompleted':
    case 'SessionAmended':
      return 'completed';
    case 'SessionQuarantined':
      return 'quarantined';
    case 'SessionDenied':
      return 'denied';
    case 'SessionStrayed':
      return 'stray';
    case 'SessionReclaimed':
      return 'pending';
    case 'SessionMerged':
      return 'merged';
    default:
      return before;
  }
}

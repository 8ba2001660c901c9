// The ledger without a broker or a database, on a clock of its own: the real book, terms desk, stray desk and watchdog over an event store in
// memory. What the read model would tell them is kept from the same events.
import { type ChargingTerms, type ChargingTermsRequest, Problem, type Reply, type Request, type StationFact } from '@evenkeel/contracts';
import { type EventStore, InMemoryEventStore, type StoredEvent, type Subscription, unsealed } from '@evenkeel/event-store';
import { compareText } from '../session/order';
import { SessionBook } from '../session/session-book';
import { type SessionEvent, sessionCodec, sessionStream, sessionStreamPrefix } from '../session/session-events';
import type { SessionPolicy } from '../session/session-policy';
import { FollowUp } from '../terms/follow-up';
import { TermsDesk } from '../terms/terms-desk';
import { rowAfter } from '../view/session-projection';
import type { SessionRow } from '../view/session-tables';
import { SettleWindows } from '../watch/settle-windows';
import { StatusDesk } from '../watch/status-desk';
import { StrayDesk } from '../watch/stray-desk';
import { lookAfter } from '../watch/watch-list';
import { type Claimed, type Looks, type Superseded, Watchdog } from '../watch/watchdog';

export interface LedgerOptions {
  policy: SessionPolicy;
  /** @throws Problem while the registry cannot tell. */
  terms: (request: ChargingTermsRequest) => ChargingTerms;
  startMs: number;
  /** What the station says of its transaction; without it, it cannot be reached. */
  transactionStatus?: (request: Request<'transactionStatus'>) => Reply<'transactionStatus'>;
  store?: EventStore;
  /** The read model of a ledger that ran before: it outlives the process. */
  list?: SessionListInMemory;
}

const CACHED_SESSIONS = 5_000;
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

  /** What follows in the background has been done. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await this.list.caughtUp();
  }

  /** Lets time pass, minute by minute, as the watchdog sees it. */
  pass(minutes: number): Promise<void> {
    return this.passBy(minutes, 60_000);
  }

  passSeconds(seconds: number): Promise<void> {
    return this.passBy(seconds, 1_000);
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

  private async passBy(steps: number, stepMs: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      this.nowMs += stepMs;
      await this.round();
    }
  }

  private async agreed(sessionId: string): Promise<void> {
    await this.parts.terms.agree(sessionId);
  }

  private statusOfTransaction(request: Request<'transactionStatus'>): Reply<'transactionStatus'> {
    if (!this.options.transactionStatus) throw new Problem('offline', 'the station is not connected');
    return this.options.transactionStatus(request);
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
      freeWithoutEnergy: true,
      now,
    });
    const ask = async (name: string, request: unknown) => {
      if (name === 'transactionStatus') return this.statusOfTransaction(request as Request<'transactionStatus'>) as never;
      return this.options.terms(request as ChargingTermsRequest) as never;
    };
    const terms = new TermsDesk(book, { ask }, windows, async () => [], silent, uncounted);
    const followUp = new FollowUp(terms, windows, new StatusDesk(book, { ask }, windows, () => this.nowMs, silent));
    const strays = new StrayDesk(book, async (_, stationId) => this.list.at(stationId, undefined));
    const parts = { book, strays, list: this.list, now: () => this.nowMs, policyOf, windows, followUp, log: silent, metrics: uncounted };
    return { book, terms, followUp, watchdog: new Watchdog(parts) };
  }
}

/** What a registry says that cannot answer now. */
export function registryIsSilent(): never {
  throw new Problem('unavailable', 'the registry is not running');
}

/** The session list and the watch list, from the same events and by the same rules as the ones in PostgreSQL. */
export class SessionListInMemory implements Looks {
  nowMs = 0;
  /** With the stations' ids in lower case. */
  private readonly rows = new Map<string, SessionRow>();
  /** The same rows by station, and those that have not ended. */
  private readonly byStation = new Map<string, Map<string, SessionRow>>();
  private readonly open = new Map<string, SessionRow>();
  private readonly looksAtMs = new Map<string, number>();
  private readonly following: Subscription;

  constructor(store: EventStore) {
    const onFailure = (error: unknown) => {
      throw error;
    };
    this.following = store.subscribe({ streamPrefixes: [sessionStreamPrefix], onFailure }, async (events) => {
      for (const stored of events) this.take(stored);
    });
  }

  caughtUp(): Promise<void> {
    return this.following.caughtUp();
  }

  stop(): Promise<void> {
    return this.following.stop();
  }

  async claimDue(): Promise<Claimed[]> {
    return [...this.looksAtMs].flatMap(([sessionId, lookAtMs]) => {
      if (lookAtMs > this.nowMs) return [];
      const claimedUntilMs = this.nowMs + 60_000;
      this.looksAtMs.set(sessionId, claimedUntilMs);
      return [{ sessionId, claimedUntil: new Date(claimedUntilMs).toISOString() }];
    });
  }

  async lookedAt(sessionId: string, claimedUntil: string, next: string | undefined): Promise<void> {
    if (this.looksAtMs.get(sessionId) === Date.parse(claimedUntil)) this.lookAt(sessionId, next);
  }

  async superseded(): Promise<Superseded[]> {
    return [...this.open.values()].flatMap((older) => {
      if (older.status !== 'active' || older.evse_id === null) return [];
      const [newer] = this.rowsOf(older.station_id)
        .filter((row) => row.evse_id === older.evse_id && startOf(row) > startOf(older))
        .sort((a, b) => compareText(startOf(a), startOf(b)));
      return newer ? [{ sessionId: older.session_id, by: newer.session_id }] : [];
    });
  }

  at(stationId: string, statuses: readonly string[] | undefined): string[] {
    return this.rowsOf(stationId.toLowerCase())
      .filter(({ status }) => statuses?.includes(status) ?? status !== 'merged')
      .map(({ session_id }) => session_id);
  }

  pending(): string[] {
    return [...this.open.values()].filter(({ status }) => status === 'pending').map(({ session_id }) => session_id);
  }

  ids(): string[] {
    return [...this.rows.keys()];
  }

  statusOf(sessionId: string): string | undefined {
    return this.rows.get(sessionId)?.status;
  }

  private take(stored: StoredEvent): void {
    const sessionId = stored.stream.slice(sessionStreamPrefix.length);
    const event = sessionCodec.decode(stored);
    const row = rowAfter(this.rows.get(sessionId), event, stored);
    if (row) this.keep(sessionId, { ...row, station_id: row.station_id.toLowerCase() });
    const look = lookAfter(event, new Date(this.nowMs).toISOString());
    if (look !== 'unchanged') this.lookAt(sessionId, look);
  }

  private keep(sessionId: string, row: SessionRow): void {
    this.rows.set(sessionId, row);
    const here = this.byStation.get(row.station_id) ?? new Map<string, SessionRow>();
    this.byStation.set(row.station_id, here.set(sessionId, row));
    if (row.status === 'pending' || row.status === 'active') this.open.set(sessionId, row);
    else this.open.delete(sessionId);
  }

  private rowsOf(stationId: string): SessionRow[] {
    return [...(this.byStation.get(stationId)?.values() ?? [])];
  }

  private lookAt(sessionId: string, at: string | undefined): void {
    if (at === undefined) this.looksAtMs.delete(sessionId);
    else this.looksAtMs.set(sessionId, Date.parse(at));
  }
}

function startOf({ started_at }: SessionRow): string {
  return started_at ?? '';
}

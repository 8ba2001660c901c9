// Answers questions about sessions from the read model, and about one session's history from its stream.
import {
  type PartyKey,
  Problem,
  type Reply,
  type Request,
  type RunningSession,
  type SessionSummary,
  type SessionTimeline,
  type TimelineQuery,
} from '@evenkeel/contracts';
import type { EventStore } from '@evenkeel/event-store';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { sessionStream } from '../session/session-events';
import type { AttentionRow, LedgerTables, SessionRow } from './session-tables';
import { timelineOf } from './timeline';

const DEFAULT_PAGE = 100;
const MOST_AT_A_STATION = 200;

export interface BilledIn {
  readonly from: string;
  readonly to: string;
  readonly party?: PartyKey;
  /** Only those that had the tariff of this id. */
  readonly tariffId?: string;
  /** At most so many. */
  readonly sessions: number;
  /** The `next` of the page before. */
  readonly after?: string;
}

export interface BilledSessions {
  readonly sessionIds: readonly string[];
  readonly next?: string;
}

export class SessionView {
  constructor(
    private readonly database: Database<LedgerTables>,
    private readonly store: EventStore,
  ) {}

  /** Newest first would move under a reader's feet: pages are in key order. */
  async list(query: Request<'listSessions'>): Promise<Reply<'listSessions'>> {
    const limit = query.limit ?? DEFAULT_PAGE;
    let rows = this.database
      .selectFrom('session')
      .selectAll()
      .orderBy('session_id')
      .limit(limit + 1);
    if (query.after !== undefined) rows = rows.where('session_id', '>', query.after);
    if (query.stationId !== undefined) rows = rows.where(sql`lower(station_id)`, '=', query.stationId.toLowerCase());
    if (query.transactionId !== undefined) rows = rows.where('transaction_id', '=', query.transactionId);
    if (query.status !== undefined) rows = rows.where('status', '=', query.status);
    if (query.attention !== undefined) {
      const needsPerson = sql<boolean>`(status in ('quarantined', 'stray') or session_id in (select session_id from session_attention))`;
      rows = rows.where(needsPerson, '=', query.attention);
    }
    if (query.tokenKey !== undefined) rows = rows.where('token_key', '=', query.tokenKey);
    if (query.from !== undefined) rows = rows.where('started_at', '>=', query.from);
    if (query.to !== undefined) rows = rows.where('started_at', '<', query.to);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const attention = await this.attentionOf(page.map((row) => row.session_id));
    return {
      items: page.map((row) => summaryOf(row, attention.get(row.session_id))),
      ...(found.length > limit && last ? { next: last.session_id } : {}),
    };
  }

  async get(sessionId: string): Promise<Reply<'getSession'>> {
    const row = await this.database.selectFrom('session').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no session ${sessionId}`);
    const attention = (await this.attentionOf([sessionId])).get(sessionId);
    return { ...summaryOf(row, attention), ...(row.snapshot ? { snapshot: row.snapshot } : {}) };
  }

  async timeline(sessionId: string, query: TimelineQuery): Promise<SessionTimeline> {
    const events = await this.store.read(sessionStream(sessionId));
    if (events.length === 0) throw new Problem('not-found', `there is no session ${sessionId}`);
    return timelineOf(sessionId, events, query);
  }

  /** Sessions that were billed and began in the span, the newest first. @throws Problem for an `after` that was not the `next` of a page. */
  async billedIn({ from, to, party, tariffId, sessions, after }: BilledIn): Promise<BilledSessions> {
    let rows = this.database
      .selectFrom('session')
      .select(['session_id', 'started_at'])
      .where('status', '=', 'completed')
      .where('started_at', '>=', from)
      .where('started_at', '<', to)
      .orderBy('started_at', 'desc')
      .orderBy('session_id', 'desc')
      .limit(sessions + 1);
    if (party !== undefined) rows = rows.where('party', '=', party);
    if (tariffId !== undefined) rows = rows.where(sql`snapshot -> 'terms' -> 'tariff' ->> 'id'`, '=', tariffId);
    if (after !== undefined) {
      const [, startedAt, sessionId] = /^(\d{4}-\d\d-\d\dT[\d:.]+Z)\/([0-9a-f-]{36})$/.exec(after) ?? [];
      if (startedAt === undefined) throw new Problem('invalid', `after: ${after} is not the next of a page`);
      rows = rows.where(sql<boolean>`(started_at, session_id) < (${startedAt}::timestamptz, ${sessionId}::text)`);
    }
    const found = await rows.execute();
    const page = found.slice(0, sessions);
    const last = page.at(-1);
    return {
      sessionIds: page.map((row) => row.session_id),
      ...(found.length > sessions && last?.started_at ? { next: `${last.started_at}/${last.session_id}` } : {}),
    };
  }

  /** Sessions that run at a station, as far as the read model knows. @throws Problem: the question must be asked again. */
  async runningAt(party: PartyKey, stationId: string): Promise<string[]> {
    return this.sessionsAt(party, stationId, sql<boolean>`status in ('pending', 'active')`);
  }

  /** Sessions that run and are paid for with the token. */
  async runningOf(tokenKey: string): Promise<RunningSession[]> {
    const rows = await this.database
      .selectFrom('session')
      .select(['station_id', 'transaction_id', 'evse_id'])
      .where('token_key', '=', tokenKey)
      .where('status', '=', 'active')
      .limit(MOST_AT_A_STATION)
      .execute();
    return rows.map(({ station_id: stationId, transaction_id: transactionId, evse_id: evseId }) => ({
      stationId,
      transactionId,
      ...(evseId === null ? {} : { evseId }),
    }));
  }

  /** Sessions of a station that run or have ended within a day. */
  async recentAt(party: PartyKey, stationId: string): Promise<string[]> {
    return this.sessionsAt(
      party,
      stationId,
      sql<boolean>`(ended_at is null or ended_at > now() - interval '2 days') and status <> 'merged'`,
    );
  }

  private async sessionsAt(party: PartyKey, stationId: string, which: ReturnType<typeof sql<boolean>>): Promise<string[]> {
    try {
      const rows = await this.database
        .selectFrom('session')
        .select('session_id')
        .where('party', '=', party)
        .where(sql`lower(station_id)`, '=', stationId.toLowerCase())
        .where(which)
        .orderBy('updated_at', 'desc')
        .limit(MOST_AT_A_STATION)
        .execute();
      return rows.map((row) => row.session_id);
    } catch (error) {
      throw new Problem('unavailable', `the read model does not answer: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  private async attentionOf(sessionIds: readonly string[]): Promise<Map<string, AttentionRow[]>> {
    if (sessionIds.length === 0) return new Map();
    const rows = await this.database
      .selectFrom('session_attention')
      .selectAll()
      .where('session_id', 'in', sessionIds)
      .orderBy('since')
      .execute();
    const bySession = new Map<string, AttentionRow[]>(sessionIds.map((sessionId) => [sessionId, []]));
    for (const row of rows) bySession.get(row.session_id)?.push(row);
    return bySession;
  }

  /** Sessions that have waited for their terms for some seconds, in key order: a page after each other, so that hopeless ones bar nobody. */
  async pending(after: string): Promise<string[]> {
    const rows = await this.database
      .selectFrom('session')
      .select('session_id')
      .where('status', '=', 'pending')
      .where('updated_at', '<', sql<string>`now() - interval '3 seconds'`)
      .where('session_id', '>', after)
      .orderBy('session_id')
      .limit(100)
      .execute();
    return rows.map((row) => row.session_id);
  }
}

function summaryOf(row: SessionRow, attention: readonly AttentionRow[] | undefined): SessionSummary {
  return {
    sessionId: row.session_id,
    party: row.party,
    status: row.status,
    ...(attention?.length ? { attention: attention.map(({ why }) => why) } : {}),
    stationId: row.station_id,
    transactionId: row.transaction_id,
    ...(row.evse_id === null ? {} : { evseId: row.evse_id }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    energyWh: row.energy_wh,
    ...(row.token_key === null ? {} : { tokenKey: row.token_key }),
    flags: row.flags === '' ? [] : row.flags.split(' '),
    updatedAt: row.updated_at,
  };
}

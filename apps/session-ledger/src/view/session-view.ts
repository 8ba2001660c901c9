// The operator's list of sessions, projected from the ledger's decisions. The facts themselves stay in the streams; the timeline reads them
// there.
import { Problem, type Reply, type Request, type SessionSnapshot, type SessionSummary, type SessionTimeline } from '@evenkeel/contracts';
import type { EventStore, StoredEvent } from '@evenkeel/event-store';
import type { Database, Migrations, Projection } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { type SessionEvent, sessionCodec, sessionStream, sessionStreamPrefix } from '../session/session-events';

interface SessionRow {
  session_id: string;
  party: string;
  station_id: string;
  transaction_id: string;
  status: SessionSummary['status'];
  evse_id: number | null;
  started_at: string | null;
  ended_at: string | null;
  energy_wh: string;
  token_uid: string | null;
  flags: string;
  updated_at: string;
  revision: number;
  snapshot: SessionSnapshot | null;
}

export interface LedgerTables {
  session: SessionRow;
}

export const ledgerMigrations: Migrations = {
  '001-session': {
    up: async (database) => {
      await database.schema
        .createTable('session')
        .addColumn('session_id', 'text', (column) => column.primaryKey())
        .addColumn('party', 'text', (column) => column.notNull())
        .addColumn('station_id', 'text', (column) => column.notNull())
        .addColumn('transaction_id', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('evse_id', 'integer')
        .addColumn('started_at', 'timestamptz')
        .addColumn('ended_at', 'timestamptz')
        .addColumn('energy_wh', 'text', (column) => column.notNull())
        .addColumn('token_uid', 'text')
        .addColumn('flags', 'text', (column) => column.notNull())
        .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
        .addColumn('revision', 'integer', (column) => column.notNull())
        .addColumn('snapshot', 'jsonb')
        .execute();
      await sql`create index session_by_station on session (lower(station_id), session_id)`.execute(database);
      await sql`create index session_by_start on session (started_at, session_id)`.execute(database);
      await sql`create index session_pending on session (session_id) where status = 'pending'`.execute(database);
    },
  },
};

export const sessionProjection: Projection<LedgerTables> = {
  name: 'sessions-1',
  streamPrefixes: [sessionStreamPrefix],
  eventTypes: ['SessionOpened', 'SessionStarted', 'SessionProgressed', 'SessionCompleted', 'SessionAmended'],
  async apply(transaction, events) {
    // One row a session and statement: of several events in the batch the last one holds all that the others said.
    const rows = new Map<string, SessionRow>();
    for (const event of events) {
      const row = rowOf(event);
      rows.set(row.session_id, row);
    }
    await transaction
      .insertInto('session')
      .values([...rows.values()])
      .onConflict((conflict) =>
        conflict.column('session_id').doUpdateSet((excluded) => ({
          status: excluded.ref('excluded.status'),
          evse_id: excluded.ref('excluded.evse_id'),
          started_at: excluded.ref('excluded.started_at'),
          ended_at: excluded.ref('excluded.ended_at'),
          energy_wh: excluded.ref('excluded.energy_wh'),
          token_uid: excluded.ref('excluded.token_uid'),
          flags: excluded.ref('excluded.flags'),
          updated_at: excluded.ref('excluded.updated_at'),
          revision: excluded.ref('excluded.revision'),
          snapshot: excluded.ref('excluded.snapshot'),
        })),
      )
      .execute();
  },
};

const DEFAULT_PAGE = 100;

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
    if (query.from !== undefined) rows = rows.where('started_at', '>=', query.from);
    if (query.to !== undefined) rows = rows.where('started_at', '<', query.to);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(summaryOf), ...(found.length > limit && last ? { next: last.session_id } : {}) };
  }

  async get(sessionId: string): Promise<Reply<'getSession'>> {
    const row = await this.database.selectFrom('session').selectAll().where('session_id', '=', sessionId).executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no session ${sessionId}`);
    return { ...summaryOf(row), ...(row.snapshot ? { snapshot: row.snapshot } : {}) };
  }

  /** Every stored event of the session, as stored. */
  async timeline(sessionId: string): Promise<SessionTimeline> {
    const events = await this.store.read(sessionStream(sessionId));
    if (events.length === 0) throw new Problem('not-found', `there is no session ${sessionId}`);
    return {
      sessionId,
      entries: events.map((stored) => {
        const event = sessionCodec.decode(stored);
        // A fact is known by its own id: the lines of a CDR name it as their reason.
        const { factId, at } = event.type === 'FactRecorded' ? event.data.fact : { factId: undefined, at: stored.recordedAt };
        const { revision, recordedAt } = stored;
        return { revision, eventId: factId ?? stored.id, type: event.type, at, recordedAt, data: event.data };
      }),
    };
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

function rowOf(stored: StoredEvent): SessionRow {
  const event: SessionEvent = sessionCodec.decode(stored);
  if (event.type === 'FactRecorded') throw new Error('facts are not projected');
  if (event.type === 'SessionOpened') {
    const { sessionId, party, stationId, transactionId } = event.data;
    const identity = { session_id: sessionId, party, station_id: stationId, transaction_id: transactionId };
    const unknown = { evse_id: null, started_at: null, ended_at: null, energy_wh: '0', token_uid: null, flags: '', snapshot: null };
    return { ...identity, ...unknown, status: 'pending', updated_at: stored.recordedAt, revision: stored.revision };
  }
  const { session } = event.data;
  return {
    session_id: session.sessionId,
    party: session.party,
    station_id: session.stationId,
    transaction_id: session.transactionId,
    status: session.status,
    evse_id: session.evseId ?? null,
    started_at: session.startedAt,
    ended_at: session.endedAt ?? null,
    energy_wh: session.energyWh,
    token_uid: session.terms.payer?.uid ?? null,
    flags: session.flags.join(' '),
    updated_at: session.updatedAt,
    revision: stored.revision,
    snapshot: session,
  };
}

function summaryOf(row: SessionRow): SessionSummary {
  return {
    sessionId: row.session_id,
    party: row.party,
    status: row.status,
    stationId: row.station_id,
    transactionId: row.transaction_id,
    ...(row.evse_id === null ? {} : { evseId: row.evse_id }),
    ...(row.started_at === null ? {} : { startedAt: row.started_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    energyWh: row.energy_wh,
    ...(row.token_uid === null ? {} : { tokenUid: row.token_uid }),
    flags: row.flags === '' ? [] : row.flags.split(' '),
    updatedAt: row.updated_at,
  };
}

// The ledger's read model: a row a session, what needs a person, and when each session must be looked at next.
import type { AttentionCode, SessionListStatus, SessionSnapshot } from '@evenkeel/contracts';
import { sql, type Transaction } from 'kysely';

export interface SessionRow {
  session_id: string;
  party: string;
  station_id: string;
  transaction_id: string;
  status: SessionListStatus;
  evse_id: number | null;
  started_at: string | null;
  ended_at: string | null;
  energy_wh: string;
  token_key: string | null;
  flags: string;
  updated_at: string;
  revision: number;
  snapshot: SessionSnapshot | null;
}

export interface AttentionRow {
  session_id: string;
  why: AttentionCode;
  since: string;
}

export interface WatchRow {
  session_id: string;
  look_at: string;
}

export interface LedgerTables {
  session: SessionRow;
  session_attention: AttentionRow;
  session_watch: WatchRow;
}

export async function createLedgerTables(database: Transaction<LedgerTables>): Promise<void> {
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
    .addColumn('token_key', 'text')
    .addColumn('flags', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'timestamptz', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('snapshot', 'jsonb')
    .execute();
  await sql`create index session_by_station on session (lower(station_id), session_id)`.execute(database);
  await sql`create index session_by_evse on session (lower(station_id), evse_id, started_at)`.execute(database);
  await sql`create index session_by_start on session (started_at, session_id)`.execute(database);
  await sql`create index session_by_token on session (token_key, session_id)`.execute(database);
  await sql`create index session_by_status on session (status, session_id) where status <> 'completed'`.execute(database);
  await database.schema
    .createTable('session_attention')
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .addColumn('since', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('session_attention_key', ['session_id', 'why'])
    .execute();
  await database.schema
    .createTable('session_watch')
    .addColumn('session_id', 'text', (column) => column.primaryKey())
    .addColumn('look_at', 'timestamptz', (column) => column.notNull())
    .execute();
  await sql`create index session_watch_due on session_watch (look_at)`.execute(database);
}

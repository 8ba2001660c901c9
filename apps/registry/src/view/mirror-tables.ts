// Tables of what is followed of stations: commands and what is known of each station. Apart from the registry's other tables, because they
// are large, and no station waits for them.
import type { StationCommand } from '@evenkeel/contracts';
import { sql, type Transaction } from 'kysely';
import type { Document } from '../mirror/known';

export interface MirrorTables {
  /** `page_key` orders by time of request. */
  command: {
    command_id: string;
    station_key: string;
    status: StationCommand['status'];
    requested_at: string;
    page_key: string;
    document: StationCommand;
  };
  station_item: { station_key: string; kind: string; item_key: string; document: Document; updated_at: string };
}

export async function createMirrorTables(database: Transaction<MirrorTables>): Promise<void> {
  await sql`
    create table command (
      command_id text primary key, station_key text not null, status text not null, requested_at timestamptz not null,
      page_key text collate "C" not null unique, document jsonb not null
    )`.execute(database);
  await sql`create index command_by_station on command (station_key, page_key)`.execute(database);
  await sql`create index command_open on command (requested_at) where status in ('requested', 'accepted')`.execute(database);
  await sql`
    create table station_item (
      station_key text not null, kind text not null, item_key text collate "C" not null, document jsonb not null,
      updated_at timestamptz not null, primary key (station_key, kind, item_key)
    )`.execute(database);
  await sql`create index station_item_reserved on station_item (station_key) where kind = 'reservation' and document ->> 'status' = 'Active'`.execute(
    database,
  );
  await sql`create index station_item_due on station_item (station_key) where kind = 'inventory' and document ->> 'status' = 'due'`.execute(
    database,
  );
}

// Projects commands and what is known of stations into their tables.
import type { StoredEvent } from '@evenkeel/event-store';
import { type Projection, type ProjectionVersion, putRows, recordset } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import { afterCommandEvent, commandCodec, commandStreamPrefix } from '../command/command';
import type { CommandView } from '../command/command-view';
import { mirrorCodec, mirrorStreamPrefix } from '../mirror/mirror';
import { createMirrorTables, type MirrorTables } from './mirror-tables';

type Tables = Transaction<MirrorTables>;
type CommandRow = MirrorTables['command'];
type ItemRow = MirrorTables['station_item'];

export const mirrorVersion: ProjectionVersion = { name: 'station_mirror', version: 2 };

export const mirrorProjection: Projection<MirrorTables> = {
  ...mirrorVersion,
  create: createMirrorTables,
  streamPrefixes: [commandStreamPrefix, mirrorStreamPrefix],
  // One event may hold a part of an inventory.
  maxBatch: 200,
  async apply(tables, events) {
    await applyCommands(
      tables,
      events.filter(({ stream }) => stream.startsWith(commandStreamPrefix)),
    );
    await applyItems(
      tables,
      events.filter(({ stream }) => stream.startsWith(mirrorStreamPrefix)),
    );
  },
};

/** Makes the view forget what these events have changed. */
export function refreshCommands(events: readonly StoredEvent[], view: CommandView): void {
  for (const stored of events) {
    if (stored.stream.startsWith(commandStreamPrefix)) view.refresh(commandCodec.decode(stored).data.stationId.toLowerCase());
  }
}

async function applyCommands(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  if (stored.length === 0) return;
  const events = stored.map((each) => commandCodec.decode(each));
  const ids = [...new Set(events.map(({ data }) => data.commandId))];
  const known = await tables.selectFrom('command').selectAll().where('command_id', 'in', ids).execute();
  const rows = new Map<string, CommandRow>(known.map((row) => [row.command_id, row]));
  for (const event of events) {
    const { commandId } = event.data;
    const document = afterCommandEvent(rows.get(commandId)?.document, event);
    const { stationId, requestedAt, status } = document;
    rows.set(commandId, {
      command_id: commandId,
      station_key: stationId.toLowerCase(),
      status,
      requested_at: requestedAt,
      page_key: `${requestedAt}/${commandId}`,
      document,
    });
  }
  await putRows(tables, 'command', [...rows.values()], { key: ['command_id'] });
}

async function applyItems(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  const rows = new Map<string, ItemRow>();
  const gone = new Map<string, Omit<ItemRow, 'document' | 'updated_at'>>();
  for (const { data } of stored.map((each) => mirrorCodec.decode(each))) {
    const station_key = data.stationId.toLowerCase();
    const { kind, put, removed, at } = data;
    for (const [item_key, document] of put) {
      const key = JSON.stringify([station_key, kind, item_key]);
      gone.delete(key);
      rows.set(key, { station_key, kind, item_key, document, updated_at: at });
    }
    for (const item_key of removed) {
      const key = JSON.stringify([station_key, kind, item_key]);
      rows.delete(key);
      gone.set(key, { station_key, kind, item_key });
    }
  }
  await putRows(tables, 'station_item', [...rows.values()], { key: ['station_key', 'kind', 'item_key'] });
  if (gone.size === 0) return;
  await sql`
    delete from station_item using ${recordset('station_item', [...gone.values()])} as gone
    where station_item.station_key = gone.station_key and station_item.kind = gone.kind and station_item.item_key = gone.item_key
  `.execute(tables);
}

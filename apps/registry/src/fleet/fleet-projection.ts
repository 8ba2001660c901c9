// Projects plans and campaigns, and how far stations are with them, into their tables.
import type { StoredEvent } from '@evenkeel/event-store';
import { type Projection, type ProjectionVersion, putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import { campaignStreamPrefix } from '../campaign/campaign';
import { applyCampaigns } from '../campaign/campaign-projection';
import { type StationListEvent, stationListCodec, stationListStreamPrefix } from '../local-list/station-list';
import { createFleetTables, type FleetTables } from './fleet-tables';
import { planCodec, planStreamPrefix } from './plan';

type Tables = Transaction<FleetTables>;
type ListRow = FleetTables['station_list'];

export const fleetVersion: ProjectionVersion = { name: 'fleet', version: 1 };

export const fleetProjection: Projection<FleetTables> = {
  ...fleetVersion,
  create: createFleetTables,
  streamPrefixes: [planStreamPrefix, stationListStreamPrefix, campaignStreamPrefix],
  async apply(tables, events) {
    const of = (prefix: string) => events.filter(({ stream }) => stream.startsWith(prefix));
    await applyPlans(tables, of(planStreamPrefix));
    await applyLists(tables, of(stationListStreamPrefix));
    await applyCampaigns(tables, of(campaignStreamPrefix));
  },
};

async function applyPlans(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  for (const { type, data } of stored.map((each) => planCodec.decode(each))) {
    const plan_key = data.planId.toLowerCase();
    if (type === 'PlanPut') {
      await putRows(tables, 'plan', [{ kind: data.kind, plan_key, document: data.document }], { key: ['kind', 'plan_key'] });
    } else await tables.deleteFrom('plan').where('kind', '=', data.kind).where('plan_key', '=', plan_key).execute();
  }
}

async function applyLists(tables: Tables, stored: readonly StoredEvent[]): Promise<void> {
  if (stored.length === 0) return;
  const events = stored.map((each) => stationListCodec.decode(each));
  const keys = [...new Set(events.map(({ data }) => data.stationId.toLowerCase()))];
  const known = await tables.selectFrom('station_list').selectAll().where('station_key', 'in', keys).execute();
  const rows = new Map<string, ListRow>(known.map((row) => [row.station_key, row]));
  for (const event of events) {
    const key = event.data.stationId.toLowerCase();
    rows.set(key, rowAfter(rows.get(key), event));
  }
  await putRows(tables, 'station_list', [...rows.values()], { key: ['station_key'] });
}

function rowAfter(row: ListRow | undefined, event: StationListEvent): ListRow {
  const { stationId, at } = event.data;
  const same = { station_key: stationId.toLowerCase(), station_id: stationId, version: row?.version ?? 0, entries: row?.entries ?? 0 };
  switch (event.type) {
    case 'ListPartAccepted':
      return { ...same, version: event.data.version, entries: event.data.entries, status: 'accepted', detail: null, at };
    case 'ListPartRefused':
      return { ...same, status: 'refused', detail: event.data.status, at };
    case 'ListVersionTold': {
      const status = event.data.version === same.version ? (row?.status ?? 'behind') : 'behind';
      return { ...same, status, detail: row?.detail ?? null, at };
    }
  }
}

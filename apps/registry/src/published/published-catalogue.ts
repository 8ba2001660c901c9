// What roaming partners may see: locations with the state of their EVSEs, tariffs, our own tokens. Pages by offset in order of creation, as
// OCPI pages (OCPI 2.2.1 transport_and_format, pagination); the dates bound `lastUpdated`, the first inclusive, the second exclusive.
import type { PublishedEvse, PublishedLocation, PublishedQuery, Reply, Request } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import { type Expression, sql } from 'kysely';
import type { RegistryTables, StationRow } from '../view/registry-tables';
import type { EvseCapabilities } from './evse-capabilities';

export class PublishedCatalogue {
  constructor(
    private readonly database: Database<RegistryTables>,
    private readonly capabilities: Pick<EvseCapabilities, 'of'>,
  ) {}

  async locations({ party, locationId, updatedFrom, updatedBefore, offset, limit }: PublishedQuery): Promise<Reply<'publishedLocations'>> {
    // A change of an EVSE is a change of its location (OCPI 2.2.1 mod_locations).
    let rows = this.database
      .selectFrom('location')
      .leftJoin('station', 'station.location_id', 'location.location_id')
      .select([
        'location.location_key',
        'location.document',
        sql<string>`greatest(location.updated_at, max(station.updated_at))`.as('last_updated'),
      ])
      .groupBy(['location.location_key', 'location.document', 'location.created_at', 'location.updated_at']);
    const lastUpdated = sql`greatest(location.updated_at, max(station.updated_at))`;
    if (party !== undefined) rows = rows.where('location.party', '=', party);
    if (locationId !== undefined) rows = rows.where(sql`lower(location.location_id)`, '=', locationId.toLowerCase());
    if (updatedFrom !== undefined) rows = rows.having(lastUpdated, '>=', updatedFrom);
    if (updatedBefore !== undefined) rows = rows.having(lastUpdated, '<', updatedBefore);
    const total = await this.count(rows);
    const page = await rows.orderBy('location.created_at').orderBy('location.location_key').offset(offset).limit(limit).execute();
    const stations = await this.stationsAt(page.map((row) => row.document.locationId));
    const capabilities = await this.capabilities.of([...stations.values()].flat());
    const evsesOf = (row: StationRow) => evsesAt(row, capabilities.get(row.station_key) ?? []);
    const items = page.map(
      ({ document, last_updated }): PublishedLocation => ({
        ...document,
        evses: (stations.get(document.locationId) ?? []).flatMap(evsesOf),
        lastUpdated: last_updated,
      }),
    );
    return { items, total };
  }

  async tariffs({ party, tariffId, updatedFrom, updatedBefore, offset, limit }: PublishedQuery): Promise<Reply<'publishedTariffs'>> {
    let newest = this.database
      .selectFrom('tariff')
      .distinctOn('tariff_key')
      .selectAll()
      .orderBy('tariff_key')
      .orderBy('valid_from', 'desc');
    if (party !== undefined) newest = newest.where('party', '=', party);
    if (party !== undefined && tariffId !== undefined) newest = newest.where('tariff_key', '=', `${party}/${tariffId.toLowerCase()}`);
    let rows = this.database.selectFrom(newest.as('newest')).select(['tariff_key', 'document', 'valid_from']);
    if (updatedFrom !== undefined) rows = rows.where('valid_from', '>=', updatedFrom);
    if (updatedBefore !== undefined) rows = rows.where('valid_from', '<', updatedBefore);
    const total = await this.count(rows);
    const page = await rows.orderBy('created_at').orderBy('tariff_key').offset(offset).limit(limit).execute();
    return { items: page.map((row) => row.document), total };
  }

  async tokens({ party, updatedFrom, updatedBefore, offset, limit }: PublishedQuery): Promise<Reply<'publishedTokens'>> {
    let rows = this.database.selectFrom('token').select(['token_key', 'document']).where('document', 'is not', null);
    if (party !== undefined) rows = rows.where('party', '=', party);
    if (updatedFrom !== undefined) rows = rows.where('updated_at', '>=', updatedFrom);
    if (updatedBefore !== undefined) rows = rows.where('updated_at', '<', updatedBefore);
    const total = await this.count(rows);
    const page = await rows.orderBy('created_at').orderBy('token_key').offset(offset).limit(limit).execute();
    return { items: page.flatMap((row) => row.document ?? []), total };
  }

  /** The newest of those that the contract has. */
  async tokenOfContract({ party, contractId }: Request<'tokenOfContract'>): Promise<Reply<'tokenOfContract'>> {
    const row = await this.database
      .selectFrom('token')
      .select('document')
      .where('party', '=', party)
      .where(sql`lower(document ->> 'contractId')`, '=', contractId.toLowerCase())
      .orderBy('updated_at', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row?.document ? { token: row.document } : {};
  }

  private async count(rows: Expression<unknown>): Promise<number> {
    const { rows: counted } = await sql<{ total: string }>`select count(*) as total from ${rows} as counted`.execute(this.database);
    return Number(counted[0]?.total ?? 0);
  }

  private async stationsAt(locationIds: readonly string[]): Promise<Map<string, StationRow[]>> {
    const found = new Map<string, StationRow[]>();
    if (locationIds.length === 0) return found;
    const rows = await this.database
      .selectFrom('station')
      .selectAll()
      .where('location_id', 'in', locationIds)
      .orderBy('station_key')
      .execute();
    for (const row of rows) found.set(row.location_id, [...(found.get(row.location_id) ?? []), row]);
    return found;
  }
}

function evsesAt(row: StationRow, capabilities: readonly string[]): PublishedEvse[] {
  return row.registered.evses.map((evse) => ({
    ...evse,
    stationId: row.registered.stationId,
    status: evseStatus(row, evse.evseId),
    ...(capabilities.length === 0 ? {} : { capabilities: [...capabilities] }),
    lastUpdated: row.updated_at,
  }));
}

/** OCPI 2.2.1 Status from what the station last said about the EVSE's connectors. */
function evseStatus(row: StationRow, evseId: number): string {
  const states = row.connectors.filter((connector) => connector.evseId === evseId).map((connector) => connector.status);
  if (states.length === 0) return 'UNKNOWN';
  if (states.some((status) => ['Charging', 'SuspendedEV', 'SuspendedEVSE', 'Occupied'].includes(status))) return 'CHARGING';
  if (states.some((status) => ['Preparing', 'Finishing'].includes(status))) return 'BLOCKED';
  if (states.includes('Available')) return 'AVAILABLE';
  if (states.includes('Reserved')) return 'RESERVED';
  return states.includes('Faulted') ? 'OUTOFORDER' : 'INOPERATIVE';
}

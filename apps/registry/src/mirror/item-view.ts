// Reads back what is known of a station.
import type { Reply, Request } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { INVENTORY } from '../inventory/inventory';
import type { MirrorTables } from '../view/mirror-tables';
import { actualValue } from './variable-value';

const DEFAULT_PAGE = 100;

export class ItemView {
  constructor(private readonly database: Database<MirrorTables>) {}

  /** Stations with a reservation whose time is over and whose end nobody has told (OCPP 1.6 does not). */
  async stationsWithEndedReservations(now: string): Promise<string[]> {
    const rows = await this.database
      .selectFrom('station_item')
      .select('station_key')
      .distinct()
      .where('kind', '=', 'reservation')
      .where(sql<boolean>`document ->> 'status' = 'Active' and (document ->> 'expiryDateTime')::timestamptz <= ${now}`)
      .execute();
    return rows.map(({ station_key: key }) => key);
  }

  /** In the order of their keys. */
  async stationsWithDueInventory(after: string, limit: number): Promise<string[]> {
    const rows = await this.database
      .selectFrom('station_item')
      .select('station_key')
      .where('kind', '=', INVENTORY.kind)
      .where(sql<boolean>`document ->> 'status' = 'due'`)
      .where('station_key', '>', after)
      .orderBy('station_key')
      .limit(limit)
      .execute();
    return rows.map(({ station_key: key }) => key);
  }

  /** By what they say of themselves (OCPP 1.6 SupportedFeatureProfiles, OCPP 2.0.1 SmartChargingCtrlr). */
  async stationsThatTakeProfiles(stationKeys: readonly string[]): Promise<Set<string>> {
    if (stationKeys.length === 0) return new Set();
    const rows = await this.database
      .selectFrom('station_item')
      .select(['station_key', 'item_key', 'document'])
      .where('station_key', 'in', stationKeys)
      .where('kind', '=', 'variable')
      .where('item_key', 'in', ['OCPP16/SupportedFeatureProfiles', 'SmartChargingCtrlr/Enabled'])
      .execute();
    const able = rows.filter(({ item_key: key, document }) => {
      const value = String(actualValue(document) ?? '');
      return key === 'SmartChargingCtrlr/Enabled' ? value === 'true' : value.split(',').some((each) => each.trim() === 'SmartCharging');
    });
    return new Set(able.map(({ station_key: key }) => key));
  }

  async list({ stationId, kind, prefix, after, limit = DEFAULT_PAGE }: Request<'listStationItems'>): Promise<Reply<'listStationItems'>> {
    let rows = this.database
      .selectFrom('station_item')
      .select(['item_key', 'document', 'updated_at'])
      .where('station_key', '=', stationId.toLowerCase())
      .where('kind', '=', kind)
      .orderBy('item_key')
      .limit(limit + 1);
    if (prefix !== undefined) rows = rows.where((where) => where.fn('starts_with', ['item_key', where.val(prefix)]));
    if (after !== undefined) rows = rows.where('item_key', '>', after);
    const found = await rows.execute();
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const items = page.map(({ item_key: key, document, updated_at: updatedAt }) => ({ key, document, updatedAt }));
    return { items, ...(found.length > limit && last ? { next: last.item_key } : {}) };
  }
}

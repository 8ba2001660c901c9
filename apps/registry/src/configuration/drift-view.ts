// Reads what is known of the variables of many stations at once.
import type { ConfigurationTemplate } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import type { Document } from '../mirror/known';
import type { MirrorTables } from '../view/mirror-tables';
import type { StationRow } from '../view/registry-tables';
import { keysOf } from './drift';

export class DriftView {
  constructor(private readonly database: Database<MirrorTables>) {}

  /** By JSON of the station's key, the kind and the key. */
  async documentsOf(
    stations: readonly Pick<StationRow, 'station_key'>[],
    { variables }: Pick<ConfigurationTemplate, 'variables'>,
  ): Promise<ReadonlyMap<string, Document>> {
    if (stations.length === 0) return new Map();
    const rows = await this.database
      .selectFrom('station_item')
      .select(['station_key', 'kind', 'item_key', 'document'])
      .where(
        'station_key',
        'in',
        stations.map(({ station_key: key }) => key),
      )
      .where('kind', 'in', ['variable', 'refused-setting'])
      .where('item_key', 'in', [...new Set(variables.flatMap(keysOf))])
      .execute();
    return new Map(rows.map(({ station_key, kind, item_key, document }) => [JSON.stringify([station_key, kind, item_key]), document]));
  }
}

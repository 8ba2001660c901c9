// What partners may want of how fast the EVSEs of a station charge (OCPI 2.3.0 mod_locations, Capability). A site that shares its power needs all
// profiles for that, and listens to drivers instead.
import type { ItemView } from '../mirror/item-view';
import type { BudgetDesk } from '../smart-charging/budget-desk';
import type { StationRow } from '../view/registry-tables';

export class EvseCapabilities {
  constructor(
    private readonly items: Pick<ItemView, 'stationsThatTakeProfiles'>,
    private readonly budgets: Pick<BudgetDesk, 'isShared'>,
  ) {}

  /** By station key. */
  async of(stations: readonly StationRow[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const able = await this.items.stationsThatTakeProfiles(stations.map(({ station_key: key }) => key));
    const capabilities = stations.map(async (station): Promise<[string, readonly string[]]> => {
      if (!able.has(station.station_key)) return [station.station_key, []];
      const isShared = await this.budgets.isShared(station);
      return [station.station_key, [isShared ? 'CHARGING_PREFERENCES_CAPABLE' : 'CHARGING_PROFILE_CAPABLE']];
    });
    return new Map(await Promise.all(capabilities));
  }
}

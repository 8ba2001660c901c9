// Which stations a plan means. Pure.
import type { StationFilter } from '@evenkeel/contracts';
import type { StationRow } from '../view/registry-tables';

export type FilteredStation = Pick<StationRow, 'registered' | 'boot'>;

export function isMeant(filter: StationFilter, { registered, boot }: FilteredStation): boolean {
  // What a station says of itself is newer than what was written down when it was registered.
  const vendor = boot?.vendor ?? registered.vendor;
  const model = boot?.model ?? registered.model;
  return (
    allows(filter.stationIds, registered.stationId) &&
    allows(filter.locationIds, registered.locationId) &&
    allows(filter.vendors, vendor) &&
    allows(filter.models, model) &&
    allows(filter.firmwareVersions, boot?.firmwareVersion)
  );
}

function allows(wanted: readonly string[] | undefined, value: string | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.some((each) => each.toLowerCase() === value.toLowerCase()));
}

// What a driver who pays by a partner wants of a site that shares its power, and whether it can be meant (OCPI 2.3.0 mod_sessions, Charging
// Preferences). Pure.
import type { DriverPreferences, PreferencesAnswer } from '@evenkeel/contracts';
import type { Document } from '../mirror/known';

/** The kind of the documents, one a transaction. */
export const DRIVER_PREFERENCES = 'driver-preferences';

/** @returns undefined for what can be tried. */
export function refusalOf({ profileType, departureAt, energyWh }: DriverPreferences, now: Date): PreferencesAnswer | undefined {
  // Of the others each would need a tariff of its own at the connector (OCPI mod_sessions, ChargingPreferences).
  if (profileType !== 'REGULAR') return 'PROFILE_TYPE_NOT_SUPPORTED';
  // A share follows from both: what is needed, and until when.
  if (energyWh !== undefined && departureAt === undefined) return 'DEPARTURE_REQUIRED';
  if (energyWh === undefined && departureAt !== undefined) return 'ENERGY_NEED_REQUIRED';
  const isOver = departureAt !== undefined && Date.parse(departureAt) <= now.getTime();
  return isOver || Number(energyWh ?? 0) < 0 ? 'NOT_POSSIBLE' : undefined;
}

/** What is known of the transaction from then on. */
export function preferenceDocument({ departureAt, energyWh }: DriverPreferences, at: string): Document {
  return {
    at,
    ...(departureAt === undefined ? {} : { departureTime: departureAt }),
    ...(energyWh === undefined ? {} : { energyWh: Number(energyWh) }),
  };
}

/** The rate that brings the energy until the driver leaves, in W; undefined where the driver has not said both, and from then on. */
export function neededW(preferences: Document | undefined, now: Date): number | undefined {
  const { at, departureTime, energyWh } = (preferences ?? {}) as { at?: string; departureTime?: string; energyWh?: number };
  if (at === undefined || departureTime === undefined || energyWh === undefined || Date.parse(departureTime) <= now.getTime())
    return undefined;
  // From when it was said: what has been charged since is not needed any more, and the time is not there any more.
  return energyWh / ((Date.parse(departureTime) - Date.parse(at)) / 3_600_000);
}

// What a driver wants of a session that is charged smartly (OCPI 2.3.0 mod_sessions, Charging Preferences).
import { type DriverPreferences, ProfileType } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf, writeDateTime } from '../date-time';
import { kilowattHours, wattHoursOf, wireNumber } from '../number';
import { dateTime, openEnum } from '../wire-schema';

export const ChargingPreferences = Type.Object({
  profile_type: openEnum(...ProfileType.anyOf.map((each) => each.const)),
  departure_time: Type.Optional(dateTime),
  /** In kWh. */
  energy_need: Type.Optional(Type.Number()),
  discharge_allowed: Type.Optional(Type.Boolean()),
});
export type ChargingPreferences = Static<typeof ChargingPreferences>;

export const ChargingPreferencesResponse = openEnum(
  ...['ACCEPTED', 'DEPARTURE_REQUIRED', 'ENERGY_NEED_REQUIRED', 'NOT_POSSIBLE', 'PROFILE_TYPE_NOT_SUPPORTED'],
);

export function toPreferences({ profileType, departureAt, energyWh, dischargeAllowed }: DriverPreferences): ChargingPreferences {
  return {
    profile_type: profileType,
    ...(departureAt === undefined ? {} : { departure_time: writeDateTime(departureAt) }),
    ...(energyWh === undefined ? {} : { energy_need: wireNumber(kilowattHours(Decimal.parse(energyWh))) }),
    ...(dischargeAllowed === undefined ? {} : { discharge_allowed: dischargeAllowed }),
  };
}

/** @returns undefined for a profile type that OCPI does not have. */
export function fromPreferences(preferences: ChargingPreferences): DriverPreferences | undefined {
  const { profile_type, departure_time, energy_need, discharge_allowed } = preferences;
  const profileType = ProfileType.anyOf.map((each) => each.const).find((each) => each === profile_type);
  if (profileType === undefined) return undefined;
  return {
    profileType,
    ...(departure_time === undefined ? {} : { departureAt: instantOf(departure_time) }),
    ...(energy_need === undefined ? {} : { energyWh: wattHoursOf(energy_need) }),
    ...(discharge_allowed === undefined ? {} : { dischargeAllowed: discharge_allowed }),
  };
}

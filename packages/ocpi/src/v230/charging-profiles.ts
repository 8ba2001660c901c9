// Charging profiles (OCPI 2.3.0 mod_charging_profiles): the limits that the payer of a session wants for it. As with commands, the answer to a
// request says only whether it will be tried; what became of it is posted later, once, to the address that the request named.
import { ActiveLimits, ProfileLimits } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf, writeDateTime } from '../date-time';
import { dateTime, openEnum, type Read, readWire, url } from '../wire-schema';

const rate = Type.Number();
const seconds = Type.Number({ minimum: 0, strictly: { type: 'integer' } });

export const ChargingProfilePeriod = Type.Object({ start_period: seconds, limit: rate });

export const ChargingProfile = Type.Object({
  /** Absent: it begins with the charging. */
  start_date_time: Type.Optional(dateTime),
  /** Absent: the last period goes on to the end. */
  duration: Type.Optional(seconds),
  charging_rate_unit: openEnum('A', 'W'),
  min_charging_rate: Type.Optional(rate),
  charging_profile_period: Type.Optional(Type.Array(ChargingProfilePeriod)),
});
export type ChargingProfile = Static<typeof ChargingProfile>;

export const SetChargingProfile = Type.Object({ charging_profile: ChargingProfile, response_url: url });
export type SetChargingProfile = Static<typeof SetChargingProfile>;

/** What follows for the session from everything that limits it, as the charger has calculated it. */
export const ActiveChargingProfile = Type.Object({ start_date_time: dateTime, charging_profile: ChargingProfile });
export type ActiveChargingProfile = Static<typeof ActiveChargingProfile>;

export const ChargingProfileResponse = Type.Object(
  {
    result: openEnum('ACCEPTED', 'NOT_SUPPORTED', 'REJECTED', 'TOO_OFTEN', 'UNKNOWN_SESSION'),
    /** In seconds: without a result by then, none will come. Some platforms leave it out. */
    timeout: Type.Optional(seconds),
  },
  { strictly: { required: ['result', 'timeout'] } },
);
export type ChargingProfileResponse = Static<typeof ChargingProfileResponse>;

const result = openEnum('ACCEPTED', 'REJECTED', 'UNKNOWN');
export const ChargingProfileResult = Type.Object({ result });
export type ChargingProfileResult = Static<typeof ChargingProfileResult>;
export const ClearProfileResult = Type.Object({ result });
export type ClearProfileResult = Static<typeof ClearProfileResult>;
export const ActiveChargingProfileResult = Type.Object({ result, profile: Type.Optional(ActiveChargingProfile) });
export type ActiveChargingProfileResult = Static<typeof ActiveChargingProfileResult>;

export function toProfile({ startAt, durationSeconds, unit, minimumRate, periods }: ProfileLimits): ChargingProfile {
  return {
    ...(startAt === undefined ? {} : { start_date_time: writeDateTime(startAt) }),
    ...(durationSeconds === undefined ? {} : { duration: durationSeconds }),
    charging_rate_unit: unit,
    ...(minimumRate === undefined ? {} : { min_charging_rate: oneDecimal(minimumRate) }),
    charging_profile_period: periods.map(({ startSeconds, limit }) => ({ start_period: startSeconds, limit: oneDecimal(limit) })),
  };
}

/** @returns what it wants, or why nobody can carry that out. @throws RangeError for an instant that there is not. */
export function fromProfile({ start_date_time, min_charging_rate: minimumRate, ...profile }: ChargingProfile): Read<ProfileLimits> {
  const startAt = start_date_time === undefined ? {} : { startAt: instantOf(start_date_time) };
  return readWire(ProfileLimits, { ...startAt, ...limitsOf(profile), ...(minimumRate === undefined ? {} : { minimumRate }) });
}

export function toActiveProfile({ startAt, ...limits }: ActiveLimits): ActiveChargingProfile {
  return { start_date_time: writeDateTime(startAt), charging_profile: toProfile({ startAt, ...limits }) };
}

export function fromActiveProfile({ start_date_time, charging_profile }: ActiveChargingProfile): Read<ActiveLimits> {
  return readWire(ActiveLimits, { startAt: instantOf(start_date_time), ...limitsOf(charging_profile) });
}

function limitsOf({ duration, charging_rate_unit: unit, charging_profile_period: periods = [] }: ChargingProfile) {
  return {
    ...(duration === undefined ? {} : { durationSeconds: duration }),
    unit,
    periods: periods.map(({ start_period, limit }) => ({ startSeconds: start_period, limit })),
  };
}

/** Downwards: never more than holds (OCPI mod_charging_profiles, ChargingProfilePeriod: one digit at most). */
function oneDecimal(limit: number): number {
  return Number(Decimal.fromJsonNumber(limit).toScale(1, 'floor').toString());
}

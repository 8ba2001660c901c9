// How fast sessions charge that cross networks: what their payer wants of them, and what holds (OCPI 2.3.0 mod_charging_profiles, mod_sessions).
import { type Static, Type } from '@sinclair/typebox';
import { RateUnit } from './charging-profile';
import { registryRequest } from './flow-declarations';
import { PartyKey } from './party';
import { AskedInstant, DecimalText, Instant } from './values';

const period = Type.Object({
  startSeconds: Type.Integer({ minimum: 0, description: 'From the start of the limits; 0 for the first period' }),
  limit: Type.Number({ minimum: 0, description: 'A of each phase, or W of all together; one decimal at most' }),
});
const durationSeconds = Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description: 'Without end where absent' }));

export const ProfileLimits = Type.Object({
  startAt: Type.Optional(Type.String({ ...AskedInstant, description: 'With the start of charging where absent' })),
  durationSeconds,
  unit: RateUnit,
  minimumRate: Type.Optional(Type.Number({ minimum: 0, description: 'Below it the vehicle charges badly' })),
  periods: Type.Array(period, { minItems: 1, maxItems: 1024 }),
});
export type ProfileLimits = Static<typeof ProfileLimits>;

/** As the station has calculated it from everything that limits the session. */
export const ActiveLimits = Type.Object({ startAt: Instant, durationSeconds, unit: RateUnit, periods: Type.Array(period) });
export type ActiveLimits = Static<typeof ActiveLimits>;

export const ProfileType = Type.Union([Type.Literal('CHEAP'), Type.Literal('FAST'), Type.Literal('GREEN'), Type.Literal('REGULAR')]);
export type ProfileType = Static<typeof ProfileType>;

export const DriverPreferences = Type.Object({
  profileType: ProfileType,
  departureAt: Type.Optional(AskedInstant),
  /** What is still to be charged. */
  energyWh: Type.Optional(DecimalText),
  dischargeAllowed: Type.Optional(Type.Boolean()),
});
export type DriverPreferences = Static<typeof DriverPreferences>;

/** OCPI ChargingPreferencesResponse. */
export const PreferencesAnswer = Type.Union([
  Type.Literal('ACCEPTED'),
  Type.Literal('DEPARTURE_REQUIRED'),
  Type.Literal('ENERGY_NEED_REQUIRED'),
  Type.Literal('NOT_POSSIBLE'),
  Type.Literal('PROFILE_TYPE_NOT_SUPPORTED'),
]);
export type PreferencesAnswer = Static<typeof PreferencesAnswer>;

/** Which, not what: whoever tells a partner asks the station when it is told. `cause`: of the command that it follows from, if one. */
export const ChargingProfilesChanged = Type.Object({ party: PartyKey, stationId: Type.String(), changedAt: Instant, cause: Type.String() });
export type ChargingProfilesChanged = Static<typeof ChargingProfilesChanged>;

export const preferenceRequests = {
  /** `not-supported` where nothing is shared that preferences could change. */
  preferCharging: registryRequest(
    'prefer-charging',
    ['ocpi-bridge'],
    Type.Object({
      stationId: Type.String({ minLength: 1, maxLength: 48 }),
      transactionId: Type.String({ maxLength: 64 }),
      preferences: DriverPreferences,
      cause: Type.String({ maxLength: 64 }),
    }),
    Type.Object({ answer: PreferencesAnswer }),
    8_000,
  ),
};

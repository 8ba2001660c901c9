// What an operator wants of how a station charges, as CALLs in the words of OCPP 2.1. Pure; throws a Problem for what a station would have to
// refuse, before anything is sent.
import { type OperationParameters, Problem } from '@evenkeel/contracts';
import type { NewValues, StationAbilities } from '../command/wanted-call';
import { call, type NeutralWish } from '../command/wanted-call';
import type { ChargingKnowledge } from './charging-knowledge';
import type { Profile, RateUnit } from './charging-rate';
import { evseOf, inSupportedUnit, installedIdAt } from './profile-for-station';
import { assertAllowed } from './profile-rules';

type Wishes = readonly NeutralWish[];

const PURPOSES = ['ChargingStationMaxProfile', 'TxDefaultProfile', 'TxProfile'] as const;
const STACK_LEVEL = 0;

export const chargingOperations = {
  limit: (parameters: OperationParameters<'limit'>, { charging }: StationAbilities, numbers: NewValues): Wishes => {
    const { transactionId, limit, unit, durationSeconds } = parameters;
    const evseId = parameters.evseId ?? (transactionId === undefined ? 0 : evseOf(transactionId, charging));
    const purpose = transactionId !== undefined ? 'TxProfile' : evseId === 0 ? 'ChargingStationMaxProfile' : 'TxDefaultProfile';
    const profile = constantProfile({ limit, unit }, purpose, numbers, durationSeconds);
    return [setProfile(evseId, transactionId === undefined ? profile : { ...profile, transactionId }, charging, numbers)];
  },
  'charging-profile': (
    { evseId, profile }: OperationParameters<'charging-profile'>,
    { charging }: StationAbilities,
    numbers: NewValues,
  ): Wishes => {
    const chargingSchedule = profile.chargingSchedule.map((schedule, index) => ({ ...schedule, id: index + 1 }));
    return [setProfile(evseId, { ...profile, chargingSchedule } as Omit<Profile, 'id'>, charging, numbers)];
  },
  'clear-limits': ({ evseId, of }: OperationParameters<'clear-limits'>): Wishes =>
    // OCPP 2.1 K10.FR.02: at least one criterion; the external constraints are never ours to clear.
    (of === undefined ? PURPOSES.map((chargingProfilePurpose) => ({ chargingProfilePurpose })) : [of]).map((place) =>
      call('ClearChargingProfile', { chargingProfileCriteria: { ...place, ...(evseId === undefined ? {} : { evseId }) } }),
    ),
  'read-limits': ({ evseId = 0, durationSeconds, unit }: OperationParameters<'read-limits'>): Wishes => [
    call('GetCompositeSchedule', { evseId, duration: durationSeconds, ...(unit === undefined ? {} : { chargingRateUnit: unit }) }),
  ],
  'use-priority-charging': (
    { transactionId, activate }: OperationParameters<'use-priority-charging'>,
    { version, charging }: StationAbilities,
  ): Wishes => {
    assertVersion21(version, 'priority charging');
    evseOf(transactionId, charging);
    return [call('UsePriorityCharging', { transactionId, activate })];
  },
  'update-dynamic-schedule': (
    { profileId, update }: OperationParameters<'update-dynamic-schedule'>,
    { version, charging }: StationAbilities,
  ): Wishes => {
    assertVersion21(version, 'dynamic profiles');
    const profile = charging.installed.find(({ chargingProfile: { id } }) => id === profileId)?.chargingProfile;
    if (profile !== undefined && profile.chargingProfileKind !== 'Dynamic') {
      throw new Problem('conflict', `profile ${profileId} is not a dynamic one`);
    }
    return [call('UpdateDynamicSchedule', { chargingProfileId: profileId, scheduleUpdate: update })];
  },
};

/** The profile goes with the request to start: its transaction has no id yet (OCPP 2.0.1 F01.FR.10, OCPP 1.6 section 5.11). */
export function startingProfile(
  limit: { limit: number; unit: RateUnit },
  evseId: number | undefined,
  charging: ChargingKnowledge,
  numbers: NewValues,
): Profile {
  const profile = constantProfile(limit, 'TxProfile', numbers);
  const only = charging.evses.length === 1 ? charging.evses[0]?.evseId : undefined;
  const place = evseId ?? only;
  return { ...(place === undefined ? profile : inSupportedUnit({ ...profile, id: 0 }, place, charging)), id: numbers.next() };
}

/** @throws Problem where the station speaks an older version. */
export function assertVersion21(version: string, what: string): void {
  if (version !== '2.1') throw new Problem('not-supported', `OCPP ${version} has no ${what}`);
}

function setProfile(
  evseId: number,
  wanted: Omit<Profile, 'id'> & { readonly id?: number | undefined },
  charging: ChargingKnowledge,
  numbers: NewValues,
): NeutralWish {
  const id = wanted.id ?? installedIdAt(evseId, wanted, charging) ?? numbers.next();
  const chargingProfile = inSupportedUnit({ ...wanted, id }, evseId, charging);
  assertAllowed(evseId, chargingProfile, charging);
  return call('SetChargingProfile', { evseId, chargingProfile });
}

function constantProfile(
  { limit, unit }: { limit: number; unit: RateUnit },
  chargingProfilePurpose: Profile['chargingProfilePurpose'],
  { now }: NewValues,
  duration?: number,
): Omit<Profile, 'id'> {
  return {
    stackLevel: STACK_LEVEL,
    chargingProfilePurpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: [
      {
        id: 1,
        startSchedule: now,
        chargingRateUnit: unit,
        chargingSchedulePeriod: [{ startPeriod: 0, limit }],
        ...(duration === undefined ? {} : { duration }),
      },
    ],
  };
}

// What a driver wants: what is missing in it, and the rate that follows from it.
import type { DriverPreferences } from '@evenkeel/contracts';
import { neededW, preferenceDocument, refusalOf } from './preferences';

const now = new Date('2026-03-01T10:00:00.000Z');
const departureAt = '2026-03-01T12:00:00.000Z';

describe('what a driver wants', () => {
  it.each<[string, Omit<DriverPreferences, 'profileType'>, string | undefined]>([
    ['nothing special', {}, undefined],
    ['energy until then', { departureAt, energyWh: '10000' }, undefined],
    ['discharging allowed, which nobody has to use', { dischargeAllowed: true }, undefined],
    ['energy at some time', { energyWh: '10000' }, 'DEPARTURE_REQUIRED'],
    ['to leave with whatever', { departureAt }, 'ENERGY_NEED_REQUIRED'],
    ['energy until a time that is over', { departureAt: now.toISOString(), energyWh: '1' }, 'NOT_POSSIBLE'],
    ['energy taken away', { departureAt, energyWh: '-1' }, 'NOT_POSSIBLE'],
  ])('%s is answered', (_, preferences, expected) => {
    expect(refusalOf({ profileType: 'REGULAR', ...preferences }, now)).toBe(expected);
  });

  it.each(['CHEAP', 'FAST', 'GREEN'] as const)('%s is no profile type of ours', (profileType) => {
    expect(refusalOf({ profileType, departureAt, energyWh: '1' }, now)).toBe('PROFILE_TYPE_NOT_SUPPORTED');
  });

  it('is a rate from when it was said until the driver leaves', () => {
    const document = preferenceDocument({ profileType: 'REGULAR', departureAt, energyWh: '10000' }, now.toISOString());
    expect(neededW(document, now)).toBe(5_000);
    expect(neededW(document, new Date('2026-03-01T11:59:00.000Z'))).toBe(5_000);
    expect(neededW(document, new Date(departureAt))).toBeUndefined();
    expect(neededW(preferenceDocument({ profileType: 'REGULAR' }, now.toISOString()), now)).toBeUndefined();
    expect(neededW(undefined, now)).toBeUndefined();
  });
});

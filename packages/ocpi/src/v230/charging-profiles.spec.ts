// Charging profiles and preferences in OCPI 2.3.0, which is the canonical form, and in 2.2.1; 2.1.1 has neither.
import type { ActiveLimits, DriverPreferences, ProfileLimits } from '@evenkeel/contracts';
import { v211 } from '../v211/v211';
import { v221 } from '../v221/v221';
import { canonical } from './canonical';
import { v230 } from './v230';

const owner = { owner: 'US-MOB' } as const;
const response_url = 'https://mob.example/ocpi/emsp/2.2.1/chargingprofiles/SET_PROFILE/1';
const limits: ProfileLimits = {
  ...{ startAt: '2026-05-01T10:00:00.000Z', durationSeconds: 3600, unit: 'A', minimumRate: 6 },
  periods: [
    { startSeconds: 0, limit: 16 },
    { startSeconds: 900, limit: 8.1 },
  ],
};
const wire = {
  ...{ start_date_time: '2026-05-01T10:00:00.000Z', duration: 3600, charging_rate_unit: 'A', min_charging_rate: 6 },
  charging_profile_period: [
    { start_period: 0, limit: 16 },
    { start_period: 900, limit: 8.1 },
  ],
};

it('OCPI 2.1.1 has none', () => {
  expect(v211.profiles).toBeUndefined();
});

describe.each([v230, v221])('charging profiles of OCPI $number', ({ profiles }) => {
  if (!profiles) throw new Error('the version has them');

  it.each([
    ['a profile that is to be set', profiles.set, { charging_profile: wire, response_url }],
    ['one with nothing but a unit', profiles.set, { charging_profile: { charging_rate_unit: 'W' }, response_url }],
    ['what holds', profiles.active, { start_date_time: wire.start_date_time, charging_profile: wire }],
    ['an answer', profiles.response, { result: 'TOO_OFTEN', timeout: 60 }],
    ['a result', profiles.setResult, { result: 'REJECTED' }],
    ['a result of clearing', profiles.clearResult, { result: 'UNKNOWN' }],
    [
      'a result of reading',
      profiles.activeResult,
      { result: 'ACCEPTED', profile: { start_date_time: wire.start_date_time, charging_profile: wire } },
    ],
    ['what a driver wants', profiles.preferences, { profile_type: 'GREEN', departure_time: '2026-05-01T18:00:00.000Z', energy_need: 12.5 }],
    ['the answer to that', profiles.preferencesResponse, 'DEPARTURE_REQUIRED'],
  ] as const)('%s comes back as it was', (_, object, value) => {
    expect(object.write(value as never)).toEqual({ ok: true, wire: value, losses: [] });
    expect(object.read(value, owner)).toEqual({ ok: true, value });
  });

  it('are read with what we do not know in them', () => {
    const sent = { charging_profile: { ...wire, color: 'red', duration: null, charging_rate_unit: 'VA' }, response_url };
    expect(profiles.set.read(sent, owner)).toMatchObject({ ok: true, value: { charging_profile: { color: 'red' } } });
    expect(profiles.response.read({ result: 'LATER', timeout: 2.5 }, owner)).toMatchObject({ ok: true });
    expect(profiles.response.read({ result: 'REJECTED' }, owner)).toEqual({ ok: true, value: { result: 'REJECTED' } });
  });

  it.each([
    ['without an address', { charging_profile: wire }],
    ['without a unit', { charging_profile: { ...wire, charging_rate_unit: undefined }, response_url }],
    ['with a period without a limit', { charging_profile: { ...wire, charging_profile_period: [{ start_period: 0 }] }, response_url }],
    [
      'with a period before its beginning',
      { charging_profile: { ...wire, charging_profile_period: [{ start_period: -1, limit: 6 }] }, response_url },
    ],
  ])('%s are not read', (_, body) => {
    expect(profiles.set.read(body, owner).ok).toBe(false);
  });

  it('are written only as a strict reader takes them', () => {
    expect(profiles.response.write({ result: 'ACCEPTED', timeout: 2.5 }).ok).toBe(false);
    expect(profiles.response.write({ result: 'ACCEPTED' } as never).ok).toBe(false);
    expect(profiles.setResult.write({ result: 'TIMEOUT' }).ok).toBe(false);
    expect(profiles.set.write({ charging_profile: { ...wire, charging_rate_unit: 'VA' }, response_url }).ok).toBe(false);
    expect(profiles.preferencesResponse.write('MAYBE').ok).toBe(false);
    expect(profiles.preferences.write({ profile_type: 'SLOW' }).ok).toBe(false);
  });
});

describe('charging profiles', () => {
  it('are ours, and come back', () => {
    expect(canonical.profile.write(limits)).toEqual(wire);
    expect(canonical.profile.read(wire)).toEqual({ ok: true, value: limits });
    const active: ActiveLimits = { startAt: '2026-05-01T10:00:00.000Z', unit: 'W', periods: [{ startSeconds: 0, limit: 0 }] };
    expect(canonical.activeProfile.read(canonical.activeProfile.write(active))).toEqual({ ok: true, value: active });
  });

  it('say at most one decimal, and never more than holds', () => {
    const { charging_profile_period: [period] = [] } = canonical.profile.write({
      unit: 'W',
      periods: [{ startSeconds: 0, limit: 6_999.96 }],
    });
    expect(period?.limit).toBe(6_999.9);
  });

  it('that nobody can carry out are not ours', () => {
    expect(canonical.profile.read({ ...wire, charging_profile_period: [] }).ok).toBe(false);
    expect(canonical.profile.read({ ...wire, charging_rate_unit: 'VA' }).ok).toBe(false);
    expect(canonical.profile.read({ ...wire, charging_profile_period: [{ start_period: 0, limit: -1 }] }).ok).toBe(false);
    expect(canonical.profile.read({ ...wire, duration: 1.5 }).ok).toBe(false);
    expect(canonical.activeProfile.read({ start_date_time: wire.start_date_time, charging_profile: { charging_rate_unit: 'VA' } }).ok).toBe(
      false,
    );
  });
});

describe('preferences', () => {
  it('are ours, and come back: energy in Wh', () => {
    const wanted: DriverPreferences = {
      ...{ profileType: 'REGULAR', departureAt: '2026-05-01T18:00:00.000Z', energyWh: '12500', dischargeAllowed: false },
    };
    const said = canonical.preferences.write(wanted);
    expect(said).toEqual({
      profile_type: 'REGULAR',
      departure_time: '2026-05-01T18:00:00.000Z',
      energy_need: 12.5,
      discharge_allowed: false,
    });
    expect(canonical.preferences.read(said)).toEqual(wanted);
    expect(canonical.preferences.read({ profile_type: 'SLOW' })).toBeUndefined();
  });
});

describe('what an EVSE can', () => {
  const evse = {
    ...{ uid: 'E1', status: 'AVAILABLE', last_updated: '2026-05-01T10:00:00.000Z' },
    connectors: [
      {
        ...{ id: '1', standard: 'IEC_62196_T2', format: 'SOCKET', power_type: 'AC_1_PHASE', max_voltage: 230, max_amperage: 32 },
        last_updated: '2026-05-01T10:00:00.000Z',
      },
    ],
    capabilities: ['CHARGING_PROFILE_CAPABLE', 'CHARGING_PREFERENCES_CAPABLE'],
  };

  it.each([v230, v221])('is said in OCPI $number', (version) => {
    expect(version.evse.write(evse)).toMatchObject({ ok: true, wire: { capabilities: evse.capabilities }, losses: [] });
  });

  it('is said in OCPI 2.1.1 as far as it has words', () => {
    const losses = ['of what EVSE E1 can CHARGING_PREFERENCES_CAPABLE is not said'];
    expect(v211.evse.write(evse)).toMatchObject({ ok: true, wire: { capabilities: ['CHARGING_PROFILE_CAPABLE'] }, losses });
  });
});

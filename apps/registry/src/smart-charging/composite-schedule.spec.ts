import fc from 'fast-check';
import { circumstancesOf } from './charging-knowledge';
import type { Profile, RateUnit } from './charging-rate';
import { compositeCheck } from './composite-check';
import { compositeSchedule, type InstalledProfile, rateAt } from './composite-schedule';
import { AT, ended, evse, install, knowledgeOf, notice, profile, started, TX, variables } from './station-under-test';

const FROM = new Date(AT);
const HOUR = 3_600;
const after = (seconds: number) => new Date(FROM.getTime() + seconds * 1_000).toISOString();

function schedule(unit: RateUnit, limits: Readonly<Record<number, number>>, more: object = {}): Profile['chargingSchedule'][number] {
  const chargingSchedulePeriod = Object.entries(limits).map(([startPeriod, limit]) => ({ startPeriod: Number(startPeriod), limit }));
  return { id: 1, startSchedule: AT, chargingRateUnit: unit, chargingSchedulePeriod, ...more };
}

/** What follows for EVSE 1 of a station with two, in which a transaction runs, for two hours. */
function following(unit: RateUnit, ...profiles: [evseId: number, profile: Profile][]) {
  const installs = profiles.map(([evseId, each], index) => install(evseId, { ...each, id: index + 1 }));
  return compositeSchedule(circumstancesOf(knowledgeOf('2.1', [evse(1), evse(2)], started(1), ...installs), 1, unit), FROM, 2 * HOUR);
}

describe('a composite schedule', () => {
  it('K08: is what the EVSE can do where nothing limits it', () => {
    expect(following('A')).toEqual([{ startPeriod: 0, limit: 32 }]);
    expect(following('W')).toEqual([{ startPeriod: 0, limit: 22_080 }]);
  });

  it('K01.FR.35: has the TxProfile in the place of the default, and never more than the station may', () => {
    const ofTransaction = profile('TxProfile', 15_000, { transactionId: TX });
    expect(following('W', [0, profile('TxDefaultProfile', 7_000)], [1, ofTransaction])).toEqual([{ startPeriod: 0, limit: 15_000 }]);
    expect(following('W', [0, profile('ChargingStationMaxProfile', 9_000)], [1, ofTransaction])).toEqual([
      { startPeriod: 0, limit: 9_000 },
    ]);
    expect(following('W', [1, profile('TxProfile', 15_000, { transactionId: 'another' })])).toEqual([{ startPeriod: 0, limit: 22_080 }]);
  });

  it('K01.FR.14: has the highest stack level, and a lower one where that one is silent', () => {
    const high = profile('TxDefaultProfile', 0, {
      stackLevel: 3,
      chargingSchedule: [schedule('W', { 0: 4_000, 600: 6_000 }, { duration: HOUR })],
    });
    expect(following('W', [0, profile('TxDefaultProfile', 11_000)], [1, high])).toEqual([
      { startPeriod: 0, limit: 4_000 },
      { startPeriod: 600, limit: 6_000 },
      { startPeriod: HOUR, limit: 11_000 },
    ]);
  });

  it('K01: a recurring profile comes again, within validFrom and validTo', () => {
    const daily = profile('TxDefaultProfile', 0, {
      chargingProfileKind: 'Recurring',
      recurrencyKind: 'Daily',
      validFrom: after(600),
      validTo: after(2 * HOUR - 600),
      chargingSchedule: [schedule('W', { 0: 5_000 }, { startSchedule: after(-3 * 86_400 - HOUR), duration: 2 * HOUR })],
    });
    expect(following('W', [0, daily])).toEqual([
      { startPeriod: 0, limit: 22_080 },
      { startPeriod: 600, limit: 5_000 },
      { startPeriod: HOUR, limit: 22_080 },
    ]);
  });

  it('K01: a relative profile begins with its transaction', () => {
    const { startSchedule: _, ...relative } = schedule('W', { 0: 3_000, [HOUR]: 8_000 });
    expect(
      following('W', [1, profile('TxProfile', 0, { transactionId: TX, chargingProfileKind: 'Relative', chargingSchedule: [relative] })]),
    ).toEqual([
      { startPeriod: 0, limit: 3_000 },
      { startPeriod: HOUR, limit: 8_000 },
    ]);
  });

  it('K08: amperes are watts by voltage and phases, also of a period on one phase', () => {
    const onePhase = profile('TxDefaultProfile', 0, {
      chargingSchedule: [{ ...schedule('A', {}), chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 1 }] }],
    });
    expect(following('W', [0, onePhase])).toEqual([{ startPeriod: 0, limit: 3_680, numberPhases: 1 }]);
    expect(following('W', [0, profile('TxDefaultProfile', 0, { chargingSchedule: [schedule('A', { 0: 16 })] })])[0]?.limit).toBe(11_040);
    expect(following('A', [0, profile('TxDefaultProfile', 11_040)])[0]?.limit).toBe(16);
  });

  it('K27, Q: local generation comes on top, and of limits of discharging the nearer to zero holds', () => {
    const limits: [number, Profile][] = [
      [0, profile('ChargingStationMaxProfile', 4_000)],
      [0, profile('LocalGeneration', 3_000)],
    ];
    expect(following('W', ...limits)).toEqual([{ startPeriod: 0, limit: 7_000 }]);
    const discharging = (dischargeLimit: number, purpose: Profile['chargingProfilePurpose'], more: Partial<Profile> = {}) =>
      profile(purpose, 0, {
        ...more,
        chargingSchedule: [{ ...schedule('W', {}), chargingSchedulePeriod: [{ startPeriod: 0, limit: 5_000, dischargeLimit }] }],
      });
    expect(
      following('W', [0, discharging(-2_000, 'ChargingStationMaxProfile')], [1, discharging(-9_000, 'TxProfile', { transactionId: TX })]),
    ).toEqual([{ startPeriod: 0, limit: 5_000, dischargeLimit: -2_000 }]);
  });

  it('K21: the priority profile holds while the driver has priority', () => {
    const set = [
      install(1, profile('TxProfile', 3_000, { transactionId: TX })),
      install(0, profile('PriorityCharging', 20_000, { id: 2 })),
    ];
    const priority = notice('NotifyPriorityCharging', { transactionId: TX, activated: true });
    const limitAfter = (...news: Parameters<typeof knowledgeOf>[2][]) =>
      rateAt(circumstancesOf(knowledgeOf('2.1', [evse(1)], started(1), ...set, ...news), 1, 'W'), FROM.getTime()).limit;
    expect([limitAfter(), limitAfter(priority)]).toEqual([3_000, 20_000]);
  });

  it('K12: what others have limited holds too, until it is taken back', () => {
    const limit = notice('NotifyChargingLimit', {
      evseId: 1,
      chargingLimit: { chargingLimitSource: 'EMS' },
      chargingSchedule: [schedule('W', { 0: 6_000, 600: 2_000 })],
    });
    const cleared = notice('ClearedChargingLimit', { evseId: 1, chargingLimitSource: 'EMS' });
    const over = (...news: Parameters<typeof knowledgeOf>[2][]) =>
      compositeSchedule(circumstancesOf(knowledgeOf('2.1', [evse(1)], ...news), 1, 'W'), FROM, HOUR).map(({ limit: each }) => each);
    expect([over(limit), over(limit, cleared)]).toEqual([[6_000, 2_000], [22_080]]);
  });

  it('K15: of several schedules the one that the vehicle has chosen holds', () => {
    const two = profile('TxProfile', 0, {
      transactionId: TX,
      chargingSchedule: [schedule('W', { 0: 1_000 }), { ...schedule('W', { 0: 2_000 }), id: 2 }],
    });
    const chosen = notice('NotifyEVChargingSchedule', { evseId: 1, timeBase: AT, chargingSchedule: {}, selectedChargingScheduleId: 2 });
    const limit = (...news: Parameters<typeof knowledgeOf>[2][]) =>
      rateAt(circumstancesOf(knowledgeOf('2.1', [evse(1)], started(1), install(1, two), ...news), 1, 'W'), FROM.getTime()).limit;
    expect([limit(), limit(chosen)]).toEqual([1_000, 2_000]);
  });

  it('K28: a dynamic profile has the rates of its newest update, and a TxProfile ends with its transaction', () => {
    const dynamic = profile('TxProfile', 5_000, { transactionId: TX, chargingProfileKind: 'Dynamic' });
    const update = {
      kind: 'call' as const,
      action: 'UpdateDynamicSchedule',
      request: { chargingProfileId: 1, scheduleUpdate: { limit: 900 } },
      answer: { status: 'Accepted' },
      at: AT,
    };
    const limit = (...news: Parameters<typeof knowledgeOf>[2][]) =>
      rateAt(circumstancesOf(knowledgeOf('2.1', [evse(1)], started(1), install(1, dynamic), update, ...news), 1, 'W'), FROM.getTime())
        .limit;
    expect([limit(), limit(ended())]).toEqual([900, 22_080]);
  });
});

const anyPeriods = fc
  .uniqueArray(fc.integer({ min: 1, max: 7_000 }), { maxLength: 4 })
  .map((starts) => [0, ...starts.sort((one, other) => one - other)])
  .chain((starts) =>
    fc.tuple(...starts.map((startPeriod) => fc.integer({ min: 0, max: 30_000 }).map((limit) => ({ startPeriod, limit })))),
  );
const anyProfile: fc.Arbitrary<InstalledProfile> = fc
  .record({
    evseId: fc.constantFrom(0, 1, 2),
    purpose: fc.constantFrom('ChargingStationMaxProfile', 'TxDefaultProfile', 'TxProfile', 'ChargingStationExternalConstraints'),
    stackLevel: fc.integer({ min: 0, max: 3 }),
    kind: fc.constantFrom('Absolute', 'Relative', 'Recurring'),
    startsIn: fc.integer({ min: -100_000, max: 7_000 }),
    duration: fc.option(fc.integer({ min: 1, max: 9_000 }), { nil: undefined }),
    validFromIn: fc.option(fc.integer({ min: -5_000, max: 7_000 }), { nil: undefined }),
    periods: anyPeriods,
  })
  .map(({ evseId, purpose, stackLevel, kind, startsIn, duration, validFromIn, periods }) => ({
    evseId,
    chargingProfile: profile(purpose as Profile['chargingProfilePurpose'], 0, {
      stackLevel,
      chargingProfileKind: kind as Profile['chargingProfileKind'],
      ...(kind === 'Recurring' ? { recurrencyKind: 'Daily' as const } : {}),
      ...(validFromIn === undefined ? {} : { validFrom: after(validFromIn) }),
      chargingSchedule: [
        {
          id: 1,
          chargingRateUnit: 'W',
          chargingSchedulePeriod: periods,
          ...(kind === 'Relative' ? {} : { startSchedule: after(startsIn) }),
          ...(duration === undefined ? {} : { duration }),
        },
      ],
    }),
  }));

describe('every composite schedule', () => {
  const given = (profiles: readonly InstalledProfile[]) => ({
    ...circumstancesOf(knowledgeOf('2.1', [evse(1), evse(2)], started(1, TX, after(-900))), 1, 'W'),
    profiles,
  });

  it('K08: says at each moment what holds at that moment, in rising periods from 0', () => {
    fc.assert(
      fc.property(fc.array(anyProfile, { maxLength: 6 }), fc.integer({ min: 0, max: 2 * HOUR - 1 }), (profiles, second) => {
        const periods = compositeSchedule(given(profiles), FROM, 2 * HOUR);
        expect(periods[0]?.startPeriod).toBe(0);
        expect(periods.every(({ startPeriod }, index) => index === 0 || startPeriod > (periods[index - 1]?.startPeriod ?? 0))).toBe(true);
        const said = periods.filter(({ startPeriod }) => startPeriod <= second).at(-1)?.limit;
        expect(said).toBe(rateAt(given(profiles), FROM.getTime() + second * 1_000).limit);
      }),
    );
  });

  it('K08: is never above what the station may draw or what others have set, and another limit never raises it', () => {
    fc.assert(
      fc.property(fc.array(anyProfile, { maxLength: 5 }), anyProfile, fc.integer({ min: 0, max: 7_000 }), (profiles, another, second) => {
        const at = FROM.getTime() + second * 1_000;
        const more = {
          ...another,
          evseId: 0,
          chargingProfile: {
            ...another.chargingProfile,
            chargingProfilePurpose: 'ChargingStationExternalConstraints' as const,
            stackLevel: 9,
          },
        };
        const [before, with_] = [rateAt(given(profiles), at).limit ?? Infinity, rateAt(given([...profiles, more]), at).limit ?? Infinity];
        const others = profiles.filter(
          ({ chargingProfile }) => chargingProfile.chargingProfilePurpose !== 'ChargingStationExternalConstraints',
        );
        expect(with_).toBeLessThanOrEqual(Math.max(before, rateAt(given(others), at).limit ?? Infinity));
      }),
    );
  });
});

describe('what a station says of its schedule', () => {
  const reported = (limit: number, unit: RateUnit = 'W') => ({
    action: 'GetCompositeSchedule',
    request: { evseId: 1, duration: HOUR },
    answer: {
      status: 'Accepted',
      schedule: {
        evseId: 1,
        duration: HOUR,
        scheduleStart: AT,
        chargingRateUnit: unit,
        chargingSchedulePeriod: [{ startPeriod: 0, limit }],
      },
    },
  });
  const knowledge = knowledgeOf(
    '2.1',
    [evse(1)],
    started(1),
    variables({}),
    install(1, profile('TxProfile', 11_040, { transactionId: TX })),
  );
  const check = (answer: Parameters<typeof compositeCheck>[0]) => compositeCheck(answer, knowledge, FROM)?.differs;

  it('C6-05, K08: is held against what should follow, in the unit that it uses', () => {
    expect(check(reported(11_040))).toEqual([]);
    expect(check(reported(16, 'A'))).toEqual([]);
    expect(check(reported(22_000))).toEqual([{ startPeriod: 0, expected: 11_040, reported: 22_000 }]);
    expect(check(reported(7_000))).toEqual([{ startPeriod: 0, expected: 11_040, reported: 7_000 }]);
  });

  it('C6-05: an accepted question without a schedule says that nothing limits the station', () => {
    expect(check({ ...reported(0), answer: { status: 'Accepted' } })).toEqual([{ startPeriod: 0, expected: 11_040 }]);
    expect(check({ ...reported(0), answer: { status: 'Rejected' } })).toBeUndefined();
  });
});

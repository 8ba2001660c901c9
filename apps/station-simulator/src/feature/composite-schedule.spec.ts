import { allowedEnergyWh, type ChargingProfile, compositeSchedule, limitAt } from './composite-schedule';

const T = Date.parse('2026-03-01T10:00:00Z');
const MINUTE = 60_000;
const SUPPLY = { voltage: 230, phases: 3 };
const running = { transactionId: 'tx', startedAt: T, hasPriority: false };

let ids = 0;
function profile(
  purpose: ChargingProfile['purpose'],
  limits: ReadonlyArray<readonly [number, number]>,
  more: Partial<ChargingProfile> = {},
): ChargingProfile {
  ids += 1;
  return {
    id: ids,
    evseId: 1,
    stackLevel: 0,
    purpose,
    kind: 'Relative',
    recurrency: undefined,
    validFrom: undefined,
    validTo: undefined,
    transactionId: undefined,
    unit: 'W',
    startsAt: undefined,
    durationSeconds: undefined,
    periods: limits.map(([startSeconds, limit]) => ({ startSeconds, limit, phases: undefined })),
    source: 'CSO',
    wire: {},
    ...more,
  };
}

const at = (profiles: readonly ChargingProfile[], minutes = 0) => limitAt(profiles, T + minutes * MINUTE, running, SUPPLY);

describe('the limit at a moment', () => {
  it('K08: nothing when no profile says anything', () => {
    expect(at([])).toBeUndefined();
  });

  it('K01.FR.14: the highest stack level decides, a lower one where it is silent', () => {
    const low = profile('TxDefaultProfile', [[0, 11_000]]);
    const high = profile('TxDefaultProfile', [[0, 6_000]], { stackLevel: 3, durationSeconds: 600 });
    expect([at([low, high], 5), at([low, high], 15)]).toEqual([6_000, 11_000]);
  });

  it('K01.FR.35: a TxProfile replaces the TxDefaultProfile, also upwards', () => {
    expect(at([profile('TxDefaultProfile', [[0, 6_000]]), profile('TxProfile', [[0, 11_000]], { transactionId: 'tx' })])).toBe(11_000);
    expect(at([profile('TxDefaultProfile', [[0, 6_000]]), profile('TxProfile', [[0, 11_000]], { transactionId: 'other' })])).toBe(6_000);
  });

  it('K01.FR.38: the station limit holds over all transactions', () => {
    const station = profile('ChargingStationMaxProfile', [[0, 4_000]], { evseId: 0 });
    expect(at([station, profile('TxProfile', [[0, 11_000]])])).toBe(4_000);
  });

  it('amperes become watts by voltage and phases: 16 A on three phases is 11040 W, on one 3680 W', () => {
    const ampere = profile('TxDefaultProfile', [[0, 16]], { unit: 'A' });
    expect(at([ampere])).toBe(11_040);
    expect(at([{ ...ampere, periods: [{ startSeconds: 0, limit: 16, phases: 1 }] }])).toBe(3_680);
  });

  it('a daily profile comes again every day at its time', () => {
    const nightly = profile('TxDefaultProfile', [[0, 11_000]], {
      kind: 'Recurring',
      recurrency: 'Daily',
      startsAt: T - 7 * 86_400_000 + 30 * MINUTE,
      durationSeconds: 3600,
    });
    expect([at([nightly], 0), at([nightly], 31), at([nightly], 91)]).toEqual([undefined, 11_000, undefined]);
  });

  it('K21: a priority profile counts only while the session has priority', () => {
    const profiles = [profile('TxProfile', [[0, 3_000]]), profile('PriorityCharging', [[0, 22_000]])];
    expect(limitAt(profiles, T, running, SUPPLY)).toBe(3_000);
    expect(limitAt(profiles, T, { ...running, hasPriority: true }, SUPPLY)).toBe(22_000);
  });
});

describe('the composite schedule', () => {
  it('K08.FR.04: turns where some profile turns, and holds the hardware limit elsewhere', () => {
    const station = profile('ChargingStationMaxProfile', [[0, 9_000]], { evseId: 0, validFrom: T + 10 * MINUTE, validTo: T + 20 * MINUTE });
    const transaction = profile('TxProfile', [
      [0, 11_000],
      [900, 5_000],
    ]);
    expect(compositeSchedule([station, transaction], T, 1_800, running, SUPPLY, 22_080)).toEqual([
      { startSeconds: 0, limitW: 11_000 },
      { startSeconds: 600, limitW: 9_000 },
      { startSeconds: 900, limitW: 5_000 },
    ]);
    expect(compositeSchedule([], T, 1_800, undefined, SUPPLY, 22_080)).toEqual([{ startSeconds: 0, limitW: 22_080 }]);
  });

  it('an hour at 11 kW for 15 minutes and 5 kW for 45 is 2750 + 3750 Wh', () => {
    const transaction = profile('TxProfile', [
      [0, 11_000],
      [900, 5_000],
    ]);
    expect(allowedEnergyWh([transaction], T, T + 60 * MINUTE, running, SUPPLY, 22_080)).toBe(6_500);
  });
});

// Random sessions as a ledger might hand them over: reservations, charging and parking in any order, periods without length or energy, odd
// readings, and above all starts on round times around the nights on which clocks change, where mistakes live.
import type { ChargingPeriod, PeriodKind, SessionToPrice } from '../charging-period';
import type { SeededRandom } from './seeded-random';

export interface RandomSession {
  readonly timeZone: string;
  readonly session: SessionToPrice;
}

// With the nights of 2026 on which the clock of each changes, by a whole hour or by half of one. Morocco's clock goes back for Ramadan.
const ZONES: readonly { readonly timeZone: string; readonly days: readonly string[] }[] = [
  { timeZone: 'America/Los_Angeles', days: ['2026-03-08', '2026-11-01'] },
  { timeZone: 'America/St_Johns', days: ['2026-03-08', '2026-11-01'] },
  { timeZone: 'Europe/Berlin', days: ['2026-03-29', '2026-10-25'] },
  { timeZone: 'Africa/Casablanca', days: ['2026-02-15', '2026-03-22'] },
  { timeZone: 'Asia/Kathmandu', days: ['2026-01-01'] },
  { timeZone: 'Australia/Lord_Howe', days: ['2026-04-05', '2026-10-04'] },
  { timeZone: 'Pacific/Chatham', days: ['2026-04-05', '2026-09-27'] },
  { timeZone: 'Pacific/Kiritimati', days: ['2026-12-31'] },
  { timeZone: 'Etc/UTC', days: ['2024-02-29'] },
];

const QUARTER_HOUR = 900;

export function randomSession(random: SeededRandom): RandomSession {
  const { timeZone, days } = random.pick(ZONES);
  const day = random.chance(70) ? random.pick(days) : `2026-06-${random.between(10, 28)}`;
  let at = Date.parse(`${day}T00:00:00Z`) / 1000 + random.between(-96, 96) * QUARTER_HOUR + secondsOffTheQuarter(random);
  const startedAt = instant(at, random);

  const kinds = [
    ...(random.chance(25) ? random.list(1, 2, (): PeriodKind => 'reservation') : []),
    ...random.list(random.chance(90) ? 1 : 0, 6, (): PeriodKind => (random.chance(65) ? 'charging' : 'parking')),
  ];
  const periods = kinds.map((kind, index) => {
    const lasting = randomSeconds(random);
    const period = randomPeriod(random, kind, index === 0 ? startedAt : instant(at, random), lasting);
    at += lasting;
    return period;
  });
  const isExpired = random.chance(kinds.includes('charging') ? 10 : 50);
  return { timeZone, session: { startedAt, endedAt: instant(at, random), periods, ...(isExpired && { reservationExpired: true }) } };
}

function randomPeriod(random: SeededRandom, kind: PeriodKind, startedAt: string, lasting: number): ChargingPeriod {
  const power = random.maybe(60, () => [random.pick(POWERS_W), random.pick(POWERS_W)].sort((left, right) => left - right));
  const current = random.maybe(60, () => [random.pick(CURRENTS_A), random.pick(CURRENTS_A)].sort((left, right) => left - right));
  const reading = (value: number | undefined) => (value === undefined || random.chance(20) ? undefined : `${value}`);
  const reportedSeconds = random.maybe(12, () => random.pick([lasting, 0, lasting + 1, random.between(0, 7200)]));
  return withoutAbsent({
    startedAt,
    kind,
    energyWh: randomEnergyWh(random, kind === 'charging' ? 85 : 7),
    minPowerW: reading(power?.[0]),
    maxPowerW: reading(power?.[1]),
    minCurrentA: reading(current?.[0]),
    maxCurrentA: reading(current?.[1]),
    reportedSeconds,
    billable: random.chance(7) ? false : undefined,
  });
}

export const POWERS_W = [0, 1400, 7200, 11_000, 22_000, 50_000, 150_000];
export const CURRENTS_A = [0, 6, 16, 32, 43, 125];

function secondsOffTheQuarter(random: SeededRandom): number {
  return random.chance(70) ? 0 : random.pick([1, -1, 59, random.between(1, 899)]);
}

/** Often whole quarters of an hour, so that periods start exactly where a window does. */
function randomSeconds(random: SeededRandom): number {
  if (random.chance(8)) return 0;
  return random.chance(60) ? random.between(1, 12) * QUARTER_HOUR : random.between(1, 15_000);
}

function randomEnergyWh(random: SeededRandom, percentWithEnergy: number): string {
  if (!random.chance(percentWithEnergy)) return random.pick(['0', '0.000']);
  if (random.chance(50)) return `${random.between(1, 40) * 500}`;
  return decimalText(random.between(1, 60_000_000), 3);
}

/** Whole seconds, sometimes written with the milliseconds of a clock that counts finer; they are less than half a second. */
function instant(epochSeconds: number, random: SeededRandom): string {
  return new Date(epochSeconds * 1000 + (random.chance(10) ? random.between(0, 499) : 0)).toISOString();
}

/** `value / 10^scale` as decimal text; not for negative values. */
export function decimalText(value: number, scale: number): string {
  const digits = `${value}`.padStart(scale + 1, '0');
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Optional properties are absent, never undefined: only so does a printed case read back as the same. */
export function withoutAbsent<Shape extends object>(shape: Shape): Shape {
  for (const key in shape) if (shape[key] === undefined) delete shape[key];
  return shape;
}

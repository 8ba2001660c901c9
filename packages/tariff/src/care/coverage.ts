// Is there a moment that one set of restrictions matches and none of some others does? Exact: restrictions are compared by the engine's own
// test, at one sample of each stretch between two bounds, within which no restriction changes its mind.
//
// The restrictions fall apart into independent dimensions (calendar, energy, duration, power, current). The search fixes one dimension after
// the other and keeps those of the others that still match; where none is left, a moment is found.
import { Decimal } from '@evenkeel/money';
import { dayNumber, SECONDS_PER_DAY, secondOfDay } from '../local-time';
import { type PeriodState, prepareRestrictions, type RestrictionTest } from '../restrictions';
import type { TariffRestrictions } from '../tariff';

/** Local days since 1 January 1970; `end` is exclusive. */
export interface Days {
  readonly first?: number;
  readonly end?: number;
}

/** What a search may still cost. A tariff comes from outside, and the number of combinations grows fast. */
export interface Effort {
  testsLeft: number;
}

/**
 * @returns a moment that `target` matches and none of `others` does; 'covered' if there is none; 'unknown' when the effort is used up.
 * Reservation and booking are not compared: the caller compares like with like.
 */
export function uncoveredMoment(
  target: TariffRestrictions,
  others: readonly TariffRestrictions[],
  effort: Effort,
  days: Days = {},
): PeriodState | 'covered' | 'unknown' {
  const all = [target, ...others];
  const axes = DIMENSIONS.map((dimension): Axis => {
    const tests = others.map((other) => testIn(dimension, other));
    const targetTest = testIn(dimension, target);
    const isRestricted = targetTest !== undefined || tests.some((test) => test !== undefined);
    const samples = isRestricted || dimension === CALENDAR ? dimension.samples(all, days) : [{}];
    return { samples: samples.filter((sample) => targetTest?.({ ...ANY_MOMENT, ...sample }) ?? true), tests };
  });
  if (axes.some(({ samples }) => samples.length === 0)) return 'covered';
  effort.testsLeft -= axes.reduce((sum, { samples }) => sum + samples.length, 0);
  const found = search(
    axes,
    others.map((_, index) => index),
    0,
    ANY_MOMENT,
    effort,
  );
  return effort.testsLeft <= 0 ? 'unknown' : (found ?? 'covered');
}

/** Whether no moment at all satisfies the restrictions together. */
export function neverMatches(restrictions: TariffRestrictions): boolean {
  return uncoveredMoment(restrictions, [], { testsLeft: Number.POSITIVE_INFINITY }) === 'covered';
}

interface Axis {
  /** Within the target. */
  readonly samples: readonly Partial<PeriodState>[];
  /** One for each of the others; undefined where it does not restrict this dimension. */
  readonly tests: readonly (RestrictionTest | undefined)[];
}

function search(
  axes: readonly Axis[],
  open: readonly number[],
  depth: number,
  moment: PeriodState,
  effort: Effort,
): PeriodState | undefined {
  const [axis, ...rest] = axes.slice(depth);
  if (axis === undefined) return open.length === 0 ? moment : undefined;
  if (open.length === 0) return Object.assign({}, moment, ...[axis, ...rest].map(({ samples }) => samples[0]));
  // One that restricts nothing from here on matches whatever follows.
  if (open.some((index) => [axis, ...rest].every(({ tests }) => tests[index] === undefined))) return undefined;
  const seen = new Set<string>();
  for (const sample of axis.samples) {
    const next = { ...moment, ...sample };
    effort.testsLeft -= open.length;
    if (effort.testsLeft <= 0) return undefined;
    const matching = open.filter((index) => axis.tests[index]?.(next) ?? true);
    // What leaves the same ones open leads to the same answer.
    const key = matching.join();
    if (seen.has(key)) continue;
    seen.add(key);
    const found = search(axes, matching, depth + 1, next, effort);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Dimension {
  readonly fields: readonly (keyof TariffRestrictions)[];
  /** The most natural one first, because the first that fits becomes the example in a message. */
  samples(all: readonly TariffRestrictions[], days: Days): Partial<PeriodState>[];
}

const ANY_MOMENT: PeriodState = { local: { day: 0, secondOfDay: 0 }, energyWh: Decimal.ZERO, durationSeconds: 0 };

const CALENDAR: Dimension = { fields: ['startTime', 'endTime', 'startDate', 'endDate', 'dayOfWeek'], samples: calendar };

const DIMENSIONS: readonly Dimension[] = [
  CALENDAR,
  {
    fields: ['minKwh', 'maxKwh'],
    samples: (all) => [Decimal.ZERO, ...bounds(all, 'minKwh', 'maxKwh').filter(isPositive)].map((energyWh) => ({ energyWh })),
  },
  {
    fields: ['minDurationSeconds', 'maxDurationSeconds'],
    samples: (all) =>
      ascending([0, ...all.flatMap(({ minDurationSeconds: least, maxDurationSeconds: end }) => [least ?? 0, end ?? 0])]).map(
        (durationSeconds) => ({ durationSeconds }),
      ),
  },
  {
    fields: ['minPowerKw', 'maxPowerKw'],
    samples: (all) => readings(bounds(all, 'minPowerKw', 'maxPowerKw'), (minPowerW, maxPowerW) => ({ minPowerW, maxPowerW })),
  },
  {
    fields: ['minCurrentA', 'maxCurrentA'],
    samples: (all) => readings(bounds(all, 'minCurrentA', 'maxCurrentA', 1n), (minCurrentA, maxCurrentA) => ({ minCurrentA, maxCurrentA })),
  },
];

function testIn({ fields }: Dimension, restrictions: TariffRestrictions): RestrictionTest | undefined {
  const given = fields.filter((field) => restrictions[field] !== undefined);
  return given.length === 0 ? undefined : prepareRestrictions(Object.fromEntries(given.map((field) => [field, restrictions[field]])));
}

// 5 January 1970 was a Monday.
const SOME_MONDAY = 4;
const DAYS_OF_A_WEEK = 7;

function calendar(all: readonly TariffRestrictions[], { first, end }: Days): Partial<PeriodState>[] {
  const dates = all.flatMap(({ startDate, endDate }) => [startDate, endDate].filter((date) => date !== undefined)).map(dayNumber);
  const asksForWeekday = all.some(({ dayOfWeek = [] }) => dayOfWeek.length > 0);
  const wanted = asksForWeekday ? DAYS_OF_A_WEEK : 1;
  const known = [...dates, ...[first, end].filter((day) => day !== undefined)];
  const cuts = ascending(known.length === 0 ? [SOME_MONDAY] : [Math.min(...known) - DAYS_OF_A_WEEK, ...known]);
  const days = cuts.flatMap((cut, index) => {
    const length = Math.min(wanted, (cuts[index + 1] ?? Number.POSITIVE_INFINITY) - cut);
    return Array.from({ length }, (_, offset) => cut + offset);
  });
  const seconds = ascending([
    0,
    ...all.flatMap(({ startTime, endTime }) => [startTime, endTime].map((time) => (time ? secondOfDay(time) : 0))),
  ]);
  return days
    .filter((day) => (first === undefined || day >= first) && (end === undefined || day < end))
    .flatMap((day) => seconds.map((second) => ({ local: { day, secondOfDay: second % SECONDS_PER_DAY } })));
}

const PER_KILO = 1000n;

/** Ascending, without duplicates, in the unit of the state. */
function bounds(
  all: readonly TariffRestrictions[],
  least: 'minKwh' | 'minPowerKw' | 'minCurrentA',
  end: 'maxKwh' | 'maxPowerKw' | 'maxCurrentA',
  factor = PER_KILO,
): Decimal[] {
  const texts = all.flatMap((restrictions) => [restrictions[least], restrictions[end]].filter((text) => text !== undefined));
  const sorted = texts.map((text) => Decimal.parse(text).multiply(Decimal.of(factor))).sort((left, right) => left.compare(right));
  return sorted.filter((bound, index) => index === 0 || !sorted[index - 1]?.equals(bound));
}

/** Least and greatest reading of a period: equal, not measured at all, or apart, so that bounds lie between them. */
function readings(
  cuts: readonly Decimal[],
  sampleOf: (least: Decimal | undefined, greatest: Decimal | undefined) => Partial<PeriodState>,
): Partial<PeriodState>[] {
  const [lowest] = cuts;
  if (lowest === undefined) return [sampleOf(undefined, undefined)];
  const below = isPositive(lowest) ? Decimal.ZERO : lowest.subtract(Decimal.of(1n));
  const values = [below, ...cuts];
  const steady = (some: readonly Decimal[]) => some.map((value) => sampleOf(value, value));
  const apart = values.flatMap((least) =>
    values.filter((greatest) => greatest.compare(least) > 0).map((greatest) => sampleOf(least, greatest)),
  );
  const negative = values.filter((value) => value.isNegative);
  return [...steady(values.filter((value) => !value.isNegative)), sampleOf(undefined, undefined), ...apart, ...steady(negative)];
}

function isPositive(value: Decimal): boolean {
  return !value.isNegative && !value.isZero;
}

function ascending(values: readonly number[]): number[] {
  return [...new Set(values)].sort((left, right) => left - right);
}

// Where a session must be cut so that one price holds within each period: every bound that a tariff's restrictions name. The ledger cuts
// energy, power and current where the meter crosses them; the instants at which time crosses a bound are computed here.
import { Decimal } from '@evenkeel/money';
import { dayNumber, epochSeconds, offsetChanges, offsetSeconds, SECONDS_PER_DAY, secondOfDay } from './local-time';
import type { Tariff, TariffRestrictions } from './tariff';

/** Ascending and without duplicates. */
export interface Thresholds {
  /** "HH:MM" local. */
  readonly timesOfDay: readonly string[];
  /** "YYYY-MM-DD" local; the bound is the start of the day. */
  readonly dates: readonly string[];
  /** Whether the price depends on the day of the week, so that every local midnight is a bound. */
  readonly dependsOnWeekday: boolean;
  /** Decimal text, cumulative within the session. */
  readonly energyKwh: readonly string[];
  /** Since charging began. */
  readonly durationsSeconds: readonly number[];
  readonly powerKw: readonly string[];
  readonly currentA: readonly string[];
}

export function thresholds(tariff: Tariff): Thresholds {
  const restrictions = tariff.elements.flatMap((element) => element.restrictions ?? []);
  const bounds = <Bound>(read: (restriction: TariffRestrictions) => readonly (Bound | undefined)[]): Bound[] => [
    ...new Set(restrictions.flatMap(read).filter((bound) => bound !== undefined)),
  ];
  return {
    timesOfDay: bounds(({ startTime, endTime }) => [startTime, endTime]).sort(),
    dates: bounds(({ startDate, endDate }) => [startDate, endDate]).sort(),
    dependsOnWeekday: restrictions.some(({ dayOfWeek = [] }) => dayOfWeek.length > 0),
    energyKwh: byValue(bounds(({ minKwh, maxKwh }) => [minKwh, maxKwh])),
    durationsSeconds: bounds((each) => [each.minDurationSeconds, each.maxDurationSeconds]).sort((left, right) => left - right),
    powerKw: byValue(bounds(({ minPowerKw, maxPowerKw }) => [minPowerKw, maxPowerKw])),
    currentA: byValue(bounds(({ minCurrentA, maxCurrentA }) => [minCurrentA, maxCurrentA])),
  };
}

/**
 * The instants strictly between `from` and `to`, ISO 8601 and ascending, at which a time of day, a weekday, a date or a duration may begin or
 * cease to match. A change of the clock counts if it jumps over a bound, in either direction: on the night that repeats an hour, a bound
 * within it is met twice. `chargingStartedAt` is where durations count from.
 */
export function cutTimes(tariff: Tariff, timeZone: string, from: string, to: string, chargingStartedAt = from): string[] {
  const [start, end] = [epochSeconds(from), epochSeconds(to)];
  const { timesOfDay, dates, dependsOnWeekday, durationsSeconds } = thresholds(tariff);
  const daily = new Set(timesOfDay.map(secondOfDay));
  // A window without a start or without an end is bounded by midnight.
  if (daily.size > 0 || dependsOnWeekday) daily.add(0);
  const cuts = new Set<number>(durationsSeconds.map((seconds) => epochSeconds(chargingStartedAt) + seconds));
  for (const cut of localCuts({ secondsOfDay: [...daily], days: dates.map(dayNumber) }, timeZone, start, end)) cuts.add(cut);
  return [...cuts]
    .filter((cut) => cut > start && cut < end)
    .sort((left, right) => left - right)
    .map((cut) => new Date(cut * 1000).toISOString());
}

interface LocalBounds {
  readonly secondsOfDay: readonly number[];
  readonly days: readonly number[];
}

/** Walks the stretches of constant offset between two instants; within one, local time is UTC plus the offset. */
function* localCuts(bounds: LocalBounds, timeZone: string, start: number, end: number): Generator<number> {
  if (bounds.secondsOfDay.length + bounds.days.length === 0 || end <= start) return;
  let stretchStart = start;
  for (const stretchEnd of [...offsetChanges(timeZone, start, end), end]) {
    const offset = offsetSeconds(timeZone, stretchStart);
    for (const local of boundsBetween(bounds, stretchStart + offset, stretchEnd + offset)) yield local - offset;
    const jumps = [stretchEnd + offset, stretchEnd + offsetSeconds(timeZone, stretchEnd)];
    if (!boundsBetween(bounds, Math.min(...jumps), Math.max(...jumps)).next().done) yield stretchEnd;
    stretchStart = stretchEnd;
  }
}

/** The bounds from one local second to another, both included. */
function* boundsBetween({ secondsOfDay, days }: LocalBounds, first: number, last: number): Generator<number> {
  for (let day = Math.floor(first / SECONDS_PER_DAY); day * SECONDS_PER_DAY <= last; day += 1) {
    for (const second of secondsOfDay) {
      const local = day * SECONDS_PER_DAY + second;
      if (local >= first && local <= last) yield local;
    }
  }
  for (const day of days) {
    const local = day * SECONDS_PER_DAY;
    if (local >= first && local <= last) yield local;
  }
}

function byValue(texts: readonly string[]): string[] {
  return [...texts].sort((left, right) => Decimal.parse(left).compare(Decimal.parse(right)));
}

// Whether a tariff element applies to a period: every restriction that it has must hold (OCPI mod_tariffs TariffRestrictions).
import { Decimal } from '@evenkeel/money';
import { dayNumber, type LocalMoment, SECONDS_PER_DAY, secondOfDay } from './local-time';
import type { TariffRestrictions, Weekday } from './tariff';

/** The state at the start of a period that restrictions are compared with. */
export interface PeriodState {
  readonly local: LocalMoment;
  /** Energy of all earlier periods. */
  readonly energyWh: Decimal;
  /** Since charging began; a reservation before it does not count. */
  readonly durationSeconds: number;
  readonly minPowerW?: Decimal;
  readonly maxPowerW?: Decimal;
  readonly minCurrentA?: Decimal;
  readonly maxCurrentA?: Decimal;
}

// In the order of days since 1 January 1970, which was a Thursday.
const WEEKDAYS: readonly Weekday[] = ['THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY'];

/** A test for one element's restrictions, prepared once for all periods. `reservation` and `booking` are judged where elements are selected. */
export type RestrictionTest = (state: PeriodState) => boolean;

export function prepareRestrictions(restrictions: TariffRestrictions): RestrictionTest {
  const tests: RestrictionTest[] = [];
  const { startTime, endTime, startDate, endDate, dayOfWeek, minDurationSeconds: least, maxDurationSeconds: most } = restrictions;
  if (startTime !== undefined || endTime !== undefined) tests.push(timeWindow(startTime, endTime));
  if (startDate !== undefined) {
    const first = dayNumber(startDate);
    tests.push(({ local }) => local.day >= first);
  }
  if (endDate !== undefined) {
    const end = dayNumber(endDate);
    tests.push(({ local }) => local.day < end);
  }
  if (dayOfWeek !== undefined && dayOfWeek.length > 0) {
    const days = new Set(dayOfWeek.map((name) => WEEKDAYS.indexOf(name)));
    tests.push(({ local }) => days.has(((local.day % 7) + 7) % 7));
  }
  if (least !== undefined) tests.push(({ durationSeconds }) => durationSeconds >= least);
  if (most !== undefined) tests.push(({ durationSeconds }) => durationSeconds < most);
  tests.push(...atLeast(restrictions.minKwh, PER_KILO, (state) => state.energyWh));
  tests.push(...below(restrictions.maxKwh, PER_KILO, (state) => state.energyWh));
  tests.push(...atLeast(restrictions.minPowerKw, PER_KILO, (state) => state.minPowerW ?? state.maxPowerW));
  tests.push(...below(restrictions.maxPowerKw, PER_KILO, (state) => state.maxPowerW ?? state.minPowerW));
  tests.push(...atLeast(restrictions.minCurrentA, ONE, (state) => state.minCurrentA ?? state.maxCurrentA));
  tests.push(...below(restrictions.maxCurrentA, ONE, (state) => state.maxCurrentA ?? state.minCurrentA));
  return (state) => tests.every((test) => test(state));
}

function timeWindow(startTime: string | undefined, endTime: string | undefined): RestrictionTest {
  const start = startTime === undefined ? 0 : secondOfDay(startTime);
  const end = (endTime === undefined ? 0 : secondOfDay(endTime)) || SECONDS_PER_DAY;
  if (start === end) return () => true;
  if (end < start) return ({ local }) => local.secondOfDay >= start || local.secondOfDay < end;
  return ({ local }) => local.secondOfDay >= start && local.secondOfDay < end;
}

const ONE = Decimal.of(1n);
const PER_KILO = Decimal.of(1000n);

type Reading = (state: PeriodState) => Decimal | undefined;

// A power or current that nobody measured satisfies no restriction on it: a price that depends on a fact is not charged without the fact.
function atLeast(limit: string | undefined, factor: Decimal, read: Reading): RestrictionTest[] {
  if (limit === undefined) return [];
  const least = Decimal.parse(limit).multiply(factor);
  return [
    (state) => {
      const reading = read(state);
      return reading !== undefined && reading.compare(least) >= 0;
    },
  ];
}

function below(limit: string | undefined, factor: Decimal, read: Reading): RestrictionTest[] {
  if (limit === undefined) return [];
  const end = Decimal.parse(limit).multiply(factor);
  return [
    (state) => {
      const reading = read(state);
      return reading !== undefined && reading.compare(end) < 0;
    },
  ];
}

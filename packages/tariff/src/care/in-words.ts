// Restrictions and moments in words, as operators and drivers read them.
import type { Decimal } from '@evenkeel/money';
import type { PeriodState } from '../restrictions';
import type { TariffRestrictions, Weekday } from '../tariff';

/** @returns "from 16:00 to 21:00, on Saturdays", or nothing where nothing is restricted. */
export function restrictionsInWords(restrictions: TariffRestrictions): string {
  const { startTime, endTime, startDate, endDate, dayOfWeek = [], minDurationSeconds, maxDurationSeconds } = restrictions;
  return [
    between(startTime, endTime, ['from', 'to']),
    dayOfWeek.length === 0 ? '' : `on ${dayOfWeek.map(plural).join(', ')}`,
    between(startDate, endDate, ['from', 'until the end of the day before']),
    between(restrictions.minKwh, restrictions.maxKwh, ['after the first', 'up to'], ' kWh'),
    between(inMinutes(minDurationSeconds), inMinutes(maxDurationSeconds), ['after', 'within the first']),
    between(restrictions.minPowerKw, restrictions.maxPowerKw, ['from', 'below'], ' kW'),
    between(restrictions.minCurrentA, restrictions.maxCurrentA, ['from', 'below'], ' A'),
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** The parts of a moment that the restrictions ask for: "on a Sunday at 00:00, after 20 kWh". */
export function momentInWords(state: PeriodState, asked: readonly TariffRestrictions[]): string {
  const asks = (...fields: (keyof TariffRestrictions)[]) => asked.some((each) => fields.some((field) => each[field] !== undefined));
  const parts: string[] = [];
  if (asks('startDate', 'endDate')) parts.push(`on ${dateOf(state.local.day)}`);
  else if (asks('dayOfWeek')) parts.push(`on a ${NAMES[weekdayOf(state.local.day)]}`);
  if (asks('startTime', 'endTime')) parts.push(`at ${timeOf(state.local.secondOfDay)}`);
  if (asks('minKwh', 'maxKwh')) parts.push(`after ${kilo(state.energyWh)} kWh`);
  if (asks('minDurationSeconds', 'maxDurationSeconds')) parts.push(`after ${inMinutes(state.durationSeconds)}`);
  if (asks('minPowerKw', 'maxPowerKw')) parts.push(reading(state.minPowerW && kilo(state.minPowerW), 'kW', 'power'));
  if (asks('minCurrentA', 'maxCurrentA')) parts.push(reading(state.minCurrentA?.toString(), 'A', 'current'));
  return parts.join(', ');
}

const NAMES: Readonly<Record<Weekday, string>> = {
  MONDAY: 'Monday',
  TUESDAY: 'Tuesday',
  WEDNESDAY: 'Wednesday',
  THURSDAY: 'Thursday',
  FRIDAY: 'Friday',
  SATURDAY: 'Saturday',
  SUNDAY: 'Sunday',
};
// In the order of days since 1 January 1970, which was a Thursday.
const WEEK: readonly Weekday[] = ['THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY'];

function weekdayOf(day: number): Weekday {
  return WEEK[((day % 7) + 7) % 7] ?? 'THURSDAY';
}

function plural(day: Weekday): string {
  return `${NAMES[day]}s`;
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

function timeOf(secondOfDay: number): string {
  return new Date(secondOfDay * 1000).toISOString().slice(11, 16);
}

/** Bounds from outside may have hundreds of digits after the point: what is shown stays short. */
function kilo(value: Decimal): string {
  return (Number(value.toString()) / 1000).toString();
}

function inMinutes(seconds: number): string;
function inMinutes(seconds: number | undefined): string | undefined;
function inMinutes(seconds: number | undefined): string | undefined {
  if (seconds === undefined) return undefined;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function between(least: string | undefined, end: string | undefined, [from, to]: readonly [from: string, to: string], unit = ''): string {
  return [least === undefined ? '' : `${from} ${least}${unit}`, end === undefined ? '' : `${to} ${end}${unit}`]
    .filter((part) => part !== '')
    .join(' ');
}

function reading(value: string | undefined, unit: string, what: string): string {
  return value === undefined ? `where no ${what} is measured` : `at ${value} ${unit}`;
}

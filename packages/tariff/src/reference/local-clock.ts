// The date, weekday and time that a clock on the wall shows, asked of the runtime's IANA data for each instant, as text. The engine computes
// with offsets instead; the two must agree in every zone and on every night.
import type { Weekday } from '../tariff';

export interface LocalClock {
  /** "YYYY-MM-DD". */
  readonly date: string;
  /** "HH:MM:SS". */
  readonly time: string;
  readonly weekday: Weekday;
}

// Random sessions start on the same round times again and again, and asking the runtime is slow.
const known = new Map<string, LocalClock>();
const MOST_KNOWN = 100_000;

export function localClock(timeZone: string, epochSeconds: number): LocalClock {
  const key = `${timeZone} ${epochSeconds}`;
  let clock = known.get(key);
  if (clock === undefined) {
    clock = askRuntime(timeZone, epochSeconds);
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(key, clock);
  }
  return clock;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function askRuntime(timeZone: string, epochSeconds: number): LocalClock {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'long',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formatters.set(timeZone, formatter);
  }
  // "Sunday, 08/03/2026, 01:30:00", or with "at" before the time.
  const shown = formatter.format(epochSeconds * 1000);
  const [, name, day, month, year, time] = /^(\w+)\W+(\d\d)\/(\d\d)\/(\d{4})\D+(\d\d:\d\d:\d\d)$/.exec(shown) ?? [];
  const weekday = WEEKDAYS.find((each) => each === name?.toUpperCase());
  if (weekday === undefined || time === undefined) throw new RangeError(`cannot read ${JSON.stringify(shown)}`);
  return { date: `${year}-${month}-${day}`, time, weekday };
}

const WEEKDAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

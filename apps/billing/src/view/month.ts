// A month of the calendar as the clock on a party's wall has it: from the first instant of its first day, up to that of the next month.
import type { PartyKey } from '@evenkeel/contracts';
import { dayNumber, localMoment, SECONDS_PER_DAY } from '@evenkeel/tariff';

/** RFC 3339 UTC; `until` is the first instant that is not in it any more. */
export interface Span {
  from: string;
  until: string;
}

/** The time zones of the parties that have one; the others live in UTC. */
export type TimeZones = Readonly<Record<PartyKey, string>>;

export function timeZoneOf(timeZones: TimeZones, party: PartyKey): string {
  return timeZones[party] ?? 'UTC';
}

/** @param month e.g. "2026-03". */
export function monthIn(timeZone: string, month: string): Span {
  return { from: startOf(timeZone, month), until: startOf(timeZone, following(month)) };
}

/**
 * Looked for, because a clock that is put forward at midnight has no 00:00 on that day. The end of a month is looked for as the start of the
 * next one is, so every instant is in exactly one month.
 */
function startOf(timeZone: string, month: string): string {
  const day = dayNumber(`${month}-01`);
  let [before, first] = [(day - 1) * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY];
  while (first - before > 1) {
    const middle = Math.floor((before + first) / 2);
    if (localMoment(timeZone, middle).day >= day) first = middle;
    else before = middle;
  }
  return new Date(first * 1000).toISOString();
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const next = number === 12 ? [year + 1, 1] : [year, number + 1];
  return next.map((part, index) => String(part).padStart(index === 0 ? 4 : 2, '0')).join('-');
}

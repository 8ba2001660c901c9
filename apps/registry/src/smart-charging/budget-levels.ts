// Which limit of a budget holds when: its windows of the day, as moments. Pure.
import type { BudgetTerms } from '@evenkeel/contracts';

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;

/** The limits of the budget: that of no window first, then those of the windows. A share has an amount for each. */
export function levelsOf({ limit, windows = [] }: Pick<BudgetTerms, 'limit' | 'windows'>): readonly number[] {
  return [limit, ...windows.map((window) => window.limit)];
}

/** @returns an index into the levels; of windows that overlap the first one holds. */
export function levelAt({ windows = [], timeZone = 'UTC' }: Pick<BudgetTerms, 'windows' | 'timeZone'>, at: Date): number {
  if (windows.length === 0) return 0;
  const time = localTime(at, timeZone);
  const index = windows.findIndex(({ from, until }) => (from < until ? from <= time && time < until : from <= time || time < until));
  return index + 1;
}

export interface LevelPeriod {
  /** Seconds from the moment that was asked for. */
  readonly startPeriod: number;
  readonly level: number;
}

/** A day from the moment on: which level holds from when, the first from 0 on. */
export function levelPeriods(terms: Pick<BudgetTerms, 'windows' | 'timeZone'>, from: Date): readonly LevelPeriod[] {
  const periods: LevelPeriod[] = [{ startPeriod: 0, level: levelAt(terms, from) }];
  if (terms.windows === undefined || terms.windows.length === 0) return periods;
  const begin = from.getTime();
  for (let at = (Math.floor(begin / QUARTER_MS) + 1) * QUARTER_MS; at < begin + DAY_MS; at += QUARTER_MS) {
    const level = levelAt(terms, new Date(at));
    // To the whole second before: not later than the window begins, where it is the lower one.
    if (level !== periods.at(-1)?.level) periods.push({ startPeriod: Math.floor((at - begin) / 1_000), level });
  }
  return periods;
}

export const DAY_SECONDS = DAY_MS / 1_000;

/** Whether there is such a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** `HH:MM`, which sorts as it passes. */
function localTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);
}

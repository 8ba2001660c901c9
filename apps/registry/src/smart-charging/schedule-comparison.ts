// Where a station's own composite schedule is not the one that follows from what is known of it. Pure.
import type { CompositePeriod } from './composite-schedule';

export interface Difference {
  /** Seconds from the beginning of both schedules. */
  readonly startPeriod: number;
  readonly expected?: number;
  readonly reported?: number;
}

/** Stations round to one decimal and know their own voltage: this much is the same. */
const SAME_WITHIN = 0.01;
const SAME_WITHIN_LEAST = 0.1;

/**
 * @param onlyAbove of a whole station: that it allows less follows from its EVSEs, and is no difference.
 * @returns one entry a stretch, in order; none when both say the same.
 */
export function differences(
  expected: readonly CompositePeriod[],
  reported: readonly CompositePeriod[],
  onlyAbove: boolean,
): readonly Difference[] {
  const points = [...new Set([...expected, ...reported].map(({ startPeriod }) => startPeriod))].sort((one, other) => one - other);
  const found: Difference[] = [];
  for (const startPeriod of points) {
    const wanted = limitAt(expected, startPeriod);
    const said = limitAt(reported, startPeriod);
    if (isSame(wanted, said, onlyAbove)) continue;
    found.push({
      startPeriod,
      ...(wanted === undefined ? {} : { expected: wanted }),
      ...(said === undefined ? {} : { reported: said }),
    });
  }
  return found;
}

function limitAt(periods: readonly CompositePeriod[], at: number): number | undefined {
  return periods.filter(({ startPeriod }) => startPeriod <= at).at(-1)?.limit;
}

/** Where we know of no limit the station may have one: what it can do at most is one. */
function isSame(expected: number | undefined, reported: number | undefined, onlyAbove: boolean): boolean {
  if (expected === undefined) return true;
  if (reported === undefined) return false;
  const tolerance = Math.max(SAME_WITHIN_LEAST, expected * SAME_WITHIN) + 1e-6;
  return reported <= expected + tolerance && (onlyAbove || reported >= expected - tolerance);
}

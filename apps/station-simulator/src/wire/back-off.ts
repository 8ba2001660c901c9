// How long a station waits before it dials again.
// OCPP 2.0.1 Part 4 section 5.3: RetryBackOffWaitMinimum plus a random part of RetryBackOffRandomRange; every failure doubles the wait and
// draws anew, at most RetryBackOffRepeatTimes times. OCPP 1.6 has no rule, so its stations do the same.
import type { Chance } from '../chance';

export interface BackOff {
  readonly waitMinimumMilliseconds: number;
  readonly randomRangeMilliseconds: number;
  readonly repeatTimes: number;
}

/** Waits between attempts, longer with each, until `reset`. */
export class BackOffSequence {
  private previousMilliseconds: number | undefined;
  private doublings = 0;

  constructor(
    private readonly backOff: () => BackOff,
    private readonly chance: Chance,
  ) {}

  nextMilliseconds(): number {
    const { waitMinimumMilliseconds, randomRangeMilliseconds, repeatTimes } = this.backOff();
    if (this.previousMilliseconds !== undefined && this.doublings >= repeatTimes) return this.previousMilliseconds;
    const base = this.previousMilliseconds === undefined ? waitMinimumMilliseconds : this.previousMilliseconds * 2;
    if (this.previousMilliseconds !== undefined) this.doublings += 1;
    this.previousMilliseconds = base + this.chance.next() * randomRangeMilliseconds;
    return this.previousMilliseconds;
  }

  /** The connection is back. */
  reset(): void {
    this.previousMilliseconds = undefined;
    this.doublings = 0;
  }
}

// What a bad line does to frames: it loses, delays, doubles and reorders them. All by chance from a seed, so that a run can be repeated.
import type { Chance } from '../chance';
import type { Timers } from '../timers';

/** Probabilities in [0, 1], each by itself. */
export interface LineFaults {
  /** A frame of the station never leaves. */
  readonly drop?: number;
  /** A frame of the station leaves twice. */
  readonly duplicate?: number;
  /** A frame of the station leaves after the one that follows it. */
  readonly reorder?: number;
  /** A frame of the station leaves late, by up to `delayMilliseconds`. */
  readonly delay?: number;
  readonly delayMilliseconds?: number;
  /** An answer of the back end never arrives. */
  readonly loseAnswer?: number;
}

const DEFAULT_DELAY_MILLISECONDS = 200;

export class FaultyLine {
  private held: (() => void) | undefined;

  constructor(
    private readonly faults: LineFaults,
    private readonly chance: Chance,
    private readonly timers: Timers,
  ) {}

  /** Sends the frame now, later, twice or never. */
  carry(send: () => void): void {
    const { drop = 0, duplicate = 0, reorder = 0, delay = 0 } = this.faults;
    if (this.chance.happens(drop)) return;
    const work = this.chance.happens(duplicate) ? () => [send(), send()] : send;
    if (this.held === undefined && this.chance.happens(reorder)) {
      this.held = work;
      // Nothing may follow: a frame is overtaken, not lost.
      this.timers.after(this.longestDelay, () => this.release());
    } else if (this.chance.happens(delay)) {
      this.timers.after(this.chance.next() * this.longestDelay, work);
    } else {
      work();
      this.release();
    }
  }

  losesAnswer(): boolean {
    return this.chance.happens(this.faults.loseAnswer ?? 0);
  }

  private get longestDelay(): number {
    return this.faults.delayMilliseconds ?? DEFAULT_DELAY_MILLISECONDS;
  }

  private release(): void {
    const { held } = this;
    this.held = undefined;
    held?.();
  }
}

// Chance that repeats: the same seed always gives the same choices, so that a failure found by chance can be looked at again.

// Under jest every look at a global takes longer than the arithmetic, and these are asked for millions of times.
const { floor, imul } = Math;

export class SeededRandom {
  private state: number;

  constructor(seed: number) {
    // Neighbouring seeds must not give similar choices, so the seed is scattered over all bits first.
    this.state = scatter(seed | 0);
  }

  /** A whole number from 0 up to but not including `end`. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    return floor((scatter(this.state) / 2 ** 32) * end);
  }

  /** A whole number; both bounds are possible. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError('there is nothing to pick from');
    return item;
  }

  /** The value in so many of a hundred cases, otherwise nothing. */
  maybe<Value>(percent: number, make: () => Value): Value | undefined {
    return this.chance(percent) ? make() : undefined;
  }

  /** So many values, at least the first and at most the last number of them. */
  list<Value>(least: number, most: number, make: (index: number) => Value): Value[] {
    return Array.from({ length: this.between(least, most) }, (_, index) => make(index));
  }
}

/** Mulberry32: every bit of the result depends on every bit of the number. */
function scatter(number: number): number {
  let bits = imul(number ^ (number >>> 15), number | 1);
  bits ^= bits + imul(bits ^ (bits >>> 7), bits | 61);
  return (bits ^ (bits >>> 14)) >>> 0;
}

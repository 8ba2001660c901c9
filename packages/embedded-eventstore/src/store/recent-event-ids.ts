// The ids of the newest events. An append that expects any revision names no place where a repetition could be looked for, so it is
// recognised as long as its ids are in here; an append with a revision is recognised for ever, by the ids stored at those revisions.

const CAPACITY = 65_536;

export class RecentEventIds {
  private readonly positions = new Map<string, number>();
  private readonly ring: (string | undefined)[] = new Array(CAPACITY);

  remember(id: string, position: number): void {
    const slot = position % CAPACITY;
    const oldest = this.ring[slot];
    // An id that was appended again since has its newer position in another slot.
    if (oldest !== undefined && this.positionOf(oldest) % CAPACITY === slot) this.positions.delete(oldest);
    this.ring[slot] = id;
    this.positions.set(id, position);
  }

  /** 0 for an id that is not, or no longer, known. */
  positionOf(id: string): number {
    return this.positions.get(id) ?? 0;
  }

  /** Forgets the events behind `position`, up to `last`, which were not stored. */
  rollBackTo(position: number, last: number): void {
    for (let gone = Math.max(position + 1, last - CAPACITY + 1); gone <= last; gone++) {
      const slot = gone % CAPACITY;
      const id = this.ring[slot];
      this.ring[slot] = undefined;
      if (id !== undefined && this.positions.get(id) === gone) this.positions.delete(id);
    }
  }
}

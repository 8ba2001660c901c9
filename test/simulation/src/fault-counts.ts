// What went wrong on purpose, for the table at the end.
export class FaultCounts {
  private readonly counts = new Map<string, number>();

  add(fault: string): void {
    this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
  }

  get all(): [fault: string, times: number][] {
    return [...this.counts].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

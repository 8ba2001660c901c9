// A durable log with one consumer, as JetStream gives it: every message is delivered until it is acknowledged, sometimes again after that, and
// not always in order.
import { StoreUnavailable } from '@evenkeel/event-store';
import type { Chance } from '@evenkeel/testkit';
import type { FaultCounts } from './fault-counts';

export interface DeliveryFaults {
  /** Probability that a message is delivered once more after its acknowledgement. */
  repeated: number;
  /** Probability that the next message is not the oldest one. */
  overtaken: number;
}

export class AtLeastOnce<M> {
  private readonly waiting: { id: string; message: M }[] = [];
  /** Ids within the broker's window of duplicates: a message that is said again is taken once. */
  private readonly known = new Set<string>();

  constructor(
    private readonly name: string,
    private readonly chance: Chance,
    private readonly faults: DeliveryFaults,
    private readonly counts: FaultCounts,
  ) {}

  say(id: string, message: M): void {
    if (this.known.has(id)) return;
    this.known.add(id);
    this.waiting.push({ id, message });
  }

  /** Delivers what waits until nothing does or the handler keeps failing. */
  async deliver(handle: (message: M, id: string) => Promise<void>): Promise<void> {
    for (let attempts = 0; this.waiting.length > 0 && attempts < 200; attempts++) {
      const overtakes = this.waiting.length > 1 && this.chance.happens(this.faults.overtaken);
      if (overtakes) this.counts.add(`${this.name}: overtaken`);
      const index = overtakes ? this.chance.integer(1, Math.min(this.waiting.length - 1, 5)) : 0;
      const [delivered] = this.waiting.splice(index, 1);
      if (delivered === undefined) break;
      try {
        await handle(delivered.message, delivered.id);
        attempts = 0;
        if (this.chance.happens(this.faults.repeated)) {
          this.counts.add(`${this.name}: delivered again`);
          this.waiting.push(delivered);
        }
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        this.waiting.push(delivered);
      }
    }
  }
}

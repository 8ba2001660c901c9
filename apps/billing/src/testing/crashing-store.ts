// The event store as a process sees it whose appends fail, before they are stored or after, and that may die: for tests.
import {
  type Appended,
  type BatchHandler,
  type EventStore,
  type ExpectedRevision,
  InMemoryEventStore,
  type NewEvent,
  StoreUnavailable,
  type SubscribeOptions,
  type Subscription,
} from '@evenkeel/event-store';
import type { Chance } from '@evenkeel/testkit';

/** One log behind all processes of a test. */
export class CrashingStore extends InMemoryEventStore {
  /** @returns the store for one process; `die` ends what it has under way. */
  processWith(chance: Chance, failures: number): EventStore & { die(): void } {
    let alive = true;
    const mustLive = () => {
      if (!alive) throw new StoreUnavailable('the process is gone');
    };
    const append = async (stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> => {
      mustLive();
      if (chance.happens(failures)) throw new StoreUnavailable('refused');
      // Others write while this append travels.
      await new Promise((resolve) => setImmediate(resolve));
      mustLive();
      const appended = await this.append(stream, expected, events);
      if (chance.happens(failures)) throw new StoreUnavailable('stored, and the answer is lost');
      return appended;
    };
    const subscribe = (options: SubscribeOptions, handle: BatchHandler): Subscription =>
      this.subscribe(options, async (events, reached) => {
        if (alive) await handle(events, reached);
      });
    return {
      append,
      subscribe,
      read: (stream, from) => this.read(stream, from),
      readSince: (stream, type) => this.readSince(stream, type),
      readLast: (stream) => this.readLast(stream),
      readAll: (prefixes, handle) => this.readAll(prefixes, handle),
      lastPosition: () => this.lastPosition(),
      keepOnly: (stream, maxCount) => this.keepOnly(stream, maxCount),
      close: async () => undefined,
      die: () => {
        alive = false;
      },
    };
  }
}

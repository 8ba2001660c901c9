// The event store as one process sees it: an append may fail before it is stored, or after, with the answer lost; and the process may die,
// after which nothing that it had under way reaches the store or comes back from it.
import {
  type Appended,
  type BatchHandler,
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  type Position,
  type StoredEvent,
  StoreUnavailable,
  type SubscribeOptions,
  type Subscription,
} from '@evenkeel/event-store';
import type { Chance } from '@evenkeel/testkit';
import type { FaultCounts } from './fault-counts';

export interface StoreFaults {
  /** Probability that an append fails before it is stored. */
  refused: number;
  /** Probability that it is stored and the answer lost. */
  unanswered: number;
}

export class FaultyStore implements EventStore {
  private alive = true;
  private readonly subscriptions = new Set<Subscription>();

  constructor(
    private readonly store: EventStore,
    private readonly chance: Chance,
    private readonly faults: StoreFaults,
    private readonly counts: FaultCounts,
  ) {}

  /** The process that uses this store is gone. */
  async die(): Promise<void> {
    this.alive = false;
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    this.mustLive();
    if (this.chance.happens(this.faults.refused)) {
      this.counts.add('append refused');
      throw new StoreUnavailable('the disk is full');
    }
    const appended = await this.store.append(stream, expected, events);
    this.mustLive();
    if (this.chance.happens(this.faults.unanswered)) {
      this.counts.add('append stored, answer lost');
      throw new StoreUnavailable('no answer');
    }
    return appended;
  }

  async read(stream: string, from?: number): Promise<StoredEvent[]> {
    this.mustLive();
    return this.store.read(stream, from);
  }

  async readSince(stream: string, type: string): Promise<StoredEvent[]> {
    this.mustLive();
    return this.store.readSince(stream, type);
  }

  async readLast(stream: string): Promise<StoredEvent | undefined> {
    this.mustLive();
    return this.store.readLast(stream);
  }

  subscribe(options: SubscribeOptions, handle: BatchHandler): Subscription {
    this.mustLive();
    const subscription = this.store.subscribe(options, async (events, reached) => {
      if (this.alive) await handle(events, reached);
    });
    this.subscriptions.add(subscription);
    return subscription;
  }

  lastPosition(): Promise<Position | undefined> {
    return this.store.lastPosition();
  }

  readAll(streamPrefixes: readonly string[], handle: BatchHandler): Promise<void> {
    return this.store.readAll(streamPrefixes, handle);
  }

  keepOnly(stream: string, maxCount: number): Promise<void> {
    return this.store.keepOnly(stream, maxCount);
  }

  async close(): Promise<void> {
    await this.die();
  }

  private mustLive(): void {
    if (!this.alive) throw new StoreUnavailable('the process is gone');
  }
}

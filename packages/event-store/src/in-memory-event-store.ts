// The port's in-memory twin, for specs of services: same contract, no server, no disk.

import { BatchPump } from './batch-pump';
import {
  type Appended,
  type BatchHandler,
  distanceBetween,
  type EventStore,
  type ExpectedRevision,
  isWanted,
  type NewEvent,
  type Position,
  positionOf,
  type StoredEvent,
  type SubscribeOptions,
  type Subscription,
  WrongExpectedRevision,
} from './event-store';

export class InMemoryEventStore implements EventStore {
  private readonly log: StoredEvent[] = [];
  private readonly streams = new Map<string, { events: StoredEvent[]; next: number; maxCount: number }>();
  private readonly pumps = new Map<BatchPump, SubscribeOptions>();

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const kept = this.streams.get(stream) ?? { events: [], next: 0, maxCount: Number.POSITIVE_INFINITY };
    const first = expected === 'no-stream' ? 0 : expected + 1;
    if (first !== kept.next) return this.repeated(stream, expected, events, kept.events, first);
    this.streams.set(stream, kept);
    for (const event of events) {
      const stored: StoredEvent = {
        id: event.id,
        type: event.type,
        data: structuredClone(event.data),
        metadata: { ...event.metadata },
        stream,
        revision: kept.next++,
        position: positionOf(BigInt(this.log.length + 1), BigInt(this.log.length + 1)),
        recordedAt: new Date().toISOString(),
      };
      this.log.push(stored);
      kept.events.push(stored);
      for (const [pump, options] of this.pumps) if (isWanted(stored, options)) pump.push(stored);
    }
    kept.events.splice(0, Math.max(0, kept.events.length - kept.maxCount));
    return { revision: kept.next - 1, position: positionOf(BigInt(this.log.length), BigInt(this.log.length)) };
  }

  async read(stream: string, from = 0): Promise<StoredEvent[]> {
    return structuredClone((this.streams.get(stream)?.events ?? []).filter((event) => event.revision >= from));
  }

  async readSince(stream: string, type: string): Promise<StoredEvent[]> {
    const events = await this.read(stream);
    return events.slice(
      Math.max(
        0,
        events.findLastIndex((event) => event.type === type),
      ),
    );
  }

  async readLast(stream: string): Promise<StoredEvent | undefined> {
    return structuredClone(this.streams.get(stream)?.events.at(-1));
  }

  subscribe(options: SubscribeOptions, handle: BatchHandler): Subscription {
    const pump = new BatchPump(handle, options);
    const { after } = options;
    // Positions count events, so they tell the place in the log as well.
    const from = after === 'end' ? this.log.length : after === undefined ? 0 : distanceBetween(undefined, after);
    for (const event of this.log.slice(from)) if (isWanted(event, options)) pump.push(event);
    this.pumps.set(pump, options);
    return {
      stop: async () => {
        this.pumps.delete(pump);
        await pump.stop();
      },
      caughtUp: () => pump.drained(),
      reached: (position) => pump.reachedPosition(position),
    };
  }

  async readAll(streamPrefixes: readonly string[], handle: BatchHandler): Promise<void> {
    const events = this.log.filter((event) => isWanted(event, { streamPrefixes }));
    const last = events.at(-1);
    if (last) await handle(structuredClone(events), last.position);
  }

  async lastPosition(): Promise<Position | undefined> {
    return this.log.at(-1)?.position;
  }

  async keepOnly(stream: string, maxCount: number): Promise<void> {
    const kept = this.streams.get(stream) ?? { events: [], next: 0, maxCount };
    this.streams.set(stream, { ...kept, maxCount, events: kept.events.slice(-maxCount) });
  }

  async close(): Promise<void> {
    await Promise.all([...this.pumps.keys()].map((pump) => pump.stop()));
    this.pumps.clear();
  }

  /** As the database does it: the same ids at the same revisions are a repeated append and succeed, anything else is a conflict. */
  private repeated(stream: string, expected: ExpectedRevision, events: readonly NewEvent[], kept: StoredEvent[], first: number): Appended {
    const present = events.map((_, index) => kept.find((event) => event.revision === first + index));
    const last = present.at(-1);
    if (!last || present.some((event, index) => event?.id !== events[index]?.id)) throw new WrongExpectedRevision(stream, expected);
    return { revision: last.revision, position: last.position };
  }
}

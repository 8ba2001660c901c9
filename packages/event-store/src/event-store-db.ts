// The adapter over the database's own client: the only file that imports it. It contains the client's faults: an append without a
// deadline, raw gRPC errors after a restart, subscriptions that never resume, reads that leak when they are abandoned.
import {
  type AllStreamSubscription,
  type AppendExpectedRevision,
  BACKWARDS,
  END,
  type EventData,
  EventStoreDBClient,
  eventTypeFilter,
  type Filter,
  FORWARDS,
  NO_STREAM,
  type ResolvedEvent,
  START,
  StreamNotFoundError,
  streamNameFilter,
  WrongExpectedVersionError,
} from '@eventstore/db-client';
import { BatchPump } from './batch-pump';
import {
  type Appended,
  type BatchHandler,
  type EventMetadata,
  type EventStore,
  type ExpectedRevision,
  isWanted,
  type NewEvent,
  type Position,
  positionOf,
  type StoredEvent,
  StoreUnavailable,
  type SubscribeOptions,
  type Subscription,
  splitPosition,
  WrongExpectedRevision,
} from './event-store';

const APPEND_DEADLINE_MS = 10_000;
const APPEND_ATTEMPTS = 3;
/** Events of one read backwards: more than a stream usually holds since it last carried its state forward. */
const BACKWARDS_PAGE = 256;
const LONGEST_PAUSE_MS = 5_000;
/** Events that may wait for a slow handler before the subscription is slowed down; never less than two of its batches. */
const HIGH_WATER = 2_000;
/** The server's checkpoint interval is counted in units of 32 filtered-out events. */
const CHECKPOINT_INTERVAL = 32;

type AnyResolvedEvent = Pick<ResolvedEvent, 'event'> & { commitPosition?: bigint };

export class EventStoreDb implements EventStore {
  private readonly client: EventStoreDBClient;
  private readonly subscriptions = new Set<DbSubscription>();

  /** @param url e.g. `esdb://127.0.0.1:2113?tls=false`. One object a process: a failing client rejects the appends of another one. */
  constructor(url: string) {
    this.client = EventStoreDBClient.connectionString(url);
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): Promise<Appended> {
    const expectedRevision: AppendExpectedRevision = expected === 'no-stream' ? NO_STREAM : BigInt(expected);
    const encoded = events.map((event) => new JsonBytes(event));
    for (let attempt = 1; ; attempt++) {
      try {
        const { nextExpectedRevision, position } = await withDeadline(
          this.client.appendToStream(stream, encoded as EventData[], { expectedRevision }),
          APPEND_DEADLINE_MS,
        );
        return { revision: Number(nextExpectedRevision), position: positionOf(position?.commit ?? 0n, position?.prepare ?? 0n) };
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) throw new WrongExpectedRevision(stream, expected);
        if (attempt === APPEND_ATTEMPTS) throw new StoreUnavailable(`append to ${stream} failed`, { cause: error });
        // The outcome is unknown: the same ids at the same revision make the repetition harmless.
        await pause(100 * attempt);
      }
    }
  }

  async read(stream: string, from = 0): Promise<StoredEvent[]> {
    const options = { direction: FORWARDS, fromRevision: BigInt(from) } as const;
    return this.collect(this.client.readStream(stream, options), stream);
  }

  /** Page by page, each read to its end: a read that is given up half way leaves the client waiting for it. */
  async readSince(stream: string, type: string): Promise<StoredEvent[]> {
    const newestFirst: StoredEvent[] = [];
    for (let fromRevision: bigint | typeof END = END; ; ) {
      const page = await this.collect(
        this.client.readStream(stream, { direction: BACKWARDS, fromRevision, maxCount: BACKWARDS_PAGE }),
        stream,
      );
      const found = page.findIndex((event) => event.type === type);
      newestFirst.push(...(found === -1 ? page : page.slice(0, found + 1)));
      const oldest = page.at(-1);
      if (found !== -1 || oldest === undefined || oldest.revision === 0) return newestFirst.reverse();
      fromRevision = BigInt(oldest.revision - 1);
    }
  }

  async readLast(stream: string): Promise<StoredEvent | undefined> {
    const options = { direction: BACKWARDS, fromRevision: END, maxCount: 1 } as const;
    return (await this.collect(this.client.readStream(stream, options), stream)).at(0);
  }

  subscribe(options: SubscribeOptions, handle: BatchHandler): Subscription {
    const subscription = new DbSubscription(this.client, options, handle);
    this.subscriptions.add(subscription);
    return subscription;
  }

  async readAll(streamPrefixes: readonly string[], handle: BatchHandler): Promise<void> {
    const events = this.client.readAll({ direction: FORWARDS, fromPosition: START });
    let batch: StoredEvent[] = [];
    const flush = async () => {
      const last = batch.at(-1);
      if (last) await handle(batch, last.position);
      batch = [];
    };
    try {
      for await (const resolved of events) {
        const stored = storedEvent(resolved);
        if (stored && streamPrefixes.some((prefix) => stored.stream.startsWith(prefix))) batch.push(stored);
        if (batch.length >= 500) await flush();
      }
      await flush();
    } finally {
      await events.cancel();
    }
  }

  async lastPosition(): Promise<Position | undefined> {
    const events = this.client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: 1 });
    let last: Position | undefined;
    try {
      // To its end: a read that is left early keeps the client from closing.
      for await (const resolved of events) last = storedEvent(resolved)?.position;
      return last;
    } catch (error) {
      throw new StoreUnavailable('read of the newest event failed', { cause: error });
    } finally {
      await events.cancel();
    }
  }

  async keepOnly(stream: string, maxCount: number): Promise<void> {
    await asOperational(`metadata of ${stream}`, () => this.client.setStreamMetadata(stream, { maxCount }));
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.stop()));
    await this.client.dispose();
  }

  private async collect(read: ReturnType<EventStoreDBClient['readStream']>, stream: string): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    try {
      for await (const resolved of read) {
        const stored = storedEvent(resolved);
        if (stored) events.push(stored);
      }
      return events;
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      // An abandoned read leaks its call, and the client hangs after about a hundred.
      await read.cancel();
      throw new StoreUnavailable(`read of ${stream} failed`, { cause: error });
    }
  }
}

/** One subscription as its user sees it: it outlives restarts of the server by resuming after the last handled event. */
class DbSubscription implements Subscription {
  private readonly pump: BatchPump;
  private live: AllStreamSubscription | undefined;
  private stopped = false;
  private readonly highWater: number;
  private readonly running: Promise<void>;
  private readonly initialCatchUp: Promise<void>;
  private markCaughtUp: () => void = () => undefined;
  private wake: () => void = () => undefined;

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly options: SubscribeOptions,
    handle: BatchHandler,
  ) {
    this.initialCatchUp = new Promise((resolve) => {
      this.markCaughtUp = resolve;
    });
    this.highWater = Math.max(HIGH_WATER, 2 * (options.maxBatch ?? 0));
    this.pump = new BatchPump(handle, options, (waiting) => {
      if (waiting < this.highWater / 2) this.live?.resume();
    });
    this.running = this.run();
  }

  async caughtUp(): Promise<void> {
    await this.initialCatchUp;
    await this.pump.drained();
  }

  reached(position: Position): Promise<void> {
    return this.pump.reachedPosition(position);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    const batchInHand = this.pump.stop();
    await this.live?.unsubscribe();
    // One that is held back would not notice that it has ended.
    this.live?.resume();
    await this.running;
    await batchInHand;
  }

  private async run(): Promise<void> {
    for (let pauseMs = 50; !this.stopped; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        if (await this.follow()) pauseMs = 50;
      } catch (error) {
        if (!this.stopped) this.options.onFailure(new StoreUnavailable('subscription interrupted', { cause: error }));
      }
      await this.pump.drained();
      if (this.stopped) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Follows until the connection ends. @returns whether anything arrived. */
  private async follow(): Promise<boolean> {
    const after = this.pump.position ?? this.options.after;
    const live: AllStreamSubscription = this.client.subscribeToAll({
      fromPosition: after === undefined ? START : after === 'end' ? END : splitPosition(after),
      filter: this.filter(() => this.handedOver(live)),
    });
    this.live = live;
    let arrived = false;
    await new Promise<void>((resolve, fail) => {
      live.on('data', (resolved) => {
        arrived = true;
        const stored = storedEvent(resolved);
        if (this.stopped || !stored || !isWanted(stored, this.options)) return;
        if (this.pump.push(stored) >= this.highWater) live.pause();
      });
      live.on('caughtUp', () => void this.handedOver(live).then(this.markCaughtUp));
      live.on('error', fail);
      live.on('end', resolve);
      live.on('close', resolve);
    });
    return arrived;
  }

  /**
   * Resolves when the pump has every event that came before. A subscription that is held back keeps some of them in its buffer, and the
   * client tells what came after them, a position or that it has caught up, at once.
   */
  private async handedOver(live: AllStreamSubscription): Promise<void> {
    while (live.readableLength > 0 && !this.stopped) await pause(5);
  }

  /** The server filters by stream or by type, not by both: the rest is left to `isWanted`. */
  private filter(handedOver: () => Promise<void>): Filter {
    const { streamPrefixes, eventTypes } = this.options;
    const checkpoints = {
      checkpointInterval: CHECKPOINT_INTERVAL,
      checkpointReached: async (_: unknown, { commit, prepare }: { commit: bigint; prepare: bigint }) => {
        await handedOver();
        if (!this.stopped) this.pump.pass(positionOf(commit, prepare));
      },
    };
    return eventTypes === undefined
      ? streamNameFilter({ prefixes: [...streamPrefixes], ...checkpoints })
      : eventTypeFilter({ prefixes: [...eventTypes], ...checkpoints });
  }
}

function storedEvent({ event, commitPosition }: AnyResolvedEvent): StoredEvent | undefined {
  if (!event) return undefined;
  const { id, type, data, metadata, streamId, revision, created, position } = event;
  const commit = position?.commit ?? commitPosition ?? 0n;
  return {
    id,
    type,
    data,
    metadata: (metadata ?? {}) as EventMetadata,
    stream: streamId,
    revision: Number(revision),
    position: positionOf(commit, position?.prepare ?? commit),
    recordedAt: created.toISOString(),
  };
}

async function asOperational<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw new StoreUnavailable(`${what} failed`, { cause: error });
  }
}

/** The client's batch append has no deadline of its own. */
async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new StoreUnavailable(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * A JSON event as the bytes that go over the wire. The client turns JSON data into base64 text, which its protobuf code then decodes twice,
 * character by character: a third of the CPU of an append. Bytes it sends as they are. It reads the content type twice, once to tell the
 * server, once to choose what to do with the data; the answers differ here, and a contract test sees that the data comes back as JSON.
 */
class JsonBytes {
  readonly id: string;
  readonly type: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  private timesRead = 0;

  constructor({ id, type, data, dataJson, metadata }: NewEvent) {
    this.id = id;
    this.type = type;
    this.data = bytes(dataJson ?? JSON.stringify(data));
    this.metadata = bytes(JSON.stringify(metadata ?? {}));
  }

  get contentType(): 'application/json' | 'application/octet-stream' {
    this.timesRead += 1;
    return this.timesRead % 2 === 1 ? 'application/json' : 'application/octet-stream';
  }
}

/** Exactly a Uint8Array: the client does not take a subclass such as Buffer for bytes. */
function bytes(text: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, 'utf8');
  return new Uint8Array(buffer, byteOffset, byteLength);
}

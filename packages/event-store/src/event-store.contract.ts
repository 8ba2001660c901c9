// What every event store behind the port must do. Run against the in-memory twin, the embedded server, and any real server.
import { randomUUID } from 'node:crypto';
import {
  comparePositions,
  distanceBetween,
  type EventStore,
  type NewEvent,
  type Position,
  type StoredEvent,
  WrongExpectedRevision,
} from './event-store';

const event = (id: string = randomUUID(), data: unknown = { wh: '1' }): NewEvent => ({
  id,
  type: 'SomethingHappened',
  data,
  metadata: { causedBy: 'test' },
});

export function eventStoreContract(open: () => EventStore): void {
  let store: EventStore;
  // A prefix of its own for each run: a real server keeps the streams of earlier runs.
  const prefix = `contract${randomUUID().slice(0, 8)}-`;
  const newStream = () => `${prefix}${randomUUID()}`;

  beforeAll(() => {
    store = open();
  });
  afterAll(() => store.close());

  it('gives back what was appended, in order, with revisions from 0 and rising positions', async () => {
    const stream = newStream();
    const events = [event(undefined, { text: 'ü', big: '12345678901234567890' }), event(undefined, { list: [1, { deep: true }] })];
    const { revision } = await store.append(stream, 'no-stream', events);
    expect(revision).toBe(1);
    const read = await store.read(stream);
    expect(read.map(({ id, data, revision: at, type, stream: of }) => ({ id, data, at, type, of }))).toEqual(
      events.map(({ id, data }, at) => ({ id, data, at, type: 'SomethingHappened', of: stream })),
    );
    expect(read.map(({ metadata }) => metadata)).toEqual([{ causedBy: 'test' }, { causedBy: 'test' }]);
    expect(comparePositions(read[0]?.position ?? fail(), read[1]?.position ?? fail())).toBeLessThan(0);
    expect(Date.parse(read[0]?.recordedAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
  });

  it('reads from a revision on, the last event alone, and nothing of a stream that does not exist', async () => {
    const stream = newStream();
    await store.append(stream, 'no-stream', [event(), event(), event()]);
    expect((await store.read(stream, 1)).map(({ revision }) => revision)).toEqual([1, 2]);
    expect((await store.readLast(stream))?.revision).toBe(2);
    expect(await store.read(newStream())).toEqual([]);
    expect(await store.readLast(newStream())).toBeUndefined();
  });

  it('reads a stream from the newest event of a type on', async () => {
    const stream = newStream();
    const carried = () => ({ ...event(), type: 'CarriedForward' });
    expect(await store.readSince(stream, 'CarriedForward')).toEqual([]);
    await store.append(stream, 'no-stream', [event(), event()]);
    expect((await store.readSince(stream, 'CarriedForward')).map(({ revision }) => revision)).toEqual([0, 1]);
    await store.append(stream, 1, [carried(), event(), carried(), event(), event()]);
    expect((await store.readSince(stream, 'CarriedForward')).map(({ revision }) => revision)).toEqual([4, 5, 6]);
    await store.append(
      stream,
      6,
      Array.from({ length: 600 }, () => event()),
    );
    expect((await store.readSince(stream, 'CarriedForward')).map(({ revision }) => revision)).toEqual(
      Array.from({ length: 603 }, (_, at) => at + 4),
    );
  });

  it('refuses an append at another revision than the expected one', async () => {
    const stream = newStream();
    await store.append(stream, 'no-stream', [event()]);
    await expect(store.append(stream, 'no-stream', [event()])).rejects.toThrow(WrongExpectedRevision);
    await expect(store.append(stream, 5, [event()])).rejects.toThrow(WrongExpectedRevision);
    await expect(store.append(newStream(), 0, [event()])).rejects.toThrow(WrongExpectedRevision);
    expect(await store.read(stream)).toHaveLength(1);
  });

  it('takes the same ids at the same revision for a repetition, also after later events', async () => {
    const stream = newStream();
    const events = [event(), event()];
    const first = await store.append(stream, 'no-stream', events);
    await store.append(stream, 1, [event()]);
    expect(await store.append(stream, 'no-stream', events)).toEqual(expect.objectContaining({ revision: first.revision }));
    expect(await store.read(stream)).toHaveLength(3);
  });

  it('lets exactly one of many concurrent writers have a revision', async () => {
    const stream = newStream();
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => store.append(stream, 'no-stream', [event()])));
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await store.read(stream)).toHaveLength(1);
  });

  it('follows streams by prefix: what is stored, then what comes, from a position on', async () => {
    const own = `${prefix}follow-`;
    await store.append(`${own}a`, 'no-stream', [event(), event()]);
    const seen: StoredEvent[] = [];
    const subscription = store.subscribe(
      { streamPrefixes: [own], onFailure: (error) => fail(error) },
      async (events) => void seen.push(...events),
    );
    await subscription.caughtUp();
    expect(seen).toHaveLength(2);
    const { position } = await store.append(`${own}b`, 'no-stream', [event()]);
    await store.append(newStream(), 'no-stream', [event()]);
    await subscription.reached(position);
    expect(seen.map(({ stream, revision }) => `${stream.slice(own.length)}${revision}`)).toEqual(['a0', 'a1', 'b0']);
    await subscription.stop();

    const later: StoredEvent[] = [];
    const options = { streamPrefixes: [own], after: seen[1]?.position ?? fail(), onFailure: (error: unknown) => fail(error) };
    const resumed = store.subscribe(options, async (events) => void later.push(...events));
    await resumed.reached(position);
    expect(later.map(({ stream }) => stream)).toEqual([`${own}b`]);
    await resumed.stop();
  });

  it('follows by event type as well', async () => {
    const own = `${prefix}typed-`;
    await store.append(`${own}a`, 'no-stream', [event(), { ...event(), type: `Rare${prefix.slice(8, 16)}` }, event()]);
    const seen: string[] = [];
    const options = { streamPrefixes: [own], eventTypes: [`Rare${prefix.slice(8, 16)}`], onFailure: (error: unknown) => fail(error) };
    const subscription = store.subscribe(options, async (events) => void seen.push(...events.map(({ type }) => type)));
    await subscription.caughtUp();
    expect(seen).toEqual(options.eventTypes);
    await subscription.stop();
  });

  it('hands a failing batch to the handler again, in order, until it succeeds', async () => {
    const own = `${prefix}retry-`;
    const { position } = await store.append(`${own}a`, 'no-stream', [event(), event()]);
    const failures: unknown[] = [];
    const seen: number[] = [];
    const subscription = store.subscribe({ streamPrefixes: [own], onFailure: (error) => failures.push(error) }, async (events) => {
      if (failures.length < 2) throw new Error('not yet');
      seen.push(...events.map(({ revision }) => revision));
    });
    await subscription.reached(position);
    expect(failures).toHaveLength(2);
    expect(seen).toEqual([0, 1]);
    await subscription.stop();
  });

  it('knows where its newest event stands', async () => {
    const { position } = await store.append(newStream(), 'no-stream', [event()]);
    const last = (await store.lastPosition()) ?? fail();
    expect(comparePositions(last, position)).toBeGreaterThanOrEqual(0);
    const { position: later } = await store.append(newStream(), 'no-stream', [event()]);
    expect(distanceBetween(last, later)).toBeGreaterThan(0);
  });

  it('never tells a slow handler of a position before the events up to it', async () => {
    const own = `${prefix}slow-`;
    const rare = `Rare${prefix.slice(8, 16)}Slow`;
    // So many at once that the subscription is slowed down, then few among many, so that positions without events are told meanwhile.
    const oneIn = (rarity: number) => Array.from({ length: 1_500 }, (_, at) => (at % rarity === 0 ? { ...event(), type: rare } : event()));
    for (let i = 0; i < 2; i++) await store.append(`${own}many-${i}`, 'no-stream', oneIn(1));
    for (let i = 0; i < 6; i++) await store.append(`${own}few-${i}`, 'no-stream', oneIn(100));
    let told: Position | undefined;
    let handled = 0;
    const overtaken: string[] = [];
    const options = { streamPrefixes: [own], eventTypes: [rare], maxBatch: 1_500, onFailure: (error: unknown) => fail(error) };
    const subscription = store.subscribe(options, async (events, reached) => {
      for (const { stream, revision, position } of events) {
        if (told !== undefined && comparePositions(position, told) <= 0) overtaken.push(`${stream}@${revision}`);
      }
      handled += events.length;
      told = reached;
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    await subscription.caughtUp();
    expect(handled).toBe(3_090);
    expect(overtaken).toEqual([]);
    await subscription.stop();
  });

  it('stops a subscription that is held back, after the batch in hand', async () => {
    const own = `${prefix}held-`;
    for (let i = 0; i < 3; i++) {
      await store.append(
        `${own}${i}`,
        'no-stream',
        Array.from({ length: 1_000 }, () => event()),
      );
    }
    let finish: () => void = () => undefined;
    let batches = 0;
    const subscription = store.subscribe({ streamPrefixes: [own], onFailure: (error) => fail(error) }, () => {
      batches += 1;
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    const stopped = subscription.stop();
    finish();
    await stopped;
    expect(batches).toBe(1);
  });

  it('reads everything under a prefix and ends', async () => {
    const own = `${prefix}all-`;
    for (const name of ['a', 'b']) await store.append(`${own}${name}`, 'no-stream', [event(), event()]);
    const seen: string[] = [];
    await store.readAll(
      [own],
      async (events) => void seen.push(...events.map(({ stream, revision }) => `${stream.slice(own.length)}${revision}`)),
    );
    expect(seen).toEqual(['a0', 'a1', 'b0', 'b1']);
  });

  it('keeps only the newest events of a checkpoint stream', async () => {
    const stream = newStream();
    await store.keepOnly(stream, 1);
    await store.append(stream, 'no-stream', [event()]);
    await store.append(stream, 0, [event()]);
    expect((await store.read(stream)).map(({ revision }) => revision)).toEqual([1]);
  });
}

function fail(error?: unknown): never {
  throw error ?? new Error('expected a value');
}

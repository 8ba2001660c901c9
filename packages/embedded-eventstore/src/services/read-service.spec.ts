import { BACKWARDS, END, type EventStoreDBClient, FORWARDS, NO_STREAM, START } from '@eventstore/db-client';
import { meterEvent, meterEvents, type ServerUnderTest, startServerUnderTest } from '../server-under-test';

describe('Read', () => {
  let under: ServerUnderTest;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    under = await startServerUnderTest();
    client = under.client;
    for (let round = 0; round < 5; round++) {
      await client.appendToStream('odd', [meterEvent(2 * round), meterEvent(2 * round + 1)]);
      await client.appendToStream('even', meterEvent(round));
    }
  });
  afterAll(() => under.stop());

  async function readStream(options: Parameters<EventStoreDBClient['readStream']>[1], stream = 'odd'): Promise<number[]> {
    const revisions: number[] = [];
    for await (const { event } of client.readStream(stream, options)) revisions.push(Number(event?.revision));
    return revisions;
  }

  async function readAll(options: Parameters<EventStoreDBClient['readAll']>[0]): Promise<number[]> {
    const positions: number[] = [];
    for await (const { event } of client.readAll(options)) positions.push(Number(event?.position?.commit));
    return positions;
  }

  const at = (position: number) => ({ commit: BigInt(position), prepare: BigInt(position) });

  it('reads a stream in both directions, the given revision included', async () => {
    expect(await readStream({})).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await readStream({ fromRevision: 7n })).toEqual([7, 8, 9]);
    expect(await readStream({ fromRevision: 2n, maxCount: 3 })).toEqual([2, 3, 4]);
    expect(await readStream({ fromRevision: 10n })).toEqual([]);
    expect(await readStream({ fromRevision: END, direction: FORWARDS })).toEqual([]);
    expect(await readStream({ fromRevision: END, direction: BACKWARDS, maxCount: 2 })).toEqual([9, 8]);
    expect(await readStream({ fromRevision: 2n, direction: BACKWARDS })).toEqual([2, 1, 0]);
    expect(await readStream({ fromRevision: START, direction: BACKWARDS })).toEqual([0]);
    expect(await readStream({ fromRevision: 18446744073709551615n, direction: BACKWARDS, maxCount: 1 })).toEqual([9]);
  });

  it('reads $all in both directions, the given position included', async () => {
    const all = Array.from({ length: 15 }, (_, index) => index + 1);
    expect(await readAll({})).toEqual(all);
    expect(await readAll({ fromPosition: at(13) })).toEqual([13, 14, 15]);
    expect(await readAll({ fromPosition: at(4), maxCount: 2 })).toEqual([4, 5]);
    expect(await readAll({ fromPosition: END })).toEqual([]);
    expect(await readAll({ direction: BACKWARDS, fromPosition: END })).toEqual([...all].reverse());
    expect(await readAll({ direction: BACKWARDS, fromPosition: at(3) })).toEqual([3, 2, 1]);
    expect(await readAll({ direction: BACKWARDS, fromPosition: START })).toEqual([]);
  });

  it('reads what it was told to read after a restart', async () => {
    await under.restart();
    client = under.client;
    expect(await readStream({}, 'even')).toEqual([0, 1, 2, 3, 4]);
    expect(await readAll({ fromPosition: at(14) })).toEqual([14, 15]);
  });

  it('reports a stream that does not exist', async () => {
    await expect(readStream({}, 'nowhere')).rejects.toMatchObject({ type: 'stream-not-found' });
  });

  it('reads a long stream of large events at the pace of a slow reader', async () => {
    const text = 'x'.repeat(50_000);
    for (let number = 0; number < 60; number++) await client.appendToStream('long', { ...meterEvent(number), data: { number, text } });
    const numbers: number[] = [];
    for await (const { event } of client.readStream('long', {}, { highWaterMark: 1 })) {
      numbers.push(Number(event?.revision));
      if (numbers.length % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(numbers).toEqual(Array.from({ length: 60 }, (_, index) => index));
  });

  it('ends calls that are cancelled halfway, so that more of them than a connection allows can follow', async () => {
    await client.appendToStream('abandoned', meterEvents(300), { expectedRevision: NO_STREAM });
    for (let round = 0; round < 150; round++) {
      const stream = client.readStream('abandoned');
      for await (const { event } of stream) if (event) break;
      await stream.cancel();
    }
    expect(await readStream({ maxCount: 1 }, 'abandoned')).toEqual([0]);
  });
});

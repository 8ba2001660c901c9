import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { END, type EventStoreDBClient } from '@eventstore/db-client';
import { meterEvent, meterEvents, type ServerUnderTest, startServerUnderTest, until } from '../server-under-test';

const SEGMENT_BYTES = 8 * 1024;
const CHECKPOINTS = 400;

describe('compaction', () => {
  let under: ServerUnderTest;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    under = await startServerUnderTest(SEGMENT_BYTES);
    client = under.client;
  });
  afterAll(() => under.stop());

  const logBytes = () =>
    readdirSync(under.folder)
      .filter((name) => name.endsWith('.log'))
      .reduce((sum, name) => sum + statSync(join(under.folder, name)).size, 0);

  async function read(stream: string): Promise<string[]> {
    const read: string[] = [];
    for await (const { event } of client.readStream(stream)) read.push(`${event?.revision}:${JSON.stringify(event?.data)}`);
    return read;
  }

  it('frees the space of displaced checkpoints while the log is written, and loses nothing that can be read', async () => {
    await client.appendToStream('session-1', meterEvents(10));
    const session = await read('session-1');
    await client.appendToStream('gone-1', meterEvents(10));
    await client.deleteStream('gone-1');
    await client.setStreamMetadata('checkpoint-1', { maxCount: 1 });
    for (let number = 0; number < CHECKPOINTS; number++) await client.appendToStream('checkpoint-1', meterEvent(number));
    const bytesWritten = CHECKPOINTS * 300;
    await until(() => logBytes() < bytesWritten / 3);
    const expected = [`${CHECKPOINTS - 1}:{"number":${CHECKPOINTS - 1}}`];
    expect(await read('checkpoint-1')).toEqual(expected);
    expect(await read('session-1')).toEqual(session);

    await under.restart();
    client = under.client;
    expect(await read('checkpoint-1')).toEqual(expected);
    expect(await read('session-1')).toEqual(session);
    await expect(read('gone-1')).rejects.toMatchObject({ type: 'stream-not-found' });
    const older = client.readStream('checkpoint-1', { direction: 'backwards', fromRevision: 3n });
    for await (const { event } of older) throw new Error(`Revision ${event?.revision} had been displaced.`);
    const next = await client.appendToStream('checkpoint-1', meterEvent(7), { expectedRevision: BigInt(CHECKPOINTS - 1) });
    expect(next.nextExpectedRevision).toBe(BigInt(CHECKPOINTS));
    expect((await client.appendToStream('gone-1', meterEvent(0))).nextExpectedRevision).toBe(10n);
  });

  it('keeps the order and the positions of $all, with gaps where events were dropped', async () => {
    const positions: bigint[] = [];
    for await (const { event } of client.readAll()) positions.push(event?.position?.commit ?? 0n);
    expect(positions.length).toBeLessThan(CHECKPOINTS / 2);
    expect(positions).toEqual([...positions].sort((a, b) => Number(a - b)));
    const [from] = positions.slice(-3);
    const tail: bigint[] = [];
    for await (const { event } of client.readAll({ fromPosition: { commit: from ?? 0n, prepare: from ?? 0n } }))
      tail.push(event?.position?.commit ?? 0n);
    expect(tail).toEqual(positions.slice(-3));
  });

  it('does not disturb a subscription that reads while segments are replaced', async () => {
    const heard: number[] = [];
    client.subscribeToStream('checkpoint-1', { fromRevision: END }).on('data', ({ event }) => heard.push(Number(event?.revision)));
    const write = async () => {
      for (let number = 0; number < 200; number++) await client.appendToStream('checkpoint-1', meterEvent(number));
    };
    await write();
    const last = CHECKPOINTS + 200;
    await until(() => heard.at(-1) === last);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
  });
});

import { BACKWARDS, END, type EventStoreDBClient, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';
import { meterEvent, meterEvents, type ServerUnderTest, startServerUnderTest } from '../server-under-test';

describe('stream metadata and deletion', () => {
  let under: ServerUnderTest;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    under = await startServerUnderTest();
    client = under.client;
  });
  afterAll(() => under.stop());

  async function restart(): Promise<void> {
    await under.restart();
    client = under.client;
  }

  async function revisionsOf(stream: string, options = {}): Promise<number[]> {
    const revisions: number[] = [];
    for await (const { event } of client.readStream(stream, options)) revisions.push(Number(event?.revision));
    return revisions;
  }

  it('reads back the metadata it was given, the newest only', async () => {
    await client.setStreamMetadata('described', { maxCount: 7, owner: 'x' });
    await client.setStreamMetadata('described', { maxCount: 8, owner: 'y' });
    expect((await client.getStreamMetadata('described')).metadata).toEqual({ maxCount: 8, owner: 'y' });
    expect(await revisionsOf('$$described')).toEqual([1]);
  });

  it('honours $maxCount in both directions, for old and for new events', async () => {
    await client.appendToStream('counted', meterEvents(5));
    await client.setStreamMetadata('counted', { maxCount: 2 });
    expect(await revisionsOf('counted')).toEqual([3, 4]);
    await client.appendToStream('counted', meterEvent(5), { expectedRevision: 4n });
    expect(await revisionsOf('counted')).toEqual([4, 5]);
    expect(await revisionsOf('counted', { direction: BACKWARDS, fromRevision: END })).toEqual([5, 4]);
    await restart();
    expect(await revisionsOf('counted', { fromRevision: 1n })).toEqual([4, 5]);
  });

  it('honours $tb and $maxAge', async () => {
    await client.appendToStream('truncated', meterEvents(5));
    await client.setStreamMetadata('truncated', { truncateBefore: 3 });
    expect(await revisionsOf('truncated')).toEqual([3, 4]);
    await client.appendToStream('aged', meterEvents(2));
    await client.setStreamMetadata('aged', { maxAge: 1 });
    expect(await revisionsOf('aged')).toEqual([0, 1]);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await client.appendToStream('aged', meterEvent(2));
    expect(await revisionsOf('aged')).toEqual([2]);
  });

  it('deletes softly: the stream is not found, and goes on where it ended when it is written to again', async () => {
    await client.appendToStream('deleted', meterEvents(3));
    await client.setStreamMetadata('deleted', { owner: 'x' });
    const { position } = await client.deleteStream('deleted', { expectedRevision: 2n });
    expect(position?.commit).toBeGreaterThan(0n);
    await expect(revisionsOf('deleted')).rejects.toMatchObject({ type: 'stream-not-found' });
    await restart();
    await expect(revisionsOf('deleted')).rejects.toMatchObject({ type: 'stream-not-found' });
    await expect(client.appendToStream('deleted', meterEvent(9), { expectedRevision: STREAM_EXISTS })).rejects.toMatchObject({
      actualVersion: 2n,
    });
    const recreated = await client.appendToStream('deleted', meterEvents(2), { expectedRevision: NO_STREAM });
    expect(recreated.nextExpectedRevision).toBe(4n);
    await restart();
    expect(await revisionsOf('deleted')).toEqual([3, 4]);
    expect((await client.getStreamMetadata('deleted')).metadata).toEqual({ owner: 'x', truncateBefore: 3 });
  });

  it('tombstones for good', async () => {
    await client.appendToStream('tombstoned', meterEvents(3));
    const { position } = await client.tombstoneStream('tombstoned', { expectedRevision: 2n });
    const deleted = { type: 'stream-deleted', streamName: 'tombstoned' };
    for (const restartFirst of [false, true]) {
      if (restartFirst) await restart();
      await expect(revisionsOf('tombstoned')).rejects.toMatchObject(deleted);
      await expect(client.appendToStream('tombstoned', meterEvent(0))).rejects.toMatchObject(deleted);
      const unary = client.appendToStream('tombstoned', meterEvent(0), { credentials: { username: 'a', password: 'b' } });
      await expect(unary).rejects.toMatchObject(deleted);
      await expect(client.deleteStream('tombstoned')).rejects.toMatchObject(deleted);
      await expect(client.setStreamMetadata('tombstoned', {})).rejects.toMatchObject({ type: 'stream-deleted' });
    }
    for await (const { event } of client.readAll({ fromPosition: position, maxCount: 1 })) {
      expect(event).toMatchObject({ streamId: 'tombstoned', type: '$streamDeleted', revision: 9223372036854775807n });
    }
  });

  it('refuses to delete at a wrong revision', async () => {
    await client.appendToStream('kept', meterEvents(3));
    const wrong = { type: 'wrong-expected-version', streamName: 'kept', expectedVersion: 1n, actualVersion: 2n };
    await expect(client.deleteStream('kept', { expectedRevision: 1n })).rejects.toMatchObject(wrong);
    await expect(client.tombstoneStream('kept', { expectedRevision: 1n })).rejects.toMatchObject(wrong);
    await expect(client.deleteStream('never', { expectedRevision: 0n })).rejects.toMatchObject({ actualVersion: 'no_stream' });
    await expect(client.tombstoneStream('kept', { expectedRevision: NO_STREAM })).rejects.toMatchObject({ expectedVersion: -1n });
    expect(await revisionsOf('kept')).toEqual([0, 1, 2]);
  });
});

import {
  ANY,
  type AppendResult,
  binaryEvent,
  END,
  type EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  STREAM_EXISTS,
} from '@eventstore/db-client';
import { meterEvent, meterEvents, type ServerUnderTest, startServerUnderTest } from '../server-under-test';

// With credentials the client uses the unary Append, without them BatchAppend; the server must behave the same through both.
const CREDENTIALS = { username: 'anyone', password: 'anything' };

describe.each([
  ['BatchAppend', {}],
  ['Append', { credentials: CREDENTIALS }],
])('%s', (_, route) => {
  let under: ServerUnderTest;
  let client: EventStoreDBClient;
  beforeAll(async () => {
    under = await startServerUnderTest();
    client = under.client;
  });
  afterAll(() => under.stop());

  async function revisionsOf(stream: string): Promise<bigint[]> {
    const revisions: bigint[] = [];
    for await (const { event } of client.readStream(stream)) if (event) revisions.push(event.revision);
    return revisions;
  }

  it('stores JSON and binary events with their metadata', async () => {
    const json = jsonEvent({ type: 'SessionStarted', data: { evse: 'größe' }, metadata: { cause: 'x' } });
    const binary = binaryEvent({ type: 'ImageTaken', data: Uint8Array.from([0, 255, 128]), metadata: Uint8Array.from([1, 2]) });
    const result = await client.appendToStream('kinds', [json, binary], { expectedRevision: NO_STREAM, ...route });
    expect(result).toMatchObject({ success: true, nextExpectedRevision: 1n });
    const read = [];
    for await (const { event } of client.readStream('kinds')) read.push(event);
    expect(read[0]).toMatchObject({ id: json.id, type: 'SessionStarted', isJson: true, data: { evse: 'größe' }, metadata: { cause: 'x' } });
    expect(read[0]?.created.getTime()).toBeGreaterThan(Date.now() - 60_000);
    expect(read[1]).toMatchObject({ id: binary.id, type: 'ImageTaken', isJson: false, position: result.position });
    expect(read[1]?.data).toEqual(Uint8Array.from([0, 255, 128]));
    expect(read[1]?.metadata).toEqual(Uint8Array.from([1, 2]));
  });

  it('accepts the revisions that hold', async () => {
    await client.appendToStream('holds', meterEvent(0), { expectedRevision: NO_STREAM, ...route });
    await client.appendToStream('holds', meterEvent(1), { expectedRevision: 0n, ...route });
    await client.appendToStream('holds', meterEvent(2), { expectedRevision: STREAM_EXISTS, ...route });
    const { nextExpectedRevision } = await client.appendToStream('holds', meterEvent(3), { expectedRevision: ANY, ...route });
    expect(nextExpectedRevision).toBe(3n);
    expect(await revisionsOf('holds')).toEqual([0n, 1n, 2n, 3n]);
  });

  it('refuses the revisions that do not, and says what the stream has', async () => {
    await client.appendToStream('refuses', meterEvents(3), { expectedRevision: NO_STREAM, ...route });
    const refused = (stream: string, expectedRevision: bigint | typeof NO_STREAM | typeof STREAM_EXISTS) =>
      client.appendToStream(stream, meterEvent(9), { expectedRevision, ...route }).catch((error) => error);
    const wrong = { type: 'wrong-expected-version', streamName: 'refuses', actualVersion: 2n };
    expect(await refused('refuses', 7n)).toMatchObject({ ...wrong, expectedVersion: 7n });
    expect(await refused('refuses', 1n)).toMatchObject({ ...wrong, expectedVersion: 1n });
    expect(await refused('refuses', NO_STREAM)).toMatchObject({ ...wrong, expectedVersion: 'no_stream' });
    expect(await refused('missing', STREAM_EXISTS)).toMatchObject({ expectedVersion: 'stream_exists', actualVersion: 'no_stream' });
    expect(await refused('missing', 0n)).toMatchObject({ expectedVersion: 0n, actualVersion: 'no_stream' });
    expect(await revisionsOf('refuses')).toEqual([0n, 1n, 2n]);
  });

  it.each([NO_STREAM, ANY, STREAM_EXISTS, 1n] as const)('recognises the same events appended again with %s', async (expectedRevision) => {
    const stream = `repeated-${expectedRevision}`;
    const existing = meterEvents(2);
    if (expectedRevision !== NO_STREAM) await client.appendToStream(stream, existing, { expectedRevision: NO_STREAM, ...route });
    const events = meterEvents(3);
    const first = await client.appendToStream(stream, events, { expectedRevision, ...route });
    await client.appendToStream(stream, meterEvent(7), { ...route });
    const again = await client.appendToStream(stream, events, { expectedRevision, ...route });
    expect(again).toEqual(first);
    expect(await revisionsOf(stream)).toHaveLength(expectedRevision === NO_STREAM ? 4 : 6);
  });

  it('does not take other events, or more of them, for a repetition', async () => {
    const events = meterEvents(2);
    await client.appendToStream('not-repeated', events, { expectedRevision: NO_STREAM, ...route });
    const wrong = { type: 'wrong-expected-version' };
    await expect(client.appendToStream('not-repeated', meterEvents(2), { expectedRevision: NO_STREAM, ...route })).rejects.toMatchObject(
      wrong,
    );
    const more = [...events, meterEvent(3)];
    await expect(client.appendToStream('not-repeated', more, { expectedRevision: NO_STREAM, ...route })).rejects.toMatchObject(wrong);
    await expect(client.appendToStream('not-repeated', more, { expectedRevision: ANY, ...route })).rejects.toMatchObject(wrong);
  });

  it('recognises a repetition that overtakes the first attempt on its way to the disk', async () => {
    const events = meterEvents(5);
    const attempts = Array.from({ length: 8 }, () => client.appendToStream('overtaken', events, { expectedRevision: NO_STREAM, ...route }));
    const results = await Promise.all(attempts);
    expect(new Set(results.map((result: AppendResult) => result.position?.commit)).size).toBe(1);
    expect(await revisionsOf('overtaken')).toHaveLength(5);
  });

  it('refuses more than a mebibyte, wherever the client splits it', async () => {
    const large = Array.from({ length: 3 }, (_, number) => jsonEvent({ type: 'Large', data: { number, text: 'x'.repeat(400_000) } }));
    const append = client.appendToStream('large', large, { expectedRevision: NO_STREAM, batchAppendSize: 500_000, ...route });
    await expect(append).rejects.toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1_048_576 });
  });

  it('puts an append together that the client splits', async () => {
    const events = Array.from({ length: 40 }, (_, number) => jsonEvent({ type: 'Large', data: { number, text: 'x'.repeat(10_000) } }));
    await client.appendToStream('split', events, { expectedRevision: NO_STREAM, batchAppendSize: 50_000, ...route });
    expect(await revisionsOf('split')).toHaveLength(40);
  });

  it('stores nothing for no events', async () => {
    expect(await client.appendToStream('holds', [], { expectedRevision: 3n, ...route })).toMatchObject({
      success: true,
      nextExpectedRevision: 3n,
    });
    expect(await revisionsOf('holds')).toHaveLength(4);
  });

  it('keeps the streams of 32 concurrent writers in order', async () => {
    const appendsEach = 25;
    const write = async (writer: number) => {
      for (let number = 0; number < appendsEach; number++) {
        const expectedRevision = number === 0 ? NO_STREAM : BigInt(number - 1);
        await client.appendToStream(`writer-${writer}`, meterEvent(number), { expectedRevision, ...route });
      }
    };
    await Promise.all(Array.from({ length: 32 }, (_, writer) => write(writer)));
    for (let writer = 0; writer < 32; writer++) {
      const numbers: unknown[] = [];
      for await (const { event } of client.readStream(`writer-${writer}`)) numbers.push(event?.data);
      expect(numbers).toEqual(Array.from({ length: appendsEach }, (_, number) => ({ number })));
    }
  });

  it('lets exactly one of 32 writers at the same revision through', async () => {
    const attempts = Array.from({ length: 32 }, (_, number) =>
      client.appendToStream('contended', meterEvent(number), { expectedRevision: NO_STREAM, ...route }),
    );
    const settled = await Promise.allSettled(attempts);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await revisionsOf('contended')).toEqual([0n]);
  });

  it('recognises repetitions after a restart', async () => {
    const events = meterEvents(3);
    const any = meterEvents(2);
    const first = await client.appendToStream('restarted', events, { expectedRevision: NO_STREAM, ...route });
    const firstAny = await client.appendToStream('restarted', any, { expectedRevision: ANY, ...route });
    await under.restart();
    client = under.client;
    expect(await client.appendToStream('restarted', events, { expectedRevision: NO_STREAM, ...route })).toEqual(first);
    expect(await client.appendToStream('restarted', any, { expectedRevision: ANY, ...route })).toEqual(firstAny);
    for await (const { event } of client.readStream('restarted', { fromRevision: END, direction: 'backwards', maxCount: 1 })) {
      expect(event?.revision).toBe(4n);
    }
  });
});

describe('BatchAppend alone', () => {
  it('reports an append that arrives after its deadline as timed out', async () => {
    const under = await startServerUnderTest();
    await under.client.appendToStream('warm', meterEvent(0));
    const late = under.client.appendToStream('late', meterEvent(0), { deadline: -1000 });
    await expect(late).rejects.toMatchObject({ type: 'deadline-exceeded' });
    await under.stop();
  });
});

import {
  type AllStreamSubscription,
  END,
  type EventStoreDBClient,
  eventTypeFilter,
  excludeSystemEvents,
  type Position,
  START,
  type StreamSubscription,
  streamNameFilter,
} from '@eventstore/db-client';
import { meterEvent, meterEvents, type ServerUnderTest, startServerUnderTest, until } from '../server-under-test';

interface Heard {
  readonly streams: string[];
  readonly positions: bigint[];
  readonly signals: string[];
}

function listen(subscription: AllStreamSubscription | StreamSubscription): Heard {
  const heard: Heard = { streams: [], positions: [], signals: [] };
  subscription.on('confirmation', () => heard.signals.push('confirmation'));
  subscription.on('caughtUp', () => heard.signals.push('caughtUp'));
  subscription.on('data', ({ event }) => {
    heard.streams.push(`${event?.streamId}@${event?.revision}`);
    heard.positions.push(event?.position?.commit ?? 0n);
  });
  subscription.on('error', (error: Error & { type?: string }) => heard.signals.push(error.type ?? error.message));
  return heard;
}

describe('a subscription', () => {
  let under: ServerUnderTest;
  let client: EventStoreDBClient;
  beforeEach(async () => {
    under = await startServerUnderTest();
    client = under.client;
  });
  afterEach(() => under.stop());

  it('to a stream catches up, says so, and goes on live', async () => {
    await client.appendToStream('session-1', meterEvents(3));
    await client.appendToStream('session-2', meterEvents(2));
    const heard = listen(client.subscribeToStream('session-1'));
    await until(() => heard.signals.includes('caughtUp'));
    expect(heard.signals).toEqual(['confirmation', 'caughtUp']);
    expect(heard.streams).toEqual(['session-1@0', 'session-1@1', 'session-1@2']);
    await client.appendToStream('session-2', meterEvent(2));
    await client.appendToStream('session-1', meterEvents(2));
    await until(() => heard.streams.length === 5);
    expect(heard.streams.slice(3)).toEqual(['session-1@3', 'session-1@4']);
  });

  it('to a stream starts behind the given revision, at the end, or before the stream exists', async () => {
    await client.appendToStream('session-1', meterEvents(3));
    const behind = listen(client.subscribeToStream('session-1', { fromRevision: 1n }));
    const end = listen(client.subscribeToStream('session-1', { fromRevision: END }));
    const early = listen(client.subscribeToStream('session-9', { fromRevision: START }));
    await until(() => [behind, end, early].every(({ signals }) => signals.includes('caughtUp')));
    await client.appendToStream('session-1', meterEvent(3));
    await client.appendToStream('session-9', meterEvent(0));
    await until(() => early.streams.length === 1);
    expect(behind.streams).toEqual(['session-1@2', 'session-1@3']);
    expect(end.streams).toEqual(['session-1@3']);
    expect(early.streams).toEqual(['session-9@0']);
  });

  it('to $all hears every event once, in order, while 32 writers append', async () => {
    const heard = listen(client.subscribeToAll());
    const write = async (writer: number) => {
      for (let number = 0; number < 20; number++) await client.appendToStream(`session-${writer}`, meterEvents(2));
    };
    await Promise.all(Array.from({ length: 32 }, (_, writer) => write(writer)));
    await until(() => heard.positions.length >= 32 * 40);
    expect(heard.positions).toEqual(Array.from({ length: 32 * 40 }, (_, index) => BigInt(index + 1)));
  });

  it('to $all resumes behind a position it had reached, after a restart', async () => {
    const appended = await client.appendToStream('session-1', meterEvents(4));
    await client.appendToStream('session-2', meterEvents(2));
    await under.restart();
    client = under.client;
    const heard = listen(client.subscribeToAll({ fromPosition: appended.position as Position }));
    await until(() => heard.signals.includes('caughtUp'));
    await client.appendToStream('session-3', meterEvent(0));
    await until(() => heard.streams.length === 3);
    expect(heard.streams).toEqual(['session-2@0', 'session-2@1', 'session-3@0']);
  });

  it.each([
    ['stream prefixes', streamNameFilter({ prefixes: ['session-', 'cdr-'] }), ['session-1@0', 'cdr-1@0', 'session-1@1']],
    ['a stream expression', streamNameFilter({ regex: '^(cdr|tariff)-\\d+$' }), ['cdr-1@0', 'tariff-1@0']],
    ['type prefixes', eventTypeFilter({ prefixes: ['Cdr'] }), ['cdr-1@0']],
    ['a type expression', eventTypeFilter({ regex: 'Started$|Defined$' }), ['session-1@0', 'tariff-1@0']],
    ['no system events', excludeSystemEvents(), ['session-1@0', 'cdr-1@0', 'tariff-1@0', 'session-1@1']],
  ])('to $all is filtered by %s, before and after it has caught up', async (_, filter, expected) => {
    const append = async () => {
      await client.appendToStream('session-1', meterEvent(0, 'SessionStarted'));
      await client.appendToStream('cdr-1', meterEvent(0, 'CdrIssued'));
      await client.setStreamMetadata('session-1', { owner: 'x' });
      await client.appendToStream('tariff-1', meterEvent(0, 'TariffDefined'));
      await client.appendToStream('session-1', meterEvent(0, 'SessionCompleted'));
    };
    const live = listen(client.subscribeToAll({ filter }));
    await until(() => live.signals.includes('caughtUp'));
    await append();
    const caughtUp = listen(client.subscribeToAll({ filter }));
    await until(() => caughtUp.signals.includes('caughtUp') && live.streams.length >= expected.length);
    expect(caughtUp.streams).toEqual(expected);
    expect(live.streams).toEqual(expected);
  });

  it('with a filter reports checkpoints, every so many windows, also where nothing matches', async () => {
    const reached: bigint[] = [];
    const checkpointReached = async (_: unknown, position: Position) => {
      reached.push(position.commit);
    };
    await client.appendToStream('other-1', meterEvents(25));
    const filter = streamNameFilter({ prefixes: ['session-'], maxSearchWindow: 5, checkpointInterval: 2, checkpointReached });
    const heard = listen(client.subscribeToAll({ filter }));
    await until(() => heard.signals.includes('caughtUp'));
    expect(reached).toEqual([10n, 20n, 25n]);
    await client.appendToStream('other-1', meterEvents(10));
    await client.appendToStream('session-1', meterEvents(12));
    await until(() => heard.streams.length === 12 && reached.length === 5);
    expect(reached).toEqual([10n, 20n, 25n, 35n, 45n]);
  });

  it('resumed from its checkpoints misses nothing', async () => {
    let checkpoint: Position | undefined;
    const filter = streamNameFilter({
      prefixes: ['session-'],
      maxSearchWindow: 3,
      checkpointReached: async (_, position) => {
        checkpoint = position;
      },
    });
    for (let number = 0; number < 10; number++) await client.appendToStream(number % 2 ? 'session-1' : 'other-1', meterEvent(number));
    const first = listen(client.subscribeToAll({ filter }));
    await until(() => first.signals.includes('caughtUp'));
    await under.restart();
    client = under.client;
    await client.appendToStream('session-1', meterEvent(10));
    const second = listen(client.subscribeToAll({ filter, fromPosition: checkpoint as Position }));
    await until(() => second.signals.includes('caughtUp'));
    expect([...first.streams, ...second.streams]).toEqual([0, 1, 2, 3, 4, 5].map((revision) => `session-1@${revision}`));
  });

  it('with an expression that cannot be compiled is refused', async () => {
    const heard = listen(client.subscribeToAll({ filter: streamNameFilter({ regex: '(' }) }));
    await until(() => heard.signals.length > 0);
    expect(heard.signals[0]).toBe('unknown');
  });

  it('ends when its stream is tombstoned, and when the server stops', async () => {
    await client.appendToStream('session-1', meterEvent(0));
    const stream = listen(client.subscribeToStream('session-1'));
    const all = listen(client.subscribeToAll());
    await until(() => stream.signals.includes('caughtUp') && all.signals.includes('caughtUp'));
    await client.tombstoneStream('session-1');
    await until(() => stream.signals.includes('stream-deleted'));
    await under.server.close();
    await until(() => all.signals.includes('unavailable') || all.signals.includes('cancelled'));
    await under.restart();
  });
});

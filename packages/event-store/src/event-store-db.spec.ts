// The adapter against a server that speaks the database's protocol: the embedded one, and the one at EVENTSTORE_URL where that is set.
import { randomUUID } from 'node:crypto';
import { type RunningEventStore, startEventStore } from '@evenkeel/testkit';
import { StoreUnavailable } from './event-store';
import { eventStoreContract } from './event-store.contract';
import { EventStoreDb } from './event-store-db';

let server: RunningEventStore;

beforeAll(async () => {
  server = await startEventStore();
});
afterAll(() => server.stop());

describe('EventStoreDB through the embedded server', () => eventStoreContract(() => new EventStoreDb(server.url)));

const external = process.env.EVENTSTORE_URL;
if (external !== undefined && external !== '') {
  describe('EventStoreDB at EVENTSTORE_URL', () => eventStoreContract(() => new EventStoreDb(external)));
}

it('many streams that do not exist are read at once and leave the connection whole', async () => {
  const store = new EventStoreDb(server.url);
  // HTTP/2 of Node.js takes a thousand calls that are reset for an attack.
  for (let round = 0; round < 6; round++) {
    const reads = Array.from({ length: 400 }, (_, index) => store.read(`absent-${round}-${index}`));
    expect((await Promise.all(reads)).every((events) => events.length === 0)).toBe(true);
  }
  await store.close();
});

describe('when the server goes away', () => {
  it('appends fail as unavailable, and subscriptions resume where they were once it is back', async () => {
    const own = await startEventStore({ dataFolder: `${server.dataFolder}-restart` });
    const store = new EventStoreDb(own.url);
    const seen: number[] = [];
    const subscription = store.subscribe({ streamPrefixes: ['restart-'], onFailure: () => undefined }, async (events) => {
      seen.push(...events.map(({ revision }) => revision));
    });
    const event = () => ({ id: randomUUID(), type: 'X', data: {} });
    const { position } = await store.append('restart-a', 'no-stream', [event()]);
    await subscription.reached(position);
    await own.process.kill();
    await expect(store.append('restart-a', 0, [event()])).rejects.toThrow(StoreUnavailable);
    const again = await startEventStore({ dataFolder: own.dataFolder, port: own.port });
    const { position: later } = await appendWhenBack(store, event());
    await subscription.reached(later);
    expect(seen).toEqual([0, 1]);
    await store.close();
    await again.stop();
  });
});

async function appendWhenBack(store: EventStoreDb, event: { id: string; type: string; data: object }) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await store.append('restart-a', 0, [event]);
    } catch (error) {
      if (attempt === 10) throw error;
    }
  }
}

import { randomUUID } from 'node:crypto';
import { InMemoryEventStore } from './in-memory-event-store';
import { Relay } from './relay';

const newEvent = () => ({ id: randomUUID(), type: 'Happened', data: {} });

function relayOf(store: InMemoryEventStore, said: string[], say?: (id: string) => void) {
  return new Relay({
    store,
    name: 'test',
    streamPrefixes: ['thing-'],
    checkpointEveryMs: 0,
    say: async (events) => {
      for (const { id } of events) {
        say?.(id);
        said.push(id);
      }
    },
    onFailure: () => undefined,
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(condition()).toBe(true);
}

describe('a relay', () => {
  it('says what is stored in order, and after a restart only what came since its checkpoint', async () => {
    const store = new InMemoryEventStore();
    const [first, second, third] = [newEvent(), newEvent(), newEvent()];
    await store.append('thing-1', 'no-stream', [first, second]);
    await store.append('other-1', 'no-stream', [newEvent()]);
    const said: string[] = [];
    const relay = relayOf(store, said);
    await relay.start();
    await until(() => said.length === 2);
    await relay.stop();
    await store.append('thing-1', 1, [third]);
    const again: string[] = [];
    const restarted = relayOf(store, again);
    await restarted.start();
    await until(() => again.length === 1);
    await restarted.stop();
    expect([said, again]).toEqual([[first.id, second.id], [third.id]]);
  });

  it('never passes an event that could not be said', async () => {
    const store = new InMemoryEventStore();
    const event = newEvent();
    await store.append('thing-1', 'no-stream', [event]);
    const said: string[] = [];
    let refusals = 3;
    const relay = relayOf(store, said, () => {
      if (refusals-- > 0) throw new Error('the broker is away');
    });
    await relay.start();
    await until(() => said.length === 1);
    await relay.stop();
    expect(said).toEqual([event.id]);
    expect((await store.readLast('checkpoint-test'))?.data).toBeDefined();
  });

  it('yields to another relay of its name instead of moving that one’s checkpoint', async () => {
    const store = new InMemoryEventStore();
    const [one, other]: [string[], string[]] = [[], []];
    const relays = [relayOf(store, one), relayOf(store, other)];
    for (const relay of relays) await relay.start();
    await store.append('thing-1', 'no-stream', [newEvent()]);
    await until(() => one.length + other.length === 2);
    await store.append('thing-1', 0, [newEvent()]);
    await until(() => one.length + other.length === 3);
    for (const relay of relays) await relay.stop();
    expect(Math.abs(one.length - other.length)).toBe(1);
  });
});

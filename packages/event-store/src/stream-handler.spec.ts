import { accept, type Decider, reject } from '@evenkeel/decider';
import { codecOf } from './codec';
import { type Appended, type EventStore, StoreUnavailable } from './event-store';
import { InMemoryEventStore } from './in-memory-event-store';
import { StreamHandler } from './stream-handler';

type Counted = { type: 'Counted'; data: { by: number } };
const counter: Decider<{ total: number; events: number }, number, Counted, 'negative'> = {
  initial: () => ({ total: 0, events: 0 }),
  evolve: (state, { data }) => ({ total: state.total + data.by, events: state.events + 1 }),
  decide: (_, by) => (by < 0 ? reject('negative' as const) : by === 0 ? accept() : accept<Counted>({ type: 'Counted', data: { by } })),
};
const codec = codecOf<Counted>({ Counted: [] });

/** Counts what reaches the store, and can be told to misbehave. */
class Watched extends InMemoryEventStore {
  appends = 0;
  reads = 0;
  failNext = 0;
  override async append(...args: Parameters<EventStore['append']>): Promise<Appended> {
    this.appends += 1;
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (this.failNext-- > 0) throw new StoreUnavailable('away');
    return super.append(...args);
  }
  override read(...args: Parameters<EventStore['read']>) {
    this.reads += 1;
    return super.read(...args);
  }
}

const handlerOn = (store: EventStore, cachedStates = 10) => new StreamHandler({ store, decider: counter, codec, cachedStates });

describe('a stream handler', () => {
  it('stores what a command leads to, nothing for a command without effect, and hands back rejections', async () => {
    const store = new Watched();
    const handler = handlerOn(store);
    expect(await handler.handle('counter-1', 5, { cause: 'a' })).toMatchObject({ accepted: true, revision: 0, state: { total: 5 } });
    expect(await handler.handle('counter-1', 0, { cause: 'b' })).toMatchObject({ accepted: true, events: [], position: undefined });
    expect(await handler.handle('counter-1', -1, { cause: 'c' })).toMatchObject({ accepted: false, rejection: 'negative' });
    expect(await store.read('counter-1')).toHaveLength(1);
    expect((await store.readLast('counter-1'))?.metadata).toEqual({ causedBy: 'a' });
  });

  it('reads a stream once and puts commands that wait into one append', async () => {
    const store = new Watched();
    const handler = handlerOn(store);
    await Promise.all(Array.from({ length: 100 }, (_, index) => handler.handle('counter-1', 1, { cause: `c${index}` })));
    expect((await handler.load('counter-1')).state).toEqual({ total: 100, events: 100 });
    expect(store.reads).toBe(1);
    expect(store.appends).toBeLessThanOrEqual(2);
  });

  it('reads and decides again when another writer was faster', async () => {
    const store = new InMemoryEventStore();
    const [left, right] = [handlerOn(store), handlerOn(store)];
    await left.handle('counter-1', 1, { cause: 'l1' });
    await right.handle('counter-1', 2, { cause: 'r1' });
    await Promise.all([left.handle('counter-1', 4, { cause: 'l2' }), right.handle('counter-1', 8, { cause: 'r2' })]);
    expect((await handlerOn(store).load('counter-1')).state.total).toBe(15);
  });

  it('knows what another writer has stored when it is asked for the newest state, and goes on from there', async () => {
    const store = new InMemoryEventStore();
    const [left, right] = [handlerOn(store), handlerOn(store)];
    await left.handle('counter-1', 1, { cause: 'l1' });
    await right.handle('counter-1', 2, { cause: 'r1' });
    expect((await left.load('counter-1')).state.total).toBe(1);
    const newest = await Promise.all([left.loadNewest('counter-1'), left.loadNewest('counter-1')]);
    expect(newest.map(({ state, revision }) => [state.total, revision])).toEqual([
      [3, 1],
      [3, 1],
    ]);
    expect(await left.handle('counter-1', 4, { cause: 'l2' })).toMatchObject({ revision: 2, state: { total: 7 } });
  });

  it('forgets what it believed after a failed append, and fails the commands of that append only', async () => {
    const store = new Watched();
    const handler = handlerOn(store);
    await handler.handle('counter-1', 1, { cause: 'a' });
    store.failNext = 1;
    await expect(handler.handle('counter-1', 2, { cause: 'b' })).rejects.toThrow(StoreUnavailable);
    expect(await handler.handle('counter-1', 4, { cause: 'c' })).toMatchObject({ state: { total: 5 }, revision: 1 });
  });

  it('does not read a stream that it most likely begins, and finds out when it was wrong', async () => {
    const store = new Watched();
    const handlerThatGuesses = () => new StreamHandler({ store, decider: counter, codec, likelyFirst: () => true });
    await handlerThatGuesses().handle('counter-1', 1, { cause: 'a' });
    expect(store.reads).toBe(0);
    expect(await handlerThatGuesses().handle('counter-1', 2, { cause: 'b' })).toMatchObject({ state: { total: 3 }, revision: 1 });
    expect(await handlerThatGuesses().handle('counter-1', 0, { cause: 'c' })).toMatchObject({ events: [], state: { total: 3 } });
    expect(store.reads).toBe(2);
  });

  it('reads some streams first after a guess that was wrong, as after a restart', async () => {
    const store = new Watched();
    const names = Array.from({ length: 103 }, (_, index) => `counter-${index}`);
    for (const name of names) await handlerOn(store).handle(name, 1, { cause: name });
    const handler = new StreamHandler({ store, decider: counter, codec, likelyFirst: () => true });
    store.appends = 0;
    for (const name of names) expect(await handler.handle(name, 2, { cause: `${name}-2` })).toMatchObject({ state: { total: 3 } });
    // The first and the last but one were guessed, and refused.
    expect(store.appends).toBe(names.length + 2);
  });

  it('keeps only so many folded states in memory', async () => {
    const store = new Watched();
    const handler = handlerOn(store, 2);
    for (const name of ['a', 'b', 'c', 'a']) await handler.handle(`counter-${name}`, 1, { cause: name });
    expect(store.reads).toBe(4);
    expect((await handler.load('counter-a')).state.total).toBe(2);
  });

  it('that keeps no states sees what another writer has stored, also where it appends nothing', async () => {
    const store = new InMemoryEventStore();
    const forgetful = handlerOn(store, 0);
    await forgetful.handle('counter-1', 1, { cause: 'f1' });
    await handlerOn(store).handle('counter-1', 2, { cause: 'o1' });
    expect(await forgetful.handle('counter-1', 0, { cause: 'f2' })).toMatchObject({ events: [], state: { total: 3 } });
  });

  it('gives a repeated command the ids it had before', async () => {
    const [first, second] = [new InMemoryEventStore(), new InMemoryEventStore()];
    await handlerOn(first).handle('counter-1', 1, { cause: 'same' });
    await handlerOn(second).handle('counter-1', 1, { cause: 'same' });
    expect((await first.readLast('counter-1'))?.id).toBe((await second.readLast('counter-1'))?.id);
  });
});

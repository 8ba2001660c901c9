import { randomUUID } from 'node:crypto';
import { accept, type Decider } from '@evenkeel/decider';
import { codecOf } from './codec';
import { type Appended, type EventStore, type StoredEvent, StoreUnavailable } from './event-store';
import { InMemoryEventStore } from './in-memory-event-store';
import { isSigned, marksOf, SealKey, sealIn } from './seal';
import { Sealer, type SealerOptions } from './sealer';
import { StreamHandler } from './stream-handler';

type Counted = { type: 'Counted'; data: { by: number } };
const counter: Decider<number, number, Counted> = {
  initial: () => 0,
  evolve: (total, { data }) => total + data.by,
  decide: (_, by) => accept<Counted>({ type: 'Counted', data: { by } }),
};
const key = new SealKey('1f'.repeat(32));
const EVERY_MS = 20;

const sealerOn = (store: EventStore, change: Partial<SealerOptions> = {}) =>
  new Sealer({
    store,
    name: 'test',
    streamPrefixes: ['thing-'],
    key,
    everyMs: EVERY_MS,
    onSealed: () => undefined,
    onFailure: () => undefined,
    ...change,
  });
const handlerOn = (store: EventStore, sealer: Sealer) =>
  new StreamHandler({ store, decider: counter, codec: codecOf<Counted>({ Counted: [] }), sealer });

async function count(store: EventStore, sealer: Sealer, ...streams: string[]): Promise<void> {
  const handler = handlerOn(store, sealer);
  for (const stream of streams) await handler.handle(stream, 1, { cause: randomUUID() });
}

/** Stream and revision of every event that a seal covers. */
async function covered(store: EventStore): Promise<string[]> {
  const runs = (await store.read('seal-test')).flatMap((seal) => sealIn(seal).runs);
  const places = runs.flatMap((run) => marksOf(run).map((_, index, all) => `${run.stream}@${run.revision - all.length + 1 + index}`));
  return [...new Set(places)].sort();
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 400 && !(await condition()); i++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await condition()).toBe(true);
}

async function expectSealsHold(store: EventStore): Promise<void> {
  const seals = await store.read('seal-test');
  let previous: string | undefined;
  for (const stored of seals) {
    expect(isSigned({ stream: 'seal-test', revision: stored.revision, previous }, sealIn(stored))).toBe(true);
    previous = stored.metadata.hash;
  }
}

/** A process that dies: nothing of what it holds in memory is ever written. */
class Mortal extends InMemoryEventStore {
  readonly dead = new Set<string>();
  override async append(...args: Parameters<EventStore['append']>): Promise<Appended> {
    const [event] = args[2];
    if (event?.type === 'SealWritten' && this.dead.has(sealIn(event as StoredEvent).writer)) throw new StoreUnavailable('dead');
    return super.append(...args);
  }
}

describe('a seal', () => {
  it('is signed for its place alone', async () => {
    const store = new InMemoryEventStore();
    const sealer = sealerOn(store);
    await sealer.start();
    await count(store, sealer, 'thing-1');
    await sealer.stop();
    const [first, second] = await store.read('seal-test');
    if (!first || !second) throw new Error('two seals');
    const place = { stream: 'seal-test', revision: 1, previous: first.metadata.hash };
    expect(isSigned(place, sealIn(second))).toBe(true);
    expect(sealIn(second).publicKey).toBe(key.publicKey);
    expect(isSigned({ ...place, revision: 2 }, sealIn(second))).toBe(false);
    expect(isSigned({ ...place, previous: undefined }, sealIn(second))).toBe(false);
    expect(isSigned(place, { ...sealIn(second), events: 9 })).toBe(false);
    expect(isSigned(place, { ...sealIn(second), publicKey: 'no key' })).toBe(false);
    expect(isSigned(place, { ...sealIn(second), publicKey: new SealKey('2f'.repeat(32)).publicKey })).toBe(false);
  });

  it('has the public key that RFC 8032 gives to its first test vector', () => {
    const { publicKey } = new SealKey('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60');
    expect(publicKey).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  });
});

describe('a sealer', () => {
  it('covers every chained event once, in time, and is silent about the rest', async () => {
    const store = new InMemoryEventStore();
    const sealer = sealerOn(store);
    await sealer.start();
    await count(store, sealer, 'thing-1', 'thing-2', 'thing-1');
    await store.append('thing-3', 'no-stream', [{ id: 'foreign', type: 'Counted', data: { by: 1 } }]);
    await until(async () => (await covered(store)).length === 3);
    await count(store, sealer, 'thing-1');
    await sealer.stop();
    expect(await covered(store)).toEqual(['thing-1@0', 'thing-1@1', 'thing-1@2', 'thing-2@0']);
    const runs = (await store.read('seal-test')).flatMap((seal) => sealIn(seal).runs);
    expect(runs.map(({ hash }) => hash).at(-1)).toBe((await store.readLast('thing-1'))?.metadata.hash);
    await expectSealsHold(store);
  });

  it('says nothing much while nothing happens', async () => {
    const store = new InMemoryEventStore();
    const sealer = sealerOn(store, { everyMs: 60_000 });
    await sealer.start();
    await sealer.stop();
    expect((await store.read('seal-test')).map((seal) => sealIn(seal).events)).toEqual([0, 0]);
    expect(sealIn((await store.readLast('seal-test')) as StoredEvent).writers).toEqual([]);
  });

  it('does not wait for its time when much has been written, and fits every seal into one append', async () => {
    const store = new InMemoryEventStore();
    const sealer = sealerOn(store, { everyMs: 60_000 });
    await sealer.start();
    await count(store, sealer, ...Array.from({ length: 5_000 }, (_, index) => `thing-${index}`));
    await until(async () => (await covered(store)).length > 2_000);
    await sealer.stop();
    expect(await covered(store)).toHaveLength(5_000);
    const sizes = (await store.read('seal-test')).map(({ data }) => JSON.stringify(data).length);
    expect(Math.max(...sizes)).toBeLessThan(600_000);
  });

  it('shares its stream with another one', async () => {
    const store = new InMemoryEventStore();
    const sealers = [sealerOn(store), sealerOn(store), sealerOn(store)];
    await Promise.all(sealers.map((sealer) => sealer.start()));
    for (const round of [1, 2, 3]) {
      await Promise.all(sealers.map((sealer, index) => count(store, sealer, `thing-${round}${index}`, 'thing-all')));
    }
    await Promise.all(sealers.map((sealer) => sealer.stop()));
    expect(await covered(store)).toHaveLength(18);
    await expectSealsHold(store);
  });

  it('takes up what a dead process left unsealed, whatever others have sealed meanwhile', async () => {
    const store = new Mortal();
    const [living, dying] = [sealerOn(store), sealerOn(store)];
    await living.start();
    await dying.start();
    const { writer } = sealIn((await store.readLast('seal-test')) as StoredEvent);
    await count(store, dying, 'thing-sealed');
    await until(async () => (await covered(store)).includes('thing-sealed@0'));
    store.dead.add(writer);
    await count(store, dying, 'thing-left');
    await count(store, living, 'thing-1');
    await until(async () => (await covered(store)).includes('thing-1@0'));
    expect(await covered(store)).not.toContain('thing-left@0');
    await until(async () => (await covered(store)).includes('thing-left@0'));
    const known = sealIn((await store.readLast('seal-test')) as StoredEvent).writers.map((one) => one.writer);
    expect(known).not.toContain(writer);
    await living.stop();
    await dying.stop();
    await expectSealsHold(store);
  });

  it('looks after an append whose outcome it does not know', async () => {
    class Deaf extends InMemoryEventStore {
      isDeaf = false;
      override async append(...args: Parameters<EventStore['append']>): Promise<Appended> {
        const appended = await super.append(...args);
        if (this.isDeaf && args[0].startsWith('thing-')) throw new StoreUnavailable('the answer was lost');
        return appended;
      }
    }
    const store = new Deaf();
    const sealer = sealerOn(store);
    await sealer.start();
    store.isDeaf = true;
    await expect(count(store, sealer, 'thing-1')).rejects.toThrow(StoreUnavailable);
    await until(async () => (await covered(store)).includes('thing-1@0'));
    await sealer.stop();
  });

  it('keeps what it could not seal for the next time', async () => {
    class Refusing extends InMemoryEventStore {
      refuses = false;
      override async append(...args: Parameters<EventStore['append']>): Promise<Appended> {
        if (this.refuses && args[0] === 'seal-test') throw new StoreUnavailable('full');
        return super.append(...args);
      }
    }
    const store = new Refusing();
    const failures: unknown[] = [];
    const sealer = sealerOn(store, { onFailure: (error) => failures.push(error) });
    await sealer.start();
    store.refuses = true;
    await count(store, sealer, 'thing-1', 'thing-1');
    await until(async () => failures.length > 1);
    await count(store, sealer, 'thing-1');
    store.refuses = false;
    await until(async () => (await covered(store)).length === 3);
    await sealer.stop();
    await expectSealsHold(store);
  });
});

import { accept, type Decider } from '@evenkeel/decider';
import { chain, hashOf, idOfHash } from './chain';
import { codecOf } from './codec';
import type { StoredEvent } from './event-store';
import { InMemoryEventStore } from './in-memory-event-store';
import { StreamHandler } from './stream-handler';

const stream = 'session-1';
const unwatched = { append: (_: string, __: number, ___: unknown, append: () => Promise<never>) => append() } as const;

type Noted = { type: 'Noted'; data: { text: string } };
const notes: Decider<string[], string, Noted> = {
  initial: () => [],
  evolve: (state, { data }) => [...state, data.text],
  decide: (state, text) => (state.includes(text) ? accept() : accept<Noted>({ type: 'Noted', data: { text } })),
};
const codec = codecOf<Noted>({ Noted: [] });
const handlerOn = (store: InMemoryEventStore, guess = false) =>
  new StreamHandler({ store, decider: notes, codec, sealer: unwatched, likelyFirst: () => guess });

/** Hash by hash, as the store has them. */
function brokenLinks(events: readonly StoredEvent[]): number[] {
  let previous: string | undefined;
  return events.flatMap((event) => {
    const fits = event.metadata.hash === hashOf(event, previous) && event.id === idOfHash(event.metadata.hash ?? '');
    previous = event.metadata.hash;
    return fits ? [] : [event.revision];
  });
}

describe('a chain', () => {
  it('gives the same hash for what comes back from the store, whatever JSON holds', async () => {
    const store = new InMemoryEventStore();
    const data = {
      text: 'ü\u2028\n"\\\ud800',
      number: [1e21, 0.1, -0, 1 / 3],
      2: 'b',
      1: 'a',
      nothing: undefined,
      deep: [{ a: null }],
      at: new Date(0),
    };
    const events = chain(stream, undefined, 0, [
      { type: 'A', data },
      { type: 'B', data: 'text', metadata: { causedBy: 'c', operator: 'o', version: 2 } },
    ]);
    await store.append(
      stream,
      'no-stream',
      events.map((event) => ({ ...event, data: JSON.parse(event.dataJson ?? '') })),
    );
    expect(brokenLinks(await store.read(stream))).toEqual([]);
  });

  it.each<[string, (event: StoredEvent) => Partial<StoredEvent>]>([
    ['data', () => ({ data: { text: 'b!' } })],
    ['type', () => ({ type: 'Denoted' })],
    ['cause', ({ metadata }) => ({ metadata: { ...metadata, causedBy: 'another' } })],
    ['operator', ({ metadata }) => ({ metadata: { ...metadata, operator: 'mallory' } })],
    ['version', ({ metadata }) => ({ metadata: { ...metadata, version: 2 } })],
    ['id', () => ({ id: idOfHash('0'.repeat(64)) })],
    ['stream', () => ({ stream: 'session-2' })],
    ['revision', () => ({ revision: 7 })],
  ])('breaks at the event whose %s was changed', async (_, change) => {
    const store = new InMemoryEventStore();
    for (const text of ['a', 'b', 'c']) await handlerOn(store).handle(stream, text, { cause: text, operator: 'alice' });
    const events = await store.read(stream);
    expect(brokenLinks(events)).toEqual([]);
    const changed = events.map((event) => (event.revision === 1 ? { ...event, ...change(event) } : event));
    expect(brokenLinks(changed)).toEqual([expect.any(Number)]);
    expect(changed.findIndex((event) => brokenLinks(changed).includes(event.revision))).toBe(1);
  });
});

describe('a handler that chains', () => {
  it('goes on from what is stored: in one append, after a restart, behind a wrong guess and behind a faster writer', async () => {
    const store = new InMemoryEventStore();
    const [left, right] = [handlerOn(store), handlerOn(store, true)];
    await Promise.all(['a', 'b', 'c'].map((text) => left.handle(stream, text, { cause: text })));
    await right.handle(stream, 'd', { cause: 'd' });
    await Promise.all([left.handle(stream, 'e', { cause: 'e' }), right.handle(stream, 'f', { cause: 'f' })]);
    await handlerOn(store).handle(stream, 'g', { cause: 'g' });
    const events = await store.read(stream);
    expect(events.map(({ data }) => (data as Noted['data']).text).sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
    expect(brokenLinks(events)).toEqual([]);
  });

  it('begins the chain behind events from before it', async () => {
    const store = new InMemoryEventStore();
    await store.append(stream, 'no-stream', [{ id: 'old', type: 'Noted', data: { text: 'old' } }]);
    await handlerOn(store).handle(stream, 'new', { cause: 'new' });
    const [, event] = await store.read(stream);
    expect(event && event.metadata.hash === hashOf(event, undefined)).toBe(true);
  });

  it('never takes its own first attempt with other content for stored', async () => {
    const store = new InMemoryEventStore();
    await handlerOn(store, true).handle(stream, 'a', { cause: 'same' });
    // The same cause in the same place, told differently: with ids from the cause the store would call it a repetition.
    const late = handlerOn(store, true);
    await late.handle(stream, 'b', { cause: 'same' });
    await late.handle(stream, 'c', { cause: 'other' });
    const events = await store.read(stream);
    expect(events.map(({ data }) => (data as Noted['data']).text)).toEqual(['a', 'b', 'c']);
    expect(brokenLinks(events)).toEqual([]);
  });
});

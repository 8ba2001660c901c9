import { accept, type Decider } from '@evenkeel/decider';
import { codecOf, hashOf, InMemoryEventStore, idOfHash, Sealer, SealKey, type StoredEvent, StreamHandler } from '@evenkeel/event-store';
import { type VerifyOptions, verify } from './verify';

type Noted = { type: 'Noted'; data: { text: string } };
const notes: Decider<number, string, Noted> = {
  initial: () => 0,
  evolve: (count) => count + 1,
  decide: (_, text) => accept<Noted>({ type: 'Noted', data: { text } }),
};
const key = new SealKey('1f'.repeat(32));
const trustedKeys = { 'seal-session-ledger': [key.publicKey] };
const sealerOn = (store: InMemoryEventStore, signedBy = key) =>
  new Sealer({
    store,
    name: 'session-ledger',
    streamPrefixes: ['session-', 'connector-'],
    key: signedBy,
    everyMs: 60_000,
    onSealed: () => undefined,
    onFailure: () => undefined,
  });

/** Writes five events to each of three streams, seals them, writes two more to one of them and seals those. */
async function write(store: InMemoryEventStore): Promise<InMemoryEventStore> {
  for (const texts of [
    ['a', 'b', 'c', 'd', 'e'],
    ['f', 'g'],
  ]) {
    const sealer = sealerOn(store);
    await sealer.start();
    const handler = new StreamHandler({ store, decider: notes, codec: codecOf<Noted>({ Noted: [] }), sealer });
    for (const text of texts) {
      for (const stream of texts.length === 5 ? ['session-1', 'session-2', 'connector-1'] : ['session-1']) {
        await handler.handle(stream, `${stream} ${text}`, { cause: `${stream}${text}`, operator: 'alice' });
      }
    }
    await sealer.stop();
  }
  return store;
}

/** A copy of the store as somebody with access to its disk could make it. */
async function forged(change: (events: StoredEvent[]) => StoredEvent[]): Promise<InMemoryEventStore> {
  const store = await write(new InMemoryEventStore());
  const all: StoredEvent[] = [];
  await store.readAll([''], async (events) => void all.push(...events));
  const copy = new InMemoryEventStore();
  const revisions = new Map<string, number>();
  for (const { id, type, data, metadata, stream } of change(all)) {
    const last = revisions.get(stream) ?? -1;
    await copy.append(stream, last === -1 ? 'no-stream' : last, [{ id, type, data, metadata }]);
    revisions.set(stream, last + 1);
  }
  return copy;
}

const findingsOf = async (store: InMemoryEventStore, options: VerifyOptions = { trustedKeys }) => (await verify(store, options)).findings;
const at = (stream: string, revision: number) => (event: StoredEvent) => event.stream === stream && event.revision === revision;
const without = (gone: (event: StoredEvent) => boolean) => (events: StoredEvent[]) => events.filter((event) => !gone(event));
const with_ = (which: (event: StoredEvent) => boolean, change: (event: StoredEvent) => Partial<StoredEvent>) => (events: StoredEvent[]) =>
  events.map((event) => (which(event) ? { ...event, ...change(event) } : event));

/** Gives every event of the stream the hash that fits what it says now. */
function rehashed(stream: string, events: StoredEvent[]): StoredEvent[] {
  let previous: string | undefined;
  return events.map((event) => {
    if (event.stream !== stream) return event;
    previous = hashOf(event, previous);
    return { ...event, id: idOfHash(previous), metadata: { ...event.metadata, hash: previous } };
  });
}

describe('verifying', () => {
  it('an empty store and one that nobody touched finds nothing', async () => {
    expect(await verify(new InMemoryEventStore())).toMatchObject({ events: 0, findings: [] });
    expect(await verify(await forged((events) => events), { trustedKeys })).toMatchObject({
      events: 17,
      streams: 3,
      seals: 4,
      notSealedYet: 0,
      findings: [],
      newestSeals: [{ stream: 'seal-session-ledger', revision: 3, publicKey: key.publicKey }],
    });
  });

  it('a store from before the chain finds nothing, and goes on to the events that are chained', async () => {
    const store = new InMemoryEventStore();
    const old = ['a', 'b'].map((text) => ({ id: text, type: 'Noted', data: { text } }));
    for (const stream of ['session-1', 'session-3']) await store.append(stream, 'no-stream', old);
    await write(store);
    expect(await store.read('session-1')).toHaveLength(9);
    expect(await findingsOf(store)).toEqual([]);
  });

  it('a chain whose hashes were all taken away does not pass for a store from before the chain', async () => {
    const bared = with_(
      ({ stream }) => stream === 'session-1',
      ({ metadata: { hash: _, ...rest } }) => ({ metadata: rest }),
    );
    expect(await findingsOf(await forged(bared))).toEqual([expect.stringMatching(/^session-1 revision 0: .* it has no hash/)]);
  });

  it('a store that is being written tells what is not sealed yet', async () => {
    const store = await write(new InMemoryEventStore());
    const sealer = sealerOn(store);
    await sealer.start();
    await new StreamHandler({ store, decider: notes, codec: codecOf<Noted>({ Noted: [] }), sealer }).handle('session-1', 'h', {
      cause: 'h',
    });
    expect(await verify(store, { trustedKeys })).toMatchObject({ notSealedYet: 1, findings: [] });
    await sealer.stop();
    expect(await verify(store, { trustedKeys })).toMatchObject({ notSealedYet: 0, findings: [] });
  });

  it.each<[string, (event: StoredEvent) => Partial<StoredEvent>, RegExp]>([
    ['data', () => ({ data: { text: 'forged' } }), /was changed: its data, metadata or type/],
    ['type', () => ({ type: 'Denoted' }), /\(Denoted\) was changed: its data, metadata or type/],
    ['cause', ({ metadata }) => ({ metadata: { ...metadata, causedBy: 'x' } }), /was changed: its data, metadata or type/],
    ['operator', ({ metadata }) => ({ metadata: { ...metadata, operator: 'mallory' } }), /was changed: its data, metadata or type/],
    ['id', () => ({ id: 'x' }), /was changed: its id was/],
    ['hash', ({ metadata: { hash: _, ...rest } }) => ({ metadata: rest }), /was changed or inserted: it has no hash/],
  ])('names the event whose %s was changed, and no other', async (_, change, what) => {
    for (const revision of [0, 2, 6]) {
      const findings = await findingsOf(await forged(with_(at('session-1', revision), change)));
      expect(findings).toEqual([expect.stringMatching(new RegExp(`^session-1 revision ${revision}: .*${what.source}`))]);
    }
  });

  it('names a changed event although the whole chain behind it was made to fit', async () => {
    const change = with_(at('session-2', 3), () => ({ data: { text: 'forged' } }));
    const findings = await findingsOf(await forged((events) => rehashed('session-2', change(events))));
    expect(findings).toEqual([expect.stringMatching(/^session-2 revision 3: .* was changed and given a new hash: it was sealed as/)]);
  });

  it('names events that were removed: from the middle, the beginning, the end, and all of a stream', async () => {
    const cases: [(event: StoredEvent) => boolean, RegExp][] = [
      [at('session-1', 2), /^session-1 revision 2: the event was removed: .*written as revision 3/],
      [at('session-1', 0), /^session-1 revision 0: the event was removed: .*written as revision 1/],
      [at('session-1', 6), /^session-1 revision 6: the event was removed; the stream was sealed and ends before it/],
      [
        ({ stream, revision }) => stream === 'session-2' && revision > 2,
        /^session-2 revision 3: .* sealed up to revision 4 and ends before/,
      ],
      [({ stream }) => stream === 'connector-1', /^connector-1: the whole stream was removed; it was sealed up to revision 4/],
    ];
    for (const [gone, expected] of cases) expect(await findingsOf(await forged(without(gone)))).toEqual([expect.stringMatching(expected)]);
  });

  it('names events that changed places', async () => {
    const swap = (one: number, other: number) => (events: StoredEvent[]) => {
      const [a, b] = [events.findIndex(at('session-1', one)), events.findIndex(at('session-1', other))];
      const copy = [...events];
      [copy[a], copy[b]] = [events[b] as StoredEvent, events[a] as StoredEvent];
      return copy;
    };
    for (const [one, other] of [
      [1, 2],
      [0, 4],
    ] as const) {
      const findings = await findingsOf(await forged(swap(one, other)));
      expect(findings).toEqual([
        expect.stringMatching(new RegExp(`^session-1 revision ${one}: the events were reordered: .* as revision ${other}`)),
      ]);
    }
  });

  it('names an event that was inserted: between others, behind the last, and as a stream of its own', async () => {
    const intruder = (stream: string) => ({ id: 'intruder', type: 'Noted', data: { text: 'x' }, metadata: {}, stream }) as StoredEvent;
    const between = await forged((events) =>
      events.flatMap((event) => (at('session-1', 2)(event) ? [intruder('session-1'), event] : [event])),
    );
    expect(await findingsOf(between)).toEqual([expect.stringMatching(/^session-1 revision 2: event intruder \(Noted\) was inserted/)]);
    const behind = await forged((events) => [...events, intruder('session-2')]);
    expect(await findingsOf(behind)).toEqual([
      expect.stringMatching(/^session-2 revision 5: event intruder \(Noted\) was changed or inserted/),
    ]);
    const fitting = await forged((events) => rehashed('session-2', [...events, { ...intruder('session-2'), revision: 5 }]));
    expect(await findingsOf(fitting)).toEqual([expect.stringMatching(/^session-2 revision 5: .* was inserted: no seal covers it/)]);
    const alone = await forged((events) => rehashed('session-9', [...events, { ...intruder('session-9'), revision: 0 }]));
    expect(await findingsOf(alone)).toEqual([expect.stringMatching(/^session-9 revision 0: .* was inserted: no seal covers it/)]);
  });

  it('names a seal that was removed, changed, or signed by somebody else', async () => {
    const removed = await findingsOf(await forged(without(at('seal-session-ledger', 1))));
    expect(removed).toContainEqual(expect.stringMatching(/^seal-session-ledger revision 1: the seal was removed/));
    expect(removed.join()).not.toMatch(/connector|session-\d/);
    const changed = with_(at('seal-session-ledger', 1), ({ data }) => ({ data: { ...(data as object), runs: [] } }));
    expect(await findingsOf(await forged(changed))).toContainEqual(
      expect.stringMatching(/^seal-session-ledger revision 1: seal .* was changed/),
    );
    const others = { 'seal-session-ledger': [new SealKey('2f'.repeat(32)).publicKey] };
    expect(await findingsOf(await write(new InMemoryEventStore()), { trustedKeys: others })).toContainEqual(
      expect.stringMatching(/is not a key of this service/),
    );
    const none = await findingsOf(await forged(without(({ stream }) => stream === 'seal-session-ledger')));
    expect(none).toEqual(['seal-session-ledger: there is no seal, but 17 events to be sealed']);
  });

  it('misses what was cut from the end of the log only where nobody wrote the seals down', async () => {
    const store = await write(new InMemoryEventStore());
    const witnessed = (await store.read('seal-session-ledger')).map(({ stream, revision, metadata }) => ({
      stream,
      revision,
      hash: metadata.hash ?? '',
    }));
    const cut = await forged((events) => events.slice(0, events.findIndex(at('seal-session-ledger', 1)) + 1));
    expect(await findingsOf(cut, { trustedKeys })).toEqual([]);
    // The copy was written at another time and has other seals; what counts is their number.
    const [first] = await findingsOf(cut, { witnessed: witnessed.filter(({ revision }) => revision > 1) });
    expect(first).toBe('seal-session-ledger revision 2: the seals up to revision 3 were written down and are not there');
    const [other] = await findingsOf(await write(new InMemoryEventStore()), { witnessed });
    expect(other).toMatch(/^seal-session-ledger revision 0: seal .* is another one than the one that was written down/);
  });
});

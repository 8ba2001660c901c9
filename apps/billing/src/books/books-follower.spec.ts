// The books over processes that lose answers and die between any two appends.
import type { Cdr, PartnerCdr } from '@evenkeel/contracts';
import { type EventStore, InMemoryEventStore, type Relay, unsealed } from '@evenkeel/event-store';
import { Chance, eventually } from '@evenkeel/testkit';
import { BillingDesk } from '../billing-desk';
import { cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';
import { claimEntry } from '../journal/claim-entry';
import { journal, journalCodec, journalStreamPrefix, type PostedEntry } from '../journal/journal';
import { cdrBook, cdrBookCodec, cdrBookStream, cdrBookWith } from '../numbering/cdr-book';
import { completed } from '../testing/completed-session';
import { CrashingStore } from '../testing/crashing-store';
import { type Books, booksFollower, keepBooks } from './books-follower';
import { JournalDesk } from './journal-desk';
import { NumberingDesk } from './numbering-desk';

const session = (name: string, changes = {}) => completed({ sessionId: name, ...changes });

function booksIn(store: EventStore, refused: string[] = [], decider = cdrBook): Books {
  const onRefused = (_: unknown, reason: string) => void refused.push(reason);
  return {
    numbering: new NumberingDesk({ store, sealer: unsealed, decider }),
    journal: new JournalDesk({ store, sealer: unsealed, onRefused }),
  };
}

function follower(store: EventStore, books = booksIn(store)): Relay {
  return booksFollower(store, books, () => undefined);
}

async function numbersOf(store: EventStore, party = 'US-CHG'): Promise<string[]> {
  const events = (await store.read(cdrBookStream(party))).map((stored) => cdrBookCodec.decode(stored));
  return events.flatMap((event) =>
    event.type === 'CdrsNumbered' ? event.data.cdrs.map(({ cdrId }, index) => `${event.data.first + index} ${cdrId}`) : [],
  );
}

async function issued(store: EventStore): Promise<Cdr[]> {
  const cdrs: Cdr[] = [];
  await store.readAll([cdrStreamPrefix], async (events) => {
    for (const event of events.map((stored) => cdrCodec.decode(stored))) if ('cdr' in event.data) cdrs.push(event.data.cdr);
  });
  return cdrs;
}

async function entries(store: EventStore): Promise<PostedEntry[]> {
  const posted: PostedEntry[] = [];
  await store.readAll([journalStreamPrefix], async (events) => {
    posted.push(...events.map((stored) => journalCodec.decode(stored).data));
  });
  return posted;
}

it('numbers CDRs and credits of a party in the order of their issue, each party on its own, and books each', async () => {
  const store = new InMemoryEventStore();
  const desk = new BillingDesk(store, { freeWithoutEnergy: true }, unsealed);
  await desk.bill(session('s1'), 'm1');
  await desk.bill(session('s2', { party: 'DE-ABC' }), 'm2');
  await desk.bill(session('s1', { revision: 12 }), 'm3');
  const books = follower(store);
  await books.start();
  const [first, other, credit, second] = (await issued(store)).map(({ cdrId }) => cdrId);
  await eventually(async () => (await numbersOf(store)).length === 3 && (await entries(store)).length === 4);
  expect(await numbersOf(store)).toEqual([`1 ${first}`, `2 ${credit}`, `3 ${second}`]);
  expect(await numbersOf(store, 'DE-ABC')).toEqual([`1 ${other}`]);
  expect((await entries(store)).map(({ kind, reference }) => `${kind} ${reference}`).sort()).toEqual(
    [`claim ${first}`, `claim ${other}`, `claim ${second}`, `credit ${credit}`].sort(),
  );
  await books.stop();
});

it('books what a partner claims once, and goes on behind what cannot be booked', async () => {
  const store = new InMemoryEventStore();
  const desk = new BillingDesk(store, { freeWithoutEnergy: true }, unsealed);
  const at = '2026-03-01T18:00:00.000Z';
  const claimed: PartnerCdr = {
    ...{ partnerId: 'p1', cdrId: 'c1', party: 'NL-MYU', buyer: 'US-CHG', token: { key: 'a'.repeat(32), type: 'RFID' } },
    ...{ startedAt: at, endedAt: at, currency: 'XTS', energyWh: '1', durationSeconds: 1, total: { beforeTaxes: '4.60' } },
    ...{ periods: [], credit: false, lastUpdated: at },
  };
  await desk.book(claimed, 'm1');
  for (const cause of ['m2', 'm2-again']) await desk.book({ ...claimed, cdrId: 'c2', currency: 'EUR' }, cause);
  const refused: string[] = [];
  const books = follower(store, booksIn(store, refused));
  await books.start();
  await eventually(async () => (await entries(store)).length > 0);
  expect(await entries(store)).toMatchObject([
    { party: 'US-CHG', kind: 'purchase', postings: [{ account: 'payable/partner/NL-MYU', amount: '-4.60' }, { amount: '4.60' }] },
  ]);
  expect(refused).toEqual(['not an ISO 4217 currency: "XTS"']);
  await books.stop();
});

it('leaves no gap and doubles nothing when pods die between appends, lose answers, and work at the same time', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const chance = new Chance(seed);
    const store = new CrashingStore();
    // Remembers so little that it must look the rest up after each death.
    const decider = cdrBookWith({ fullAt: 6, keep: 2 });
    const start = async () => {
      const process = store.processWith(chance, 0.2);
      const relay = follower(process, booksIn(process, [], decider));
      await relay.start().catch(() => undefined);
      return process;
    };
    const desk = new BillingDesk(store, { freeWithoutEnergy: true }, unsealed);
    let pods = [await start(), await start()];
    for (let step = 0; step < 40; step++) {
      await desk.bill(session(`s${chance.integer(1, 20)}`, { revision: step }), `m${step}`);
      if (chance.happens(0.25)) {
        const [dying, ...others] = chance.shuffled(pods);
        dying?.die();
        pods = [...others, await start()];
      }
    }
    for (const pod of pods) pod.die();
    const calm = follower(store, booksIn(store, [], decider));
    await calm.start();
    const cdrs = await issued(store);
    await eventually(async () => (await numbersOf(store)).length >= cdrs.length && (await entries(store)).length >= cdrs.length);
    await calm.stop();
    // One that has lost its place begins with the first CDR ever, and finds that all is done.
    await store.readAll([cdrStreamPrefix], (events) => keepBooks(booksIn(store, [], decider), events));
    const numbers = await numbersOf(store);
    expect(numbers.map((line) => line.split(' ')[0])).toEqual(cdrs.map((_, index) => String(index + 1)));
    expect(numbers.map((line) => line.split(' ')[1]).sort()).toEqual(cdrs.map(({ cdrId }) => cdrId).sort());
    const expected = cdrs.flatMap((cdr) => {
      const decision = journal.decide(journal.initial(), claimEntry(cdr));
      return decision.accepted ? decision.events.map(({ data }) => data) : [];
    });
    expect(byReference(await entries(store))).toEqual(byReference(expected));
  }
});

function byReference(posted: readonly PostedEntry[]): PostedEntry[] {
  return [...posted].sort((a, b) => (a.reference < b.reference ? -1 : 1));
}

// Numbers of CDRs over processes that lose answers and die between any two appends.
import { InMemoryEventStore, type Relay, unsealed } from '@evenkeel/event-store';
import { Chance, eventually } from '@evenkeel/testkit';
import { BillingDesk } from '../billing-desk';
import { cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';
import { type CdrBookEvent, cdrBookCodec, cdrBookStream, cdrBookWith } from '../numbering/cdr-book';
import { completed } from '../testing/completed-session';
import { CrashingStore } from '../testing/crashing-store';
import { booksFollower } from './books-follower';
import { NumberingDesk } from './numbering-desk';

const policy = { freeWithoutEnergy: true };
const session = (name: string, changes = {}) => completed({ sessionId: name, ...changes });

async function bookOf(store: InMemoryEventStore, party = 'US-CHG'): Promise<string[]> {
  const events = (await store.read(cdrBookStream(party))).map((stored): CdrBookEvent => cdrBookCodec.decode(stored));
  return events.flatMap((event) =>
    event.type === 'CdrsNumbered' ? event.data.cdrs.map(({ cdrId }, index) => `${event.data.first + index} ${cdrId}`) : [],
  );
}

async function issued(store: InMemoryEventStore): Promise<string[]> {
  const ids: string[] = [];
  await store.readAll([cdrStreamPrefix], async (events) => {
    for (const event of events.map((stored) => cdrCodec.decode(stored))) if ('cdr' in event.data) ids.push(event.data.cdr.cdrId);
  });
  return ids;
}

it('numbers CDRs and credits of a party in the order of their issue, and each party on its own', async () => {
  const store = new InMemoryEventStore();
  const desk = new BillingDesk(store, policy, unsealed);
  await desk.bill(session('s1'), 'm1');
  await desk.bill(session('s2', { party: 'DE-ABC' }), 'm2');
  await desk.bill(session('s1', { revision: 12 }), 'm3');
  const follower = booksFollower(store, { numbering: new NumberingDesk({ store, sealer: unsealed }) }, () => undefined);
  await follower.start();
  const [first, other, credit, second] = await issued(store);
  await eventually(async () => (await bookOf(store)).length === 3);
  expect(await bookOf(store)).toEqual([`1 ${first}`, `2 ${credit}`, `3 ${second}`]);
  await eventually(async () => (await bookOf(store, 'DE-ABC')).length === 1);
  expect(await bookOf(store, 'DE-ABC')).toEqual([`1 ${other}`]);
  await follower.stop();
});

it('leaves no gap and doubles nothing when pods die between appends, lose answers, and work at the same time', async () => {
  for (let seed = 1; seed <= 12; seed++) {
    const chance = new Chance(seed);
    const store = new CrashingStore();
    // Remembers so little that it must look the rest up after each death.
    const decider = cdrBookWith({ fullAt: 6, keep: 2 });
    const start = async () => {
      const process = store.processWith(chance, 0.2);
      const numbering = new NumberingDesk({ store: process, sealer: unsealed, decider });
      const relay: Relay = booksFollower(process, { numbering }, () => undefined);
      await relay.start().catch(() => undefined);
      return { process, relay };
    };
    const desk = new BillingDesk(store, policy, unsealed);
    let pods = [await start(), await start()];
    for (let step = 0; step < 40; step++) {
      const name = `s${chance.integer(1, 20)}`;
      await desk.bill(session(name, { revision: step }), `m${step}`);
      if (chance.happens(0.25)) {
        const [dying, ...others] = chance.shuffled(pods);
        dying?.process.die();
        pods = [...others, await start()];
      }
    }
    for (const { process } of pods) process.die();
    const calm = booksFollower(store, { numbering: new NumberingDesk({ store, sealer: unsealed, decider }) }, () => undefined);
    await calm.start();
    const ids = await issued(store);
    await eventually(async () => (await bookOf(store)).length >= ids.length);
    const book = await bookOf(store);
    expect(book.map((line) => line.split(' ')[0])).toEqual(ids.map((_, index) => String(index + 1)));
    expect(book.map((line) => line.split(' ')[1]).sort()).toEqual([...ids].sort());
    await calm.stop();
  }
});

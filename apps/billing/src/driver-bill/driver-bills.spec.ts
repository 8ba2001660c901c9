// Drivers' bills from the message of a partner's CDR to the books and the lists, in a real PostgreSQL, and over processes that die in between.
import type { DriverBill, PartnerCdr } from '@evenkeel/contracts';
import { type EventStore, InMemoryEventStore, unsealed } from '@evenkeel/event-store';
import { type Database, openDatabase, Projector } from '@evenkeel/read-model';
import { Chance, eventually, type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { BillingDesk } from '../billing-desk';
import { BooksCheck } from '../books/books-check';
import { booksFollower } from '../books/books-follower';
import { JournalDesk } from '../books/journal-desk';
import { NumberingDesk } from '../books/numbering-desk';
import { DeliveryDesk } from '../delivery/delivery-desk';
import { DisputeDesk } from '../dispute/dispute-desk';
import { BillingIntake } from '../intake/billing-intake';
import { journalCodec, journalStreamPrefix } from '../journal/journal';
import { numbersIn } from '../numbering/numbered';
import { purchaseStream, purchaseStreamPrefix } from '../purchase/purchase';
import { RetailDesk } from '../retail/retail-desk';
import { retailTariffsCodec, retailTariffsStream } from '../retail/retail-tariffs';
import { completed } from '../testing/completed-session';
import { CrashingStore } from '../testing/crashing-store';
import { bought, KnownTariffs, provider, retailTariff } from '../testing/retail-tariffs';
import { booksProjection } from '../view/books-projection';
import type { BooksTables } from '../view/books-tables';
import { TrialBalanceView } from '../view/trial-balance-view';
import { billIdOf } from './draft-bill';
import { driverBillBookStreamPrefix, driverBillCodec, driverBillStreamPrefix } from './driver-bill';
import { DriverBillDesk } from './driver-bill-desk';
import { type DriverBillTables, driverBillProjection } from './driver-bill-tables';
import { DriverBillView } from './driver-bill-view';

const policy = { freeWithoutEnergy: true };
const actor = { operator: 'alice' };
const [before, since] = ['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'];
const named = (cdrId: string, change: Partial<PartnerCdr> = {}): PartnerCdr => ({ ...bought, cdrId, ...change });
const creditOf = (cdrId: string): PartnerCdr =>
  named(`${cdrId}-CR`, { credit: true, creditReferenceId: cdrId, total: { beforeTaxes: '-4.60' } });

/** Of one process, as its module wires it. */
function billingIn(store: EventStore, registry: KnownTariffs) {
  const desk = new BillingDesk(store, policy, unsealed);
  const driverBills = new DriverBillDesk(store, unsealed, policy, new RetailDesk(store, unsealed, registry));
  const intake = new BillingIntake(desk, new DeliveryDesk(store, unsealed), new DisputeDesk(store, unsealed), driverBills);
  const journal = new JournalDesk({ store, sealer: unsealed, onRefused: () => undefined });
  const follower = booksFollower(store, { numbering: new NumberingDesk({ store, sealer: unsealed }), journal }, () => undefined);
  return { desk, driverBills, intake, follower };
}

type Pod = ReturnType<typeof billingIn> & { process: { die(): void } };

/** As an operator would have chosen them then. */
async function choose(store: EventStore, tariffId: string, at: string, scope = 'default'): Promise<void> {
  const stream = retailTariffsStream(provider);
  const last = await store.readLast(stream);
  const chosen = retailTariffsCodec.encode({ type: 'RetailTariffSet', data: { scope, tariffId, at } }, `${scope} ${at}`, {});
  await store.append(stream, last?.revision ?? 'no-stream', [chosen]);
}

async function billsIn(store: EventStore): Promise<DriverBill[]> {
  const bills: DriverBill[] = [];
  await store.readAll([driverBillStreamPrefix], async (events) => {
    for (const { data } of events.map((stored) => driverBillCodec.decode(stored))) if ('bill' in data) bills.push(data.bill);
  });
  return bills;
}

it('bills each CDR once and numbers and books each bill once, while processes die, lose answers, and the registry is away', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const chance = new Chance(seed);
    const store = new CrashingStore();
    const registry = new KnownTariffs();
    registry.versions.push(retailTariff('HOME', '0.60'));
    await choose(store, 'HOME', before);
    const start = async () => {
      const process = store.processWith(chance, 0.15);
      const pod = { process, ...billingIn(process, registry) };
      await pod.follower.start().catch(() => undefined);
      return pod;
    };
    const pods: [Pod, Pod] = [await start(), await start()];
    const waiting = [
      ...Array.from({ length: 12 }, (_, index) => named(`c${index}`)),
      ...Array.from({ length: 4 }, (_, index) => creditOf(`c${index}`)),
    ];
    // A message comes again until it is taken, and at times although it was; a credit may be faster than what it takes back.
    while (waiting.length > 0) {
      const cdr = waiting.splice(chance.integer(0, waiting.length - 1), 1)[0] as PartnerCdr;
      registry.isAway = chance.happens(0.2);
      const message = { messageId: cdr.cdrId, attempt: 1 };
      const taken = await chance
        .one(pods)
        .intake.partnerCdrReceived({ cdr }, message)
        .then(
          () => true,
          (error: Error) => {
            if (!/refused|lost|gone|not running|faster/.test(`${error.message}`)) throw error;
            return false;
          },
        );
      if (!taken || chance.happens(0.1)) waiting.push(cdr);
      if (chance.happens(0.2)) {
        pods.shift()?.process.die();
        pods.push(await start());
      }
    }
    for (const { process } of pods) process.die();
    const calm = billingIn(store, registry);
    await calm.follower.start();
    const bills = await billsIn(store);
    const numbersOf = async () => (await store.read(`${driverBillBookStreamPrefix}${provider}`)).flatMap((stored) => numbersIn(stored, ''));
    const entriesOf = async () => {
      const references: string[] = [];
      await store.readAll([journalStreamPrefix], async (events) => {
        for (const { data } of events.map((stored) => journalCodec.decode(stored)))
          if (data.kind !== 'purchase') references.push(data.reference);
      });
      return references;
    };
    const ids = bills.map(({ billId }) => billId).sort();
    await eventually(async () => (await numbersOf()).length >= ids.length && (await entriesOf()).length >= ids.length);
    await calm.follower.stop();
    // All twelve are billed but those whose credit was faster, and each of the four that were billed is taken back.
    const standing = Array.from({ length: 8 }, (_, index) => billIdOf(named(`c${index + 4}`)));
    const credited = ids.filter((id) => id.endsWith('-CR')).map((id) => id.slice(0, -'-CR'.length));
    expect([seed, ids]).toEqual([seed, [...standing, ...credited, ...credited.map((id) => `${id}-CR`)].sort()]);
    expect((await numbersOf()).map(({ number }) => number)).toEqual(ids.map((_, index) => index + 1));
    expect((await numbersOf()).map(({ cdr_id }) => cdr_id).sort()).toEqual(ids);
    expect((await entriesOf()).sort()).toEqual(ids);
  }
}, 30_000);

describe('a provider', () => {
  const store = new InMemoryEventStore();
  const registry = new KnownTariffs();
  const { desk, driverBills, intake, follower } = billingIn(store, registry);
  const retail = new RetailDesk(store, unsealed, registry);
  let postgres: RunningPostgres;
  let database: Database<DriverBillTables & BooksTables>;
  let projectors: Projector<never>[];
  let view: DriverBillView;
  let check: BooksCheck;
  const hear = (cdr: PartnerCdr) => intake.partnerCdrReceived({ cdr }, { messageId: cdr.cdrId, attempt: 1 });
  const bills = async (cdrId?: string) => (await view.list(cdrId === undefined ? {} : { cdrId })).items;
  const unbilled = async () => (await view.listUnbilled({})).items.map(({ cdr, reason }) => `${cdr.cdrId} ${reason}`).sort();
  const purchaseId = (cdr: PartnerCdr) => purchaseStream(cdr).slice(purchaseStreamPrefix.length);
  const shown = (cdrId: string) => eventually(async () => (await bills(cdrId)).some(({ number }) => number !== undefined), 10_000);

  beforeAll(async () => {
    postgres = await startPostgres();
    const projections = [driverBillProjection, booksProjection];
    database = await openDatabase(await postgres.ensureDatabase('bills'), { projections });
    const onFailure = (error: unknown) => {
      throw error;
    };
    projectors = projections.map((projection) => new Projector({ database, store, projection, onFailure } as never));
    view = new DriverBillView(database);
    const metrics = { gauge: () => undefined };
    check = new BooksCheck({ database, metrics, log: { error: () => undefined, warn: onFailure }, everyMs: 60_000, graceSeconds: 0 });
    await follower.start();
    await Promise.all(projectors.map((projector) => projector.start()));
  }, 60_000);
  afterAll(async () => {
    await follower.stop();
    await Promise.all(projectors.map((projector) => projector.stop()));
    await database.destroy();
    await postgres.stop();
  });

  it('without a retail tariff bills nobody, and sees what waits and why', async () => {
    await hear(named('early'));
    await eventually(async () => (await unbilled()).join() === 'early no-retail-tariff');
    expect(await bills()).toEqual([]);
    await expect(driverBills.billPurchase({ actor, purchaseId: purchaseId(named('early')) })).rejects.toMatchObject({
      ...{ code: 'conflict', message: 'CDR early is not billed: no-retail-tariff' },
    });
    await expect(driverBills.billPurchase({ actor, purchaseId: 'none' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('shows a CDR that is booked and not looked at yet', async () => {
    await desk.book(named('left'), 'left');
    await eventually(async () => (await unbilled()).includes('left not-considered'));
  });

  it('has what could not be billed billed by the tariff of today when an operator asks, once, and says who asked', async () => {
    registry.versions.push(retailTariff('HOME', '0.60', { lastUpdated: before }));
    await retail.set({ actor, party: provider, scope: 'default', tariffId: 'HOME' });
    const [first, again] = [await ask('early'), await billingIn(store, registry).driverBills.billPurchase(asked('early'))];
    expect(first).toMatchObject({ partnerCdr: { cdrId: 'early' }, total: { afterTaxes: '6.60' }, tariff: { id: 'HOME' } });
    expect(again).toEqual(first);
    await shown('early');
    expect(await unbilled()).toEqual(['left not-considered']);
    const stored = await store.read(`${driverBillStreamPrefix}${first.billId}`);
    expect(stored.map(({ type, metadata }) => [type, metadata.operator])).toEqual([
      ['DriverNotBilled', undefined],
      ['DriverBillIssued', 'alice'],
    ]);
    expect(await ask('left')).toMatchObject({ total: { afterTaxes: '6.60' } });
    await eventually(async () => (await unbilled()).length === 0);
  });
  const asked = (cdrId: string) => ({ actor, purchaseId: purchaseId(named(cdrId)) });
  const ask = (cdrId: string) => driverBills.billPurchase(asked(cdrId));

  it("bills at once by what counted at the session's start at that operator: the tariff and its version", async () => {
    const start = { startedAt: '2100-01-02T00:00:00.000Z', endedAt: '2100-01-02T01:00:00.000Z' };
    const later = { ...start, periods: bought.periods.map((period) => ({ ...period, startedAt: start.startedAt })) };
    registry.versions.push(retailTariff('HOME', '0.70', { lastUpdated: '2100-01-01T00:00:00.000Z' }));
    registry.versions.push(retailTariff('HOME', '0.80', { lastUpdated: '2100-01-03T00:00:00.000Z' }));
    registry.versions.push(retailTariff('SPECIAL', '0.50'));
    await choose(store, 'SPECIAL', '2100-01-01T00:00:00.000Z', 'DE-ABC');
    await hear(named('later', later));
    await hear(named('special', { ...later, party: 'DE-ABC' }));
    await shown('special');
    expect((await bills('LATER')).map(({ total }) => total.afterTaxes)).toEqual(['7.70']);
    expect((await bills('special')).map(({ total, tariffId }) => `${tariffId} ${total.afterTaxes}`)).toEqual(['SPECIAL 5.50']);
  });

  it('credits the bill in full when the partner takes its CDR back, and bills what comes in its place', async () => {
    const now = new Date().toISOString();
    const at = { startedAt: now, endedAt: now, periods: bought.periods.map((period) => ({ ...period, startedAt: now })) };
    await hear(named('wrong', at));
    await hear(creditOf('WRONG'));
    await hear(named('right', { ...at, energyWh: '5000', periods: at.periods.map((period) => ({ ...period, energyWh: '5000' })) }));
    for (const cdrId of ['wrong', 'wrong-cr', 'right']) await shown(cdrId);
    const found = [...(await bills('wrong')), ...(await bills('wrong-cr')), ...(await bills('right'))];
    expect(found.map(({ total }) => total.afterTaxes)).toEqual(['6.60', '-6.60', '3.30']);
    expect(found[1]).toMatchObject({ credit: true, creditReferenceId: found[0]?.billId, payer: { party: provider, ...bought.token } });
    await expect(ask('wrong')).rejects.toMatchObject({ code: 'conflict', message: 'CDR wrong was taken back by the partner' });
  });

  it('lets a person look at a credit that does not say what it takes back', async () => {
    const { creditReferenceId: _, ...nameless } = creditOf('lost');
    await hear(nameless);
    await eventually(async () => (await unbilled()).join() === 'lost-CR names-no-cdr');
    await expect(driverBills.billPurchase({ actor, purchaseId: purchaseId(nameless) })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('never lists what was taken back before it came', async () => {
    await hear(creditOf('overtaken'));
    await hear(named('overtaken'));
    await hear(named('after', { startedAt: new Date().toISOString() }));
    await shown('after');
    expect(await bills('overtaken')).toEqual([]);
    expect((await unbilled()).join()).toBe('lost-CR names-no-cdr');
  });

  it('does not bill what names no buyer', async () => {
    const { buyer: _, ...nobodys } = bought;
    const stored = (await billsIn(store)).length;
    await hear({ ...nobodys, cdrId: 'nobodys' });
    expect((await billsIn(store)).length).toBe(stored);
  });

  it('explains a bill in both languages with the same numbers', async () => {
    const [bill] = await bills('later');
    const billId = bill?.billId ?? '';
    expect(await view.get(billId)).toMatchObject({ billId, total: bill?.total, tariff: { id: 'HOME' }, periods: [{ energyWh: '10000' }] });
    expect((await view.explain({ billId })).text).toEqual([
      'Energy: 10.000 kWh at 0.70 USD per kWh = 7.00 USD before tax, 7.70 USD with tax (period 1)',
      'Total: 7.00 USD before tax, 7.70 USD with tax',
    ]);
    expect((await view.explain({ billId, language: 'es' })).text).toEqual([
      'Energía: 10.000 kWh a 0.70 USD por kWh = 7.00 USD antes de impuestos, 7.70 USD con impuestos (periodo 1)',
      'Total: 7.00 USD antes de impuestos, 7.70 USD con impuestos',
    ]);
    await expect(view.explain({ billId: 'none' })).rejects.toMatchObject({ code: 'not-found' });
  });

  it('lists bills and what is billed to nobody in pages, and bills by the start of the session', async () => {
    const all = await bills();
    const [first, rest] = [await view.list({ limit: 3 }), await view.list({ after: all[2]?.billId ?? '' })];
    expect([...first.items, ...rest.items]).toEqual(all);
    expect([first.next, rest.next]).toEqual([all[2]?.billId, undefined]);
    expect((await view.list({ from: '2100-01-01T00:00:00Z' })).items.map(({ partnerCdr }) => partnerCdr.cdrId).sort()).toEqual([
      'later',
      'special',
    ]);
    expect((await view.list({ to: since })).items).toEqual([]);
    await hear(named('unpriced', { buyer: 'US-NON' }));
    await eventually(async () => (await unbilled()).length === 2);
    const pages = await view.listUnbilled({ limit: 1 });
    expect([...pages.items, ...(await view.listUnbilled({ after: pages.next ?? '' })).items].length).toBe(2);
    expect((await view.listUnbilled({ reason: 'no-retail-tariff' })).items.map(({ cdr }) => cdr.cdrId)).toEqual(['unpriced']);
  });

  it('has the drivers owe what they are billed, as revenue and taxes, and the books tie, beside the CDRs of stations of its own', async () => {
    // A session at a station of its own: its CDR and the bills are counted apart.
    await desk.bill(completed({ party: provider, sessionId: 'own' }), 'own');
    await eventually(async () => (await database.selectFrom('claim').selectAll().where('income', 'is', null).execute()).length === 0);
    await eventually(async () => (await database.selectFrom('numbering').selectAll().execute()).length === 2);
    const stored = await billsIn(store);
    expect(await database.selectFrom('numbering').selectAll().orderBy('series').execute()).toEqual([
      { party: provider, series: 'bill', numbered: stored.length, highest: stored.length },
      { party: provider, series: 'cdr', numbered: 1, highest: 1 },
    ]);
    // Early 6.60, left 6.60, later 7.70, special 5.50, wrong 6.60 less 6.60, right 3.30, after 6.60; and a CDR of 20.00 that a partner owes,
    // 16.80 of it for energy.
    const { accounts, totals, findings } = await new TrialBalanceView(database, check).get({ party: provider });
    const balanceOf = (name: string) => accounts.find(({ account, currency }) => account === name && currency === 'USD')?.balance;
    expect(balanceOf('receivable/driver')).toBe('36.30');
    expect(balanceOf('tax-payable/10')).toBe('-3.30');
    expect(balanceOf('revenue/energy')).toBe('-49.80');
    expect([findings, totals.map(({ balance }) => balance)]).toEqual([[], ['0.00']]);
  });

  it('finds a bill that has no number', async () => {
    const [bill] = await bills();
    await database
      .updateTable('claim')
      .set({ number: null })
      .where('cdr_id', '=', bill?.billId ?? '')
      .execute();
    expect((await check.findings(provider)).map(({ text }) => text)).toEqual([
      `1 CDRs or bills have no number or no entry that says what they say, among them ${bill?.billId}`,
    ]);
  });
});

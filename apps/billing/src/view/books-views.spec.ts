// The books in a real PostgreSQL: what was issued, what a partner's statement says, what the journal has and what the trial balance shows are
// the same to the last cent, however the events were cut into batches; and what does not tie is found.
import type { Cdr, LineDelivery, SessionSnapshot, SettlementStatement } from '@evenkeel/contracts';
import { InMemoryEventStore, StreamHandler, unsealed } from '@evenkeel/event-store';
import { Money } from '@evenkeel/money';
import { type Database, openDatabase, Projector } from '@evenkeel/read-model';
import { Chance, eventually, type RunningPostgres, startPostgres } from '@evenkeel/testkit';
import { BooksCheck } from '../books/books-check';
import { type Books, booksFollower } from '../books/books-follower';
import { JournalDesk } from '../books/journal-desk';
import { NumberingDesk } from '../books/numbering-desk';
import { cdr } from '../cdr/cdr';
import { cdrCodec, cdrStream } from '../cdr/cdr-events';
import { draftCdr } from '../cdr/draft-cdr';
import { DeliveryDesk } from '../delivery/delivery-desk';
import { completed } from '../testing/completed-session';
import { booksProjection } from './books-projection';
import type { BooksTables } from './books-tables';
import { type BillingTables, CdrView, cdrProjection } from './cdr-view';
import { StatementView } from './statement-view';
import { TrialBalanceView } from './trial-balance-view';

const party = 'US-CHG';
const partner = 'NL-MYU';
const store = new InMemoryEventStore();
const bills = new StreamHandler({ store, decider: cdr, codec: cdrCodec, sealer: unsealed });
const issued: Cdr[] = [];
const gauges = new Map<string, number>();

let postgres: RunningPostgres;
let database: Database<BillingTables & BooksTables>;
let projectors: [Projector<BillingTables>, Projector<BooksTables>];
let check: BooksCheck;
let statements: StatementView;
let balances: TrialBalanceView;

const books: Books = {
  numbering: new NumberingDesk({ store, sealer: unsealed }),
  journal: new JournalDesk({ store, sealer: unsealed, onRefused: () => undefined }),
};
const follower = booksFollower(store, books, () => undefined);

beforeAll(async () => {
  postgres = await startPostgres();
  database = await openDatabase(await postgres.ensureDatabase('billing'), { projections: [cdrProjection, booksProjection] });
  const failures = (error: unknown) => {
    throw error;
  };
  projectors = [
    new Projector<BillingTables>({ database, store, projection: cdrProjection, onFailure: failures }),
    new Projector<BooksTables>({ database, store, projection: { ...booksProjection, maxBatch: 7 }, onFailure: failures }),
  ];
  await issueMany(new Chance(7));
  // The bridge was faster than billing's projections, and said some of it twice.
  for (const [index, cdr] of issued.entries()) if (cdr.payer.party === partner) await tellDelivery(cdr, index);
  await follower.start();
  await Promise.all(projectors.map((projector) => projector.start()));
  const metrics = {
    gauge: (name: string, _: string, value: number, labels: object = {}) => void gauges.set(`${name} ${Object.values(labels)}`, value),
  };
  const log = { error: () => undefined, warn: failures };
  check = new BooksCheck({ database, metrics, log: log as never, everyMs: 50, graceSeconds: 0 });
  statements = new StatementView(database);
  balances = new TrialBalanceView(database, check);
  await shown();
}, 60_000);
afterAll(async () => {
  await follower.stop();
  await Promise.all(projectors.map((projector) => projector.stop()));
  await database.destroy();
  await postgres.stop();
});

/** Sessions of our own drivers and of two partners' in two months, at one tax rate, at two and at none; a third is corrected. */
async function issueMany(chance: Chance): Promise<void> {
  for (let number = 0; number < 90; number++) {
    const session = sessionOf(number, chance);
    await bill(session, chance.happens(0.5) ? '2026-02-28T23:59:59.999Z' : '2026-03-01T00:00:00.000Z', number);
    if (chance.happens(0.3)) await bill({ ...sessionOf(number, chance), revision: 12 }, '2026-03-05T00:00:00.000Z', number);
  }
}

function sessionOf(number: number, chance: Chance): SessionSnapshot {
  const { terms, periods } = completed();
  const payer = { ...terms.payer, party: [party, partner, 'DE-EMP'][number % 3] } as NonNullable<SessionSnapshot['terms']['payer']>;
  const rates = [['19', '19'], ['19', '7'], []][number % 4] ?? ['7', '7'];
  const rate = (index: number) => (rates[index] === undefined ? {} : { vat: rates[index] });
  const elements = [
    {
      priceComponents: [
        { type: 'ENERGY' as const, price: '0.563', stepSize: 1, ...rate(0) },
        { type: 'PARKING_TIME' as const, price: '7.7', stepSize: 60, ...rate(1) },
      ],
    },
  ];
  const energyWh = String(chance.integer(1, 80_000));
  const tariff = { ...terms.tariff, currency: number % 10 === 0 ? 'USD' : 'EUR', taxIncluded: 'NO' as const, elements };
  const [charging, parking] = periods;
  const measured = { energyWh, periods: [{ ...charging, energyWh } as never, parking as never] };
  return completed({ sessionId: `session-${number}`, ...measured, terms: { ...terms, payer, tariff } });
}

async function bill(session: SessionSnapshot, issuedAt: string, number: number): Promise<void> {
  const command = { session, policy: { freeWithoutEnergy: true }, issuedAt };
  const handled = await bills.handle(cdrStream(session.sessionId), command, { cause: `${number} ${session.revision}` });
  if (!handled.accepted) throw new Error('billing rejects nothing');
  for (const event of handled.events) if (event.type === 'CdrIssued' || event.type === 'CdrCredited') issued.push(event.data.cdr);
}

/** Of those of the partner in February all are delivered, of those in March some; one was given up before it was. */
async function tellDelivery(cdr: Cdr, index: number): Promise<void> {
  const { party: of, cdrId, sessionId, credit, currency, total } = cdr;
  const object = {
    ...{ party: of, partner: cdr.payer.party, cdrId, sessionId, credit, currency, totalBeforeTaxes: total.beforeTaxes },
    ...(total.afterTaxes === undefined ? {} : { totalAfterTaxes: total.afterTaxes }),
  };
  const desk = new DeliveryDesk(store, unsealed);
  const deliver = { type: 'CdrDelivered' as const, data: { ...object, deliveredAt: '2026-03-06T00:00:00.000Z' } };
  const park = { type: 'CdrDeliveryParked' as const, data: { ...object, parkedAt: '2026-03-05T00:00:00.000Z', reason: 'refused' } };
  const kept = outcomeOf(cdr, index);
  if (kept === 'parked' || index % 2 === 0) await desk.record(park, `${cdrId} parked`);
  if (kept === 'delivered') for (const _ of [1, 2]) await desk.record(deliver, `${cdrId} delivered`);
  if (kept === 'waiting' && index % 2 === 0) throw new Error('what was given up does not wait');
}

function outcomeOf({ issuedAt }: Cdr, index: number): LineDelivery['status'] {
  if (issuedAt.startsWith('2026-02')) return 'delivered';
  return index % 4 === 0 ? 'parked' : index % 4 === 1 ? 'waiting' : 'delivered';
}

/** Each CDR is in the tables with its number and its entry. */
async function shown(): Promise<void> {
  await eventually(async () => {
    const claims = await database.selectFrom('claim').select(['number', 'receivable']).execute();
    const listed = await database.selectFrom('cdr').select('number').where('number', 'is not', null).execute();
    const booked = claims.filter(({ number, receivable }) => number !== null && receivable !== null);
    return booked.length === issued.length && listed.length === issued.length;
  }, 20_000);
}

const sumOf = (cdrs: readonly Cdr[], currency: string, side: (cdr: Cdr) => string) =>
  Money.sum(
    cdrs.filter((each) => each.currency === currency).map((each) => Money.parse(side(each), currency)),
    currency,
  );
const dueOf = ({ total }: Cdr) => total.afterTaxes ?? total.beforeTaxes;

async function wholeStatement(of: string, month: string): Promise<SettlementStatement> {
  const whole = await statements.get({ party, partner: of, month, limit: 7 });
  for (let { next } = whole; next !== undefined; ) {
    const page = await statements.get({ party, partner: of, month, limit: 7, after: next });
    whole.items.push(...page.items);
    next = page.next;
  }
  return whole;
}

it('shows each CDR with its number, from 1 without a gap', async () => {
  const view = new CdrView(database);
  const { items } = await view.list({ limit: 1_000 });
  expect(items.map(({ number }) => number ?? 0).sort((a, b) => a - b)).toEqual(issued.map((_, index) => index + 1));
  const [first] = issued;
  expect((await view.get(first?.cdrId ?? '')).number).toBe(1);
});

it.each([
  [partner, '2026-02'],
  [partner, '2026-03'],
  ['DE-EMP', '2026-02'],
  ['DE-EMP', '2026-03'],
])('states for %s in %s what the CDRs sum to, and the journal has the same', async (of, month) => {
  const cdrs = issued.filter(({ payer, issuedAt }) => payer.party === of && issuedAt.startsWith(month));
  const { items, totals } = await wholeStatement(of, month);
  expect(items.map(({ cdrId }) => cdrId).sort()).toEqual(cdrs.map(({ cdrId }) => cdrId).sort());
  expect(totals.map(({ currency }) => currency)).toEqual(['EUR', 'USD']);
  for (const { currency, due, beforeTaxes, booked, ties, taxes, subtotals, ...counts } of totals) {
    expect([due, beforeTaxes]).toEqual([sumOf(cdrs, currency, dueOf), sumOf(cdrs, currency, ({ total }) => total.beforeTaxes)].map(String));
    expect([booked, ties]).toEqual([due, true]);
    expect(counts).toEqual({
      cdrs: cdrs.filter((each) => each.currency === currency).length,
      credits: cdrs.filter((each) => each.currency === currency && each.credit).length,
    });
    const sum = (amounts: readonly string[]) =>
      Money.sum(
        amounts.map((amount) => Money.parse(amount, currency)),
        currency,
      ).toString();
    expect(sum([beforeTaxes, ...taxes.map(({ amount }) => amount)])).toBe(due);
    expect(sum(subtotals.map((each) => each.due))).toBe(due);
    expect(sum(subtotals.flatMap((each) => [each.beforeTaxes, ...each.taxes.map(({ amount }) => amount)]))).toBe(due);
    expect(new Set(subtotals.map(({ rates }) => rates.join('+'))).size).toBe(subtotals.length);
  }
  expect(totals[0]?.subtotals.map(({ rates }) => rates.join('+'))).toEqual(expect.arrayContaining(['', '7', '19', '7+19']));
});

it('lists the lines of a statement in the order of their numbers within an instant, with credits naming what they take back', async () => {
  const { items } = await wholeStatement(partner, '2026-03');
  const places = items.map(({ issuedAt, number = 0 }) => `${issuedAt} ${String(number).padStart(6, '0')}`);
  expect(places).toEqual([...places].sort());
  const credits = items.filter(({ credit }) => credit);
  expect(credits.length).toBeGreaterThan(3);
  expect(credits.every(({ creditReferenceId, cdrId, due }) => `${creditReferenceId}-CR` === cdrId && due.startsWith('-'))).toBe(true);
});

it('agrees for a month whose CDRs and credits the partner has, all of them', async () => {
  const { items, totals, reconciliation } = await wholeStatement(partner, '2026-02');
  expect(items.length).toBeGreaterThan(5);
  expect(items.map(({ delivery }) => delivery)).toEqual(items.map(() => ({ status: 'delivered', at: '2026-03-06T00:00:00.000Z' })));
  expect(reconciliation).toEqual({
    ...{ cdrs: items.length, credits: 0, delivered: items.length, waiting: 0, parked: 0, agrees: true },
    sums: totals.map(({ currency, due }) => ({ currency, due, delivered: due, waiting: '0.00', parked: '0.00' })),
  });
});

it('says of each line whether and when the partner got it, and of the month what is open', async () => {
  const { items, totals, reconciliation } = await wholeStatement(partner, '2026-03');
  const expected = new Map(issued.map((cdr, index) => [cdr.cdrId, outcomeOf(cdr, index)]));
  const deliveries: Record<LineDelivery['status'], LineDelivery> = {
    delivered: { status: 'delivered', at: '2026-03-06T00:00:00.000Z' },
    parked: { status: 'parked', at: '2026-03-05T00:00:00.000Z', reason: 'refused' },
    waiting: { status: 'waiting' },
  };
  expect(items.map(({ delivery }) => delivery)).toEqual(items.map(({ cdrId }) => deliveries[expected.get(cdrId) ?? 'waiting']));
  const inStatus = (status: string) => items.filter(({ delivery }) => delivery?.status === status);
  const counts = Object.fromEntries(Object.keys(deliveries).map((status) => [status, inStatus(status).length]));
  expect(Object.values(counts).every((count) => count > 2)).toBe(true);
  const credits = items.filter(({ credit }) => credit).length;
  expect(reconciliation).toMatchObject({ cdrs: items.length, credits, ...counts, agrees: false });
  for (const { currency, due, ...sums } of reconciliation?.sums ?? []) {
    const sumIn = (status: string) => {
      const amounts = inStatus(status).filter((each) => each.currency === currency);
      return String(
        Money.sum(
          amounts.map((each) => Money.parse(each.due, currency)),
          currency,
        ),
      );
    };
    expect(sums).toEqual({ delivered: sumIn('delivered'), waiting: sumIn('waiting'), parked: sumIn('parked') });
    expect(due).toBe(totals.find((total) => total.currency === currency)?.due);
  }
  expect(reconciliation?.sums.length).toBe(totals.length);
  expect((await wholeStatement('DE-EMP', '2026-02')).reconciliation).toMatchObject({ delivered: 0, parked: 0, agrees: false });
});

it('does not agree where the partner has another amount than is stated', async () => {
  const [line] = (await wholeStatement(partner, '2026-02')).items;
  const ofLine = database.updateTable('delivery').where('cdr_id', '=', line?.cdrId ?? '');
  await ofLine.set(({ eb }) => ({ amount: eb('amount', '+', '0.01'), agrees: false })).execute();
  const { reconciliation } = await wholeStatement(partner, '2026-02');
  await ofLine.set(({ eb }) => ({ amount: eb('amount', '-', '0.01'), agrees: true })).execute();
  expect(reconciliation).toMatchObject({ waiting: 0, parked: 0, agrees: false });
  const sums = reconciliation?.sums.find(({ currency }) => currency === line?.currency);
  expect(Number(sums?.delivered) - Number(sums?.due)).toBeCloseTo(0.01);
});

it("states a month of the party's own time zone, from its first instant to its last, and the journal has the same", async () => {
  // Chicago's February ended at 06:00 UTC on the first of March, Berlin's an hour before UTC's.
  const months = (timeZone: string) => new StatementView(database, { [party]: timeZone });
  const count = async (timeZone: string, month: string) => {
    const { items, totals, ...statement } = await months(timeZone).get({ party, partner, month, limit: 1_000 });
    expect(totals.every(({ ties }) => ties)).toBe(true);
    expect(statement).toMatchObject({ month, timeZone, reconciliation: { cdrs: items.length } });
    const { from = '', until = '' } = statement;
    expect(items.every(({ issuedAt }) => issuedAt >= from && issuedAt < until)).toBe(true);
    return items.length;
  };
  const issuedIn = (start: string) => issued.filter(({ payer, issuedAt }) => payer.party === partner && issuedAt.startsWith(start)).length;
  const [february, first, later] = [issuedIn('2026-02-28'), issuedIn('2026-03-01'), issuedIn('2026-03-05')];
  expect([february, first, later].every((some) => some > 3)).toBe(true);
  expect([await count('UTC', '2026-02'), await count('UTC', '2026-03')]).toEqual([february, first + later]);
  expect([await count('America/Chicago', '2026-02'), await count('America/Chicago', '2026-03')]).toEqual([february + first, later]);
  expect([await count('Europe/Berlin', '2026-02'), await count('Europe/Berlin', '2026-03')]).toEqual([0, february + first + later]);
});

it('states nothing for who owes nothing, and refuses a place that is none', async () => {
  expect(await statements.get({ party, partner: 'FR-ABC', month: '2026-03' })).toMatchObject({
    totals: [],
    items: [],
    reconciliation: { cdrs: 0, agrees: true },
  });
  await expect(statements.get({ party, partner, month: '2026-03', after: 'x' })).rejects.toMatchObject({ code: 'invalid' });
});

it('balances, with the receivables of the CDRs as revenue and taxes, through each month', async () => {
  for (const through of ['2026-02', '2026-03', undefined]) {
    const { accounts, totals, findings } = await balances.get({ party, ...(through === undefined ? {} : { through }) });
    expect([findings, totals.map(({ balance }) => balance)]).toEqual([[], ['0.00', '0.00']]);
    const cdrs = issued.filter(({ issuedAt }) => through === undefined || issuedAt.slice(0, 7) <= through);
    for (const currency of ['EUR', 'USD']) {
      const balanceOf = (prefix: string) => {
        const of = accounts.filter((each) => each.currency === currency && each.account.startsWith(prefix));
        return Money.sum(
          of.map(({ balance }) => Money.parse(balance, currency)),
          currency,
        );
      };
      const claimed = sumOf(cdrs, currency, dueOf);
      expect(String(balanceOf('receivable/'))).toBe(String(claimed));
      expect(String(balanceOf('revenue/').add(balanceOf('tax-payable/')))).toBe(String(claimed.negate()));
      const own = cdrs.filter(({ payer }) => payer.party === party);
      expect(String(balanceOf('receivable/driver'))).toBe(String(sumOf(own, currency, dueOf)));
    }
    expect(accounts.filter(({ account }) => account.startsWith('receivable/driver')).map(({ account }) => account)).toEqual([
      'receivable/driver',
      'receivable/driver',
    ]);
  }
});

it('keeps what it hears of a CDR that it does not show yet', async () => {
  const early = sessionOf(1, new Chance(3));
  const payer = { ...early.terms.payer, party: 'FR-EAR' } as NonNullable<SessionSnapshot['terms']['payer']>;
  const session = { ...early, sessionId: 'early', terms: { ...early.terms, payer } };
  const issuedAt = '2026-03-07T00:00:00.000Z';
  const drafted = draftCdr({ session, policy: { freeWithoutEnergy: true }, version: 1, issuedAt });
  await tellDelivery({ ...drafted, issuedAt: '2026-02-01T00:00:00.000Z' }, 1);
  const known = database.selectFrom('delivery').select('agrees').where('cdr_id', '=', drafted.cdrId);
  await eventually(async () => (await known.executeTakeFirst())?.agrees === false);
  await bill(session, issuedAt, 1_000);
  await shown();
  const { items, reconciliation } = await statements.get({ party, partner: 'FR-EAR', month: '2026-03' });
  expect([items[0]?.delivery?.status, reconciliation?.agrees]).toEqual(['delivered', true]);
});

it('shows the same when all of it is built from the streams again', async () => {
  const again = await openDatabase<BooksTables>(await postgres.ensureDatabase('again'), { projections: [booksProjection] });
  const onFailure = (error: unknown) => {
    throw error;
  };
  const projector = new Projector<BooksTables>({ database: again, store, projection: booksProjection, onFailure });
  await projector.start();
  const rebuilt = new StatementView(again);
  for (const debtor of [partner, 'DE-EMP', 'FR-EAR']) {
    const asked = { party, partner: debtor, month: '2026-03', limit: 1_000 };
    expect(await rebuilt.get(asked)).toEqual(await statements.get(asked));
  }
  await projector.stop();
  await again.destroy();
});

it('finds and tells what does not tie', async () => {
  check.start();
  const told = (name: string) => gauges.get(`evenkeel_billing_books_out_of_balance ${name}`);
  await eventually(() => told('not-balanced') === 0);
  expect([...gauges.values()].slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
  const [some] = issued;
  await database
    .updateTable('claim')
    .set({ number: null })
    .where('cdr_id', '=', some?.cdrId ?? '')
    .execute();
  await database.updateTable('numbering').set({ highest: 1_000 }).execute();
  const strange = { cdrId: 'no-cdr', sessionId: 's', credit: false, currency: 'EUR', totalBeforeTaxes: '1.00' };
  const heard = { type: 'CdrDelivered' as const, data: { party, partner, ...strange, deliveredAt: '2026-03-06T00:00:00.000Z' } };
  await new DeliveryDesk(store, unsealed).record(heard, 'strange');
  const moved = database.updateTable('turnover').set(({ eb }) => ({ debit: eb('debit', '+', '0.01') }));
  await moved
    .where('account', '=', `receivable/partner/${partner}`)
    .where('month', '=', '2026-03')
    .where('kind', '=', 'claim')
    .where('currency', '=', 'EUR')
    .execute();
  await eventually(() => told('not-balanced') === 1);
  await eventually(() => ['not-booked', 'claims-differ', 'numbers-differ', 'deliveries-differ'].every((name) => told(name) === 1));
  await check.stop();
  expect((await check.findings(party)).map((finding) => finding.text)).toEqual([
    `1 CDRs or bills have no number or no entry that says what they say, among them ${some?.cdrId}`,
    expect.stringMatching(/^CDRs and bills less credits claim .* EUR, receivables are .*, revenue and taxes /),
    `${issued.length} CDRs have a number, and the highest number is 1000`,
    'debits exceed credits by 0.01 EUR',
    '1 deliveries are of no CDR of the books, or of one with another amount or debtor, among them no-cdr',
  ]);
  expect(await check.findings('DE-ABC')).toEqual([]);
});

it('a CDR is explained in Spanish with the numbers that it has, a credit too', async () => {
  const view = new CdrView(database);
  const numbersIn = (text: readonly string[]) => text.map((line) => line.match(/-?\d[\d.]*/g));
  for (const { cdrId, credit } of issued.slice(0, 40)) {
    const [english, spanish] = await Promise.all([view.explain({ cdrId }), view.explain({ cdrId, language: 'es' })]);
    expect(numbersIn(spanish.text)).toEqual(numbersIn(english.text));
    expect(spanish.text[0]).toMatch(/^Energía: .* a 0\.563 (EUR|USD) por kWh/);
    expect(spanish.text.at(-1)?.includes('-')).toBe(credit);
  }
});

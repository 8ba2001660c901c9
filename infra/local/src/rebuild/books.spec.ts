// The books of a small operator, kept by billing itself, and derived again: as they are, and with one stored event altered behind its back.
import { BillingDesk } from '@evenkeel/billing/dist/billing-desk';
import { keepBooks } from '@evenkeel/billing/dist/books/books-follower';
import { JournalDesk } from '@evenkeel/billing/dist/books/journal-desk';
import { NumberingDesk } from '@evenkeel/billing/dist/books/numbering-desk';
import { DriverBillDesk } from '@evenkeel/billing/dist/driver-bill/driver-bill-desk';
import { cdrBookWith } from '@evenkeel/billing/dist/numbering/cdr-book';
import { completed } from '@evenkeel/billing/dist/testing/completed-session';
import { bought, provider, retailTariff } from '@evenkeel/billing/dist/testing/retail-tariffs';
import type { PartnerCdr } from '@evenkeel/contracts';
import { InMemoryEventStore, type StoredEvent, unsealed } from '@evenkeel/event-store';
import { rebuild } from '../rebuild';

const at = '2026-03-01T18:00:00.000Z';
const claimed: PartnerCdr = {
  ...{ partnerId: 'p1', cdrId: 'c1', party: 'NL-MYU', buyer: 'US-CHG', token: { key: 'a'.repeat(32), type: 'RFID' } },
  ...{ startedAt: at, endedAt: at, currency: 'EUR', energyWh: '1', durationSeconds: 1, total: { beforeTaxes: '4.60' } },
  ...{ periods: [], credit: false, lastUpdated: at },
};
let events: StoredEvent[];

beforeAll(async () => {
  const store = new InMemoryEventStore();
  const desk = new BillingDesk(store, { freeWithoutEnergy: true }, unsealed);
  const journal = new JournalDesk({ store, sealer: unsealed, onRefused: () => undefined });
  const books = { numbering: new NumberingDesk({ store, sealer: unsealed, decider: cdrBookWith({ fullAt: 4, keep: 2 }) }), journal };
  for (const name of ['s1', 's2', 's3', 's4']) await desk.bill(completed({ sessionId: name }), name);
  await desk.bill(completed({ sessionId: 's1', revision: 12, energyWh: '31000' }), 's1 again');
  await desk.book(claimed, 'purchase');
  // What is in no currency has no entry.
  await desk.book({ ...claimed, cdrId: 'c2', currency: 'QQQ' }, 'purchase of nothing');
  const tariffAt = async () => retailTariff('HOME', '0.60');
  const driverBills = new DriverBillDesk(store, unsealed, { freeWithoutEnergy: true }, { tariffAt });
  for (const cdr of [bought, { ...bought, cdrId: 'c1-CR', credit: true, creditReferenceId: 'c1' }]) {
    await desk.book(cdr, cdr.cdrId);
    await driverBills.consider(cdr, cdr.cdrId);
  }
  const bills: StoredEvent[] = [];
  await store.readAll(['cdr-', 'purchase-', 'driverbill-'], async (batch) => void bills.push(...batch));
  const followed = bills.filter(({ type }) =>
    ['CdrIssued', 'CdrCredited', 'PartnerCdrBooked', 'DriverBillIssued', 'DriverBillCredited'].includes(type),
  );
  for (let first = 0; first < followed.length; first += 3) await keepBooks(books, followed.slice(first, first + 3));
  events = [];
  await store.readAll([''], async (batch) => void events.push(...batch));
});

/** What is found in a copy, of the books. @param change the data as it is in the copy; undefined leaves the event out. */
async function found(change: (event: StoredEvent) => unknown = ({ data }) => data, ...more: { stream: string; data: unknown }[]) {
  const copy = new InMemoryEventStore();
  const put = async (stream: string, id: string, type: string, data: unknown) => {
    const last = await copy.readLast(stream);
    await copy.append(stream, last?.revision ?? 'no-stream', [{ id, type, data }]);
  };
  for (const event of events) {
    const data = change(event);
    if (data !== undefined) await put(event.stream, event.id, event.type, data);
  }
  for (const { stream, data } of more) await put(stream, `more ${stream}`, 'EntryPosted', data);
  const { differences, numbers, entries } = await rebuild(copy);
  return { numbers, entries, differences: differences.filter((line) => /^((cdr|driverbill)book|journal)-|driver's bill/.test(line)) };
}

const parsed = (event: StoredEvent, pattern: RegExp | string, instead: string): unknown =>
  JSON.parse(JSON.stringify(event.data).replace(pattern, instead));
const first = (type: string, skip = 0) => {
  const event = events.filter((one) => one.type === type)[skip];
  if (!event) throw new Error(`there is no ${type}`);
  return event;
};
const changed = (victim: StoredEvent, change: (event: StoredEvent) => unknown) =>
  found((event) => (event.id === victim.id ? change(event) : event.data));

it('finds the books as they are: a number for each CDR and bill, and an entry for each of them and for the purchases', async () => {
  expect(await found()).toEqual({ numbers: 8, entries: 11, differences: [] });
  expect(events.filter(({ type }) => type === 'CdrBookCarriedForward').length).toBeGreaterThan(0);
});

it('names an entry that says something else, one that is gone, and one that nothing is behind', async () => {
  const victim = first('EntryPosted');
  const { stream, id, data } = victim;
  const { kind, reference } = data as { kind: string; reference: string };
  const moved = await changed(victim, (event) => parsed(event, /"amount":"\d+\.\d\d"/, '"amount":"99.00"'));
  expect(moved.differences).toEqual([
    `${stream}: the entry of ${kind} ${reference} (event ${id}) differs at /postings/0/amount: derived "20.00", stored "99.00"`,
  ]);
  const gone = await changed(victim, () => undefined);
  expect(gone.differences).toEqual([`${stream}: there is no entry of ${kind} ${reference}`]);
  const strange = { ...(data as object), reference: 'nothing' };
  const without = `(event more ${stream}) has no cause, or is not its first`;
  expect((await found(undefined, { stream, data: strange })).differences).toEqual([`${stream}: the entry of ${kind} nothing ${without}`]);
  expect((await found(undefined, { stream, data })).differences).toEqual([`${stream}: the entry of ${kind} ${reference} ${without}`]);
  const otherDay = { stream: 'journal-US-CHG-2026-03-02', data: strange };
  expect((await found(undefined, otherDay)).differences).toHaveLength(1);
});

it('derives no entry of a payment, and still sees that one does not balance', async () => {
  const stream = 'journal-US-CHG-2026-03-01';
  const payment = (credited: string) => ({
    ...{ party: 'US-CHG', kind: 'hold', reference: 'h1', at },
    postings: [
      { account: 'held/provider', amount: '5.00', currency: 'EUR' },
      { account: 'held/driver/RFID/x', amount: credited, currency: 'EUR' },
    ],
  });
  expect((await found(undefined, { stream, data: payment('-5.00') })).differences).toEqual([]);
  expect((await found(undefined, { stream, data: payment('-4.99') })).differences).toEqual([
    `${stream}: the entry of hold h1 (event more ${stream}) does not balance`,
  ]);
});

it('names the first number that another CDR has, and the first that is missing', async () => {
  const [one, other] = [first('CdrsNumbered'), first('CdrsNumbered', 1)];
  const swapped = await changed(one, ({ data }) => {
    const { cdrs } = data as { cdrs: unknown[] };
    return { first: 1, cdrs: [cdrs[1], cdrs[0], ...cdrs.slice(2)] };
  });
  expect(swapped.differences).toEqual([expect.stringContaining(`cdrbook-US-CHG: number 1 (event ${one.id}) differs at /cdrId: derived`)]);
  const gap = await changed(other, (event) => parsed(event, /"first":\d+/, '"first":5'));
  expect(gap.differences).toEqual([`cdrbook-US-CHG: number 5 (event ${other.id}) follows number 3`]);
  const unnumbered = await found((event) =>
    event.type === 'CdrsNumbered' && event.stream === one.stream && event.id !== one.id ? undefined : event.data,
  );
  expect(unnumbered.differences).toEqual([expect.stringMatching(/^cdrbook-US-CHG: what is carried forward behind number 3/)]);
  const short = await found((event) => (event.stream.startsWith('cdrbook-') && event.id !== one.id ? undefined : event.data));
  expect(short.differences).toEqual([expect.stringMatching(/^cdrbook-US-CHG: CDR or bill \S+ has no number: number 3 is the last of 6$/)]);
});

it('names what a book carries forward and must not', async () => {
  const carried = first('CdrBookCarriedForward');
  const { differences } = await changed(carried, (event) => parsed(event, /"last":\d+/, '"last":1000'));
  expect(differences).toEqual([
    expect.stringMatching(/^cdrbook-US-CHG: what is carried forward behind number \d \(event .*differs at \/last: .* stored 1000$/),
  ]);
});

it("names a driver's bill, and the credit of one, that does not follow from the partner's CDR and its tariff", async () => {
  const [bill, credit] = [first('DriverBillIssued'), first('DriverBillCredited')];
  const dearer = await changed(bill, (event) => parsed(event, '"price":"0.60"', '"price":"0.70"'));
  const { billId } = (bill.data as { bill: { billId: string } }).bill;
  expect(dearer.differences).toContainEqual(
    expect.stringMatching(`^driver's bill ${billId} \\(event ${bill.id}\\) differs at /total/beforeTaxes: derived "7.00", stored "6.00"`),
  );
  const half = await changed(credit, (event) => parsed(event, '"beforeTaxes":"-6.00"', '"beforeTaxes":"-3.00"'));
  expect(half.differences).toContainEqual(
    expect.stringContaining(`driver's bill ${billId}-CR (event ${credit.id}) differs at /total/beforeTaxes`),
  );
  const gone = await changed(credit, () => undefined);
  expect(gone.differences).toContainEqual(expect.stringContaining(`driverbillbook-${provider}: `));
});

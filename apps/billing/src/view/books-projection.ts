// The books as tables: what each CDR and each driver's bill claims beside what was booked of it and whether a CDR's partner has it, and the
// turnover of each account by month. Both sides are added up on their own, the claims from the streams of the CDRs and bills and the turnover
// from the journal, so that they can be held against each other.
import type { PartyKey } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { Decimal } from '@evenkeel/money';
import { type Projection, putRows, recordset } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import { cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';
import { cdrDeliveryCodec, cdrDeliveryStreamPrefix } from '../delivery/cdr-delivery';
import { claimOf, driverBillBookStreamPrefix, driverBillCodec, driverBillStreamPrefix } from '../driver-bill/driver-bill';
import { receivable } from '../journal/accounts';
import { type EntryKind, journalCodec, journalStreamPrefix, type PostedEntry } from '../journal/journal';
import { cdrBookStreamPrefix } from '../numbering/cdr-book';
import { type GivenNumber, numbersIn } from '../numbering/numbered';
import {
  type BooksTables,
  type ClaimRow,
  claimRow,
  createBooksTables,
  type DeliveryRow,
  deliveryRow,
  type PartnerPostingRow,
  type Series,
} from './books-tables';
import { giveNumbers } from './given-numbers';

export const booksProjection: Projection<BooksTables> = {
  name: 'books',
  version: 4,
  create: createBooksTables,
  streamPrefixes: [
    ...[cdrStreamPrefix, driverBillStreamPrefix, cdrBookStreamPrefix, driverBillBookStreamPrefix],
    ...[journalStreamPrefix, cdrDeliveryStreamPrefix],
  ],
  eventTypes: [
    ...['CdrIssued', 'CdrCredited', 'DriverBillIssued', 'DriverBillCredited'],
    ...['CdrsNumbered', 'EntryPosted', 'CdrDelivered', 'CdrDeliveryParked'],
  ],
  async apply(transaction, events) {
    const claims = events.flatMap(claimIn);
    // A CDR is stored before its number and before its entry, so its row is there.
    await putRows(transaction, 'claim', claims, { key: ['cdr_id'], keep: 'all' });
    await addClaimed(transaction, claims);
    const numbers = events.flatMap(numberedIn);
    await giveNumbers(transaction, { table: 'claim', key: 'cdr_id' }, numbers);
    await countNumbers(transaction, numbers);
    const entries = events.flatMap(entryIn);
    await addTurnover(transaction, entries);
    await markPosted(transaction, entries);
    await putRows(transaction, 'partner_posting', entries.flatMap(partnerPostings), { key: postingKey, keep: 'all' });
    const deliveries = events.flatMap(deliveryIn);
    await putDeliveries(transaction, deliveries);
    await compareDeliveries(transaction, [...claims, ...deliveries]);
  },
};

function claimIn(stored: StoredEvent): ClaimRow[] {
  if (stored.stream.startsWith(driverBillStreamPrefix)) {
    const event = driverBillCodec.decode(stored);
    return 'bill' in event.data ? [claimRow(claimOf(event.data.bill), 'bill', stored.recordedAt)] : [];
  }
  if (!stored.stream.startsWith(cdrStreamPrefix)) return [];
  const event = cdrCodec.decode(stored);
  if (event.type !== 'CdrIssued' && event.type !== 'CdrCredited') return [];
  return [claimRow(event.data.cdr, 'cdr', stored.recordedAt)];
}

function deliveryIn(stored: StoredEvent): DeliveryRow[] {
  if (!stored.stream.startsWith(cdrDeliveryStreamPrefix)) return [];
  return [deliveryRow(cdrDeliveryCodec.decode(stored), stored.recordedAt)];
}

interface Numbered extends GivenNumber {
  party: PartyKey;
  series: Series;
}

function numberedIn(stored: StoredEvent): Numbered[] {
  return books.flatMap(([series, prefix]) =>
    numbersIn(stored, prefix).map((given) => ({ party: stored.stream.slice(prefix.length), series, ...given })),
  );
}

const books: readonly [Series, string][] = [
  ['cdr', cdrBookStreamPrefix],
  ['bill', driverBillBookStreamPrefix],
];

function entryIn(stored: StoredEvent): PostedEntry[] {
  return stored.stream.startsWith(journalStreamPrefix) ? [journalCodec.decode(stored).data] : [];
}

async function addClaimed(transaction: Transaction<BooksTables>, claims: readonly ClaimRow[]): Promise<void> {
  const sums = new Map<string, { party: PartyKey; currency: string; cdrs: number; due: Decimal }>();
  for (const { party, currency, due } of claims) {
    const sum = sums.get(`${party} ${currency}`) ?? { party, currency, cdrs: 0, due: Decimal.ZERO };
    sums.set(`${party} ${currency}`, { ...sum, cdrs: sum.cdrs + 1, due: sum.due.add(Decimal.parse(due)) });
  }
  if (sums.size === 0) return;
  await sql`
    insert into claimed (party, currency, cdrs, due)
    select party, currency, cdrs, due from ${recordset('claimed', [...sums.values()])}
    on conflict (party, currency) do update set cdrs = claimed.cdrs + excluded.cdrs, due = claimed.due + excluded.due`.execute(transaction);
}

async function countNumbers(transaction: Transaction<BooksTables>, numbers: readonly Numbered[]): Promise<void> {
  if (numbers.length === 0) return;
  const given = sql`json_to_recordset(${JSON.stringify(numbers)}::json) as given (party text, series text, number integer)`;
  await sql`
    insert into numbering (party, series, numbered, highest) select party, series, count(*), max(number) from ${given} group by party, series
    on conflict (party, series) do update
    set numbered = numbering.numbered + excluded.numbered, highest = greatest(numbering.highest, excluded.highest)`.execute(transaction);
}

interface Turnover {
  party: PartyKey;
  month: string;
  account: string;
  kind: EntryKind;
  currency: string;
  debit: Decimal;
  credit: Decimal;
}

async function addTurnover(transaction: Transaction<BooksTables>, entries: readonly PostedEntry[]): Promise<void> {
  const sums = new Map<string, Turnover>();
  for (const { party, kind, at, postings } of entries) {
    const month = monthOf(at);
    for (const { account, amount, currency } of postings) {
      const key = [party, month, account, kind, currency].join(' ');
      const sum = sums.get(key) ?? { party, month, account, kind, currency, debit: Decimal.ZERO, credit: Decimal.ZERO };
      const moved = Decimal.parse(amount);
      if (moved.isNegative) sums.set(key, { ...sum, credit: sum.credit.subtract(moved) });
      else sums.set(key, { ...sum, debit: sum.debit.add(moved) });
    }
  }
  if (sums.size === 0) return;
  await sql`
    insert into turnover (party, month, account, kind, currency, debit, credit)
    select party, month, account, kind, currency, debit, credit
    from ${recordset('turnover', [...sums.values()])}
    on conflict (party, account, month, kind, currency) do update
    set debit = turnover.debit + excluded.debit, credit = turnover.credit + excluded.credit`.execute(transaction);
}

const postingKey = ['party', 'account', 'kind', 'reference', 'currency'];
const partnerAccounts = receivable({ kind: 'partner', party: '' });

function partnerPostings({ party, kind, reference, at, postings }: PostedEntry): PartnerPostingRow[] {
  if (kind !== 'claim' && kind !== 'credit') return [];
  const ofPartners = postings.filter(({ account }) => account.startsWith(partnerAccounts));
  return ofPartners.map(({ account, amount, currency }) => ({ party, account, kind, reference, currency, at, amount }));
}

async function markPosted(transaction: Transaction<BooksTables>, entries: readonly PostedEntry[]): Promise<void> {
  const posted = entries.flatMap(({ kind, reference, postings }) => {
    if (kind !== 'claim' && kind !== 'credit') return [];
    const sum = (kinds: readonly string[]) =>
      postings
        .filter(({ account }) => kinds.includes(account.slice(0, account.indexOf('/'))))
        .reduce((total, { amount }) => total.add(Decimal.parse(amount)), Decimal.ZERO);
    return [{ cdr_id: reference, receivable: sum(['receivable']), income: sum(['revenue', 'tax-payable']).negate() }];
  });
  if (posted.length === 0) return;
  await sql`
    update claim set receivable = given.receivable, income = given.income
    from json_to_recordset(${JSON.stringify(posted)}::json) as given (cdr_id text, receivable numeric, income numeric)
    where claim.cdr_id = given.cdr_id`.execute(transaction);
}

/** The newest word on a CDR counts: its stream has them in order. */
async function putDeliveries(transaction: Transaction<BooksTables>, deliveries: readonly DeliveryRow[]): Promise<void> {
  const newest = new Map(deliveries.map((row) => [row.cdr_id, row]));
  await putRows(transaction, 'delivery', [...newest.values()], { key: ['cdr_id'] });
}

/** Whichever of a CDR and its delivery comes second finds the other there. */
async function compareDeliveries(transaction: Transaction<BooksTables>, touched: readonly { cdr_id: string }[]): Promise<void> {
  if (touched.length === 0) return;
  const ids = JSON.stringify([...new Set(touched.map(({ cdr_id }) => cdr_id))]);
  await sql`
    update delivery set agrees = exists (
      select from claim where claim.cdr_id = delivery.cdr_id and claim.party = delivery.party and claim.partner = delivery.partner
        and claim.currency = delivery.currency and claim.due = delivery.amount)
    where cdr_id in (select json_array_elements_text(${ids}::json))`.execute(transaction);
}

/** Of an instant in UTC: 2026-03. */
export function monthOf(instant: string): string {
  return instant.slice(0, 'yyyy-mm'.length);
}

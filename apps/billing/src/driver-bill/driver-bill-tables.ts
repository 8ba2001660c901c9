// The tables of drivers' bills and of what is billed to nobody, projected from the streams of purchases, bills and their numbers.
import type { DriverBill, PartnerCdr, UnbilledReason } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { type Projection, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import { numbersIn } from '../numbering/numbered';
import { purchaseCodec, purchaseStreamPrefix } from '../purchase/purchase';
import { giveNumbers } from '../view/given-numbers';
import { billIdOf } from './draft-bill';
import { driverBillBookStreamPrefix, driverBillCodec, driverBillStreamPrefix } from './driver-bill';

export interface DriverBillRow {
  bill_id: string;
  /** Of the partner's CDR behind it. */
  cdr_id: string;
  started_at: string;
  /** Null until the party's book has it. */
  number: number | null;
  bill: DriverBill;
}

/** A partner's CDR, by the bill that its driver has or would have. */
interface PurchaseRow {
  bill_id: string;
  /** Null, like its CDR, where a credit was faster. */
  purchase_id: string | null;
  partner_cdr: PartnerCdr | null;
  /** Null where it was billed, or taken back. */
  reason: UnbilledReason | null;
  detail: string | null;
}

export interface DriverBillTables {
  driver_bill: DriverBillRow;
  purchase: PurchaseRow;
}

export const driverBillProjection: Projection<DriverBillTables> = {
  name: 'driver_bills',
  version: 1,
  create: createTables,
  streamPrefixes: [purchaseStreamPrefix, driverBillStreamPrefix, driverBillBookStreamPrefix],
  async apply(transaction, events) {
    await putRows(transaction, 'driver_bill', events.flatMap(billIn), { key: ['bill_id'], keep: 'all' });
    const numbers = events.flatMap((stored) => numbersIn(stored, driverBillBookStreamPrefix));
    await giveNumbers(transaction, { table: 'driver_bill', key: 'bill_id' }, numbers);
    // What became of a CDR and the CDR itself are told apart, and neither undoes the other, whichever comes first.
    await putRows(transaction, 'purchase', events.flatMap(purchaseIn), { key: ['bill_id'], keep: ['reason', 'detail'] });
    const outcomes = new Map(events.flatMap(outcomeIn).map((row) => [row.bill_id, row]));
    await putRows(transaction, 'purchase', [...outcomes.values()], { key: ['bill_id'], keep: ['purchase_id', 'partner_cdr'] });
  },
};

async function createTables(database: Transaction<DriverBillTables>): Promise<void> {
  await sql`
    create table driver_bill (
      bill_id text primary key, cdr_id text not null, started_at timestamptz not null, number integer, bill jsonb not null)`.execute(
    database,
  );
  await sql`create index driver_bill_by_cdr on driver_bill (lower(cdr_id), bill_id)`.execute(database);
  await sql`create index driver_bill_by_start on driver_bill (started_at)`.execute(database);
  await sql`
    create table purchase (bill_id text primary key, purchase_id text, partner_cdr jsonb, reason text, detail text)`.execute(database);
  await sql`create index purchase_unbilled on purchase (purchase_id) where reason is not null`.execute(database);
}

function billIn(stored: StoredEvent): DriverBillRow[] {
  if (!stored.stream.startsWith(driverBillStreamPrefix)) return [];
  const { data } = driverBillCodec.decode(stored);
  if (!('bill' in data)) return [];
  const { bill } = data;
  return [{ bill_id: bill.billId, cdr_id: bill.partnerCdr.cdrId, started_at: bill.startedAt, number: null, bill }];
}

/** A credit is no purchase of its own, but one that does not say what it takes back is for a person to look at. */
function purchaseIn(stored: StoredEvent): PurchaseRow[] {
  if (!stored.stream.startsWith(purchaseStreamPrefix)) return [];
  const { cdr } = purchaseCodec.decode(stored).data;
  if (cdr.buyer === undefined || (cdr.credit && cdr.creditReferenceId !== undefined)) return [];
  const purchase_id = stored.stream.slice(purchaseStreamPrefix.length);
  return [{ bill_id: billIdOf(cdr), purchase_id, partner_cdr: cdr, reason: 'not-considered', detail: null }];
}

function outcomeIn(stored: StoredEvent): PurchaseRow[] {
  if (!stored.stream.startsWith(driverBillStreamPrefix)) return [];
  const event = driverBillCodec.decode(stored);
  const { reason, detail } = event.type === 'DriverNotBilled' ? event.data : {};
  const bill_id = stored.stream.slice(driverBillStreamPrefix.length);
  return [{ bill_id, purchase_id: null, partner_cdr: null, reason: reason ?? null, detail: detail ?? null }];
}

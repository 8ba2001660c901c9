// The tables of the books, and the rows of a CDR, of its delivery and of a driver's bill in them.
import type { Cdr, LineDelivery, PartyKey, Price } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { sql, type Transaction } from 'kysely';
import type { CdrDeliveryEvent } from '../delivery/cdr-delivery';
import { debtorOf } from '../journal/accounts';
import type { Claimed } from '../journal/claim-entry';
import type { EntryKind } from '../journal/journal';

/** What is numbered apart from each other: CDRs, and bills of drivers who charged at partners' stations. */
export type Series = 'cdr' | 'bill';

/** Amounts are exact decimals as text. */
export interface ClaimRow {
  /** Of the CDR, or of the bill. */
  cdr_id: string;
  series: Series;
  party: PartyKey;
  /** The partner that owes it; null where a driver of the party does. */
  partner: PartyKey | null;
  /** For a bill the partner's session, or its CDR where that names none. */
  session_id: string;
  credit: boolean;
  credit_reference_id: string | null;
  started_at: string;
  ended_at: string;
  issued_at: string;
  energy_wh: string;
  currency: string;
  before_taxes: string;
  /** Null where they are not known. */
  taxes: NonNullable<Price['taxes']> | null;
  /** The rates of its taxes, in percent, ascending. */
  rates: string[];
  due: string;
  /** When the store wrote it. */
  recorded_at: string;
  /** From the party's book and from the journal; null until they are written. */
  number: number | null;
  receivable: string | null;
  income: string | null;
}

/** What the bridge says of a CDR; it may be there before the CDR's own row. */
export interface DeliveryRow {
  cdr_id: string;
  party: PartyKey;
  partner: PartyKey;
  status: Exclude<LineDelivery['status'], 'waiting'>;
  at: string;
  reason: string | null;
  currency: string;
  /** What the pushed object came to. */
  amount: string;
  /** Whether there is such a CDR, owed by the same partner for the same amount. */
  agrees: boolean;
  recorded_at: string;
}

/** What an entry of the journal about a CDR moved on a partner's account, and when: a statement's month may be of any time zone. */
export interface PartnerPostingRow {
  party: PartyKey;
  account: string;
  kind: EntryKind;
  reference: string;
  currency: string;
  at: string;
  amount: string;
}

export interface BooksTables {
  claim: ClaimRow;
  delivery: DeliveryRow;
  partner_posting: PartnerPostingRow;
  /** Sums over all claims, of both series. */
  claimed: { party: PartyKey; currency: string; cdrs: number; due: string };
  numbering: { party: PartyKey; series: Series; numbered: number; highest: number };
  turnover: { party: PartyKey; month: string; account: string; kind: EntryKind; currency: string; debit: string; credit: string };
}

/** A CDR that has its number, and whose entry says what the CDR says. */
export const isInTheBooks = sql<boolean>`(number is not null and receivable = due and income = due) is true`;

export async function createBooksTables(database: Transaction<BooksTables>): Promise<void> {
  await sql`
    create table claim (
      cdr_id text primary key, series text not null, party text not null, partner text, session_id text not null,
      credit boolean not null, credit_reference_id text,
      started_at timestamptz not null, ended_at timestamptz not null, issued_at timestamptz not null,
      energy_wh numeric not null, currency text not null, before_taxes numeric not null, taxes jsonb, rates jsonb not null,
      due numeric not null, recorded_at timestamptz not null, number integer, receivable numeric, income numeric)`.execute(database);
  await sql`create index claim_by_partner on claim (party, partner, issued_at, cdr_id)`.execute(database);
  await sql`create unique index claim_by_number on claim (party, series, number)`.execute(database);
  await sql`create index claim_open on claim (recorded_at) where not ${isInTheBooks}`.execute(database);
  await sql`
    create table delivery (
      cdr_id text primary key, party text not null, partner text not null, status text not null, at timestamptz not null, reason text,
      currency text not null, amount numeric not null, agrees boolean not null, recorded_at timestamptz not null)`.execute(database);
  await sql`create index delivery_differing on delivery (recorded_at) where not agrees`.execute(database);
  await sql`create table claimed (
    party text, currency text, cdrs integer not null, due numeric not null, primary key (party, currency))`.execute(database);
  await sql`create table numbering (
    party text, series text, numbered integer not null, highest integer not null, primary key (party, series))`.execute(database);
  await sql`create table turnover (
    party text, month text, account text, kind text, currency text, debit numeric not null, credit numeric not null,
    primary key (party, account, month, kind, currency))`.execute(database);
  await sql`create table partner_posting (
    party text, account text, kind text, reference text, currency text, at timestamptz not null, amount numeric not null,
    primary key (party, account, kind, reference, currency))`.execute(database);
  await sql`create index partner_posting_by_time on partner_posting (party, account, at)`.execute(database);
}

type Listed = Claimed & Pick<Cdr, 'sessionId' | 'creditReferenceId' | 'startedAt' | 'endedAt' | 'energyWh'>;

export function claimRow(cdr: Listed, series: Series, recordedAt: string): ClaimRow {
  const debtor = debtorOf(cdr);
  const { beforeTaxes, afterTaxes, taxes } = cdr.total;
  return {
    cdr_id: cdr.cdrId,
    series,
    party: cdr.party,
    partner: debtor.kind === 'partner' ? debtor.party : null,
    session_id: cdr.sessionId,
    credit: cdr.credit,
    credit_reference_id: cdr.creditReferenceId ?? null,
    started_at: cdr.startedAt,
    ended_at: cdr.endedAt,
    issued_at: cdr.issuedAt,
    energy_wh: cdr.energyWh,
    currency: cdr.currency,
    before_taxes: beforeTaxes,
    taxes: taxes ?? null,
    rates: ratesIn(taxes ?? []),
    due: afterTaxes ?? beforeTaxes,
    recorded_at: recordedAt,
    ...{ number: null, receivable: null, income: null },
  };
}

/** `agrees` is found out once it stands beside the CDR's row. */
export function deliveryRow({ type, data }: CdrDeliveryEvent, recordedAt: string): DeliveryRow {
  const { cdrId, party, partner, currency, totalBeforeTaxes, totalAfterTaxes } = data;
  const outcome =
    type === 'CdrDelivered'
      ? { status: 'delivered' as const, at: data.deliveredAt, reason: null }
      : { status: 'parked' as const, at: data.parkedAt, reason: data.reason };
  const amount = totalAfterTaxes ?? totalBeforeTaxes;
  return { cdr_id: cdrId, party, partner, ...outcome, currency, amount, agrees: false, recorded_at: recordedAt };
}

function ratesIn(taxes: NonNullable<Price['taxes']>): string[] {
  const rates = new Set(taxes.flatMap(({ percentage }) => percentage ?? []));
  return [...rates].sort((a, b) => Decimal.parse(a).compare(Decimal.parse(b)));
}

// What stands on the invoice for a session, or on the credit note that takes one back: the figures of the CDR, or of the driver's bill for a
// partner's CDR, and no others.
import { type Cdr, type CdrView, type IssuedToken, type NumberedDriverBill, Problem } from '@evenkeel/contracts';
import type { Seller } from '../config';

export interface Invoice {
  title: 'Invoice' | 'Credit note';
  /** Of the party and the CDR, or with an R before it the bill: consecutive within the party, each of the two by itself. */
  number: string;
  /** RFC 3339 UTC. */
  issuedAt: string;
  /** Who issues it: name, address and tax number as far as they are known; without them the number names the party. */
  seller: readonly string[];
  /** What it is about, a line a fact. */
  about: readonly string[];
  /** What it is for; the amounts sum to `beforeTaxes`. Empty on a credit note, which takes the whole invoice back. */
  lines: readonly { text: string; amount: string }[];
  currency: string;
  beforeTaxes: string;
  /** By rate. */
  taxes: readonly { text: string; amount: string }[];
  total: { text: string; amount: string };
}

/**
 * @param sellers by party.
 * @throws Problem `not-found` for a CDR that no driver of ours owes: a partner's, or one that a partner owes, which is on its statement.
 * @throws Problem `unavailable` for the moment between the CDR and its number.
 */
export function invoiceOf({ cdr, number, cdrId }: CdrView, sellers: Readonly<Record<string, Seller>> = {}): Invoice {
  if (!cdr) throw new Problem('not-found', `CDR ${cdrId} was issued by a partner; only its issuer invoices it`);
  if (cdr.payer.party !== cdr.party) throw new Problem('not-found', `CDR ${cdrId} is owed by ${cdr.payer.party}, on its statement`);
  if (number === undefined) throw new Problem('unavailable', `CDR ${cdrId} has no number yet`);
  const { place } = cdr;
  const where = [`Charging at ${place.name}, ${place.address}, ${place.city}`];
  return laidOut({ ...cdr, timeZone: place.timeZone }, `${cdr.party}-${number}`, { where, name: `CDR ${cdr.cdrId}`, kind: 'CDR' }, sellers);
}

/**
 * For a driver's bill.
 * @throws Problem `unavailable` for the moment between the bill and its number.
 */
export function invoiceOfBill(bill: NumberedDriverBill, sellers: Readonly<Record<string, Seller>> = {}): Invoice {
  const { billId, number, party, place, partnerCdr } = bill;
  if (number === undefined) throw new Problem('unavailable', `bill ${billId} has no number yet`);
  const at = place && [place.name ?? place.locationId, place.address, place.city].join(', ');
  const where = [...(at === undefined ? [] : [`Charging at ${at}`]), `Operator: ${partnerCdr.party}, CDR ${partnerCdr.cdrId}`];
  return laidOut(bill, `${party}-R${number}`, { where, name: `Bill ${billId}`, kind: 'bill' }, sellers);
}

type Billed = Pick<
  Cdr,
  'party' | 'currency' | 'total' | 'startedAt' | 'endedAt' | 'energyWh' | 'lines' | 'credit' | 'creditReferenceId' | 'issuedAt'
> & { payer: IssuedToken; timeZone: string };

interface Subject {
  where: readonly string[];
  /** Of the document itself, and what it is called where it is taken back. */
  name: string;
  kind: string;
}

function laidOut(billed: Billed, number: string, { where, name, kind }: Subject, sellers: Readonly<Record<string, Seller>>): Invoice {
  const { party, currency, total, timeZone, startedAt, endedAt, energyWh, payer, credit, creditReferenceId } = billed;
  const timeIn = (instant: string) => `${inZone(instant, timeZone)} (${timeZone})`;
  const hasTaxes = total.afterTaxes !== undefined;
  return {
    title: credit ? 'Credit note' : 'Invoice',
    number,
    issuedAt: billed.issuedAt,
    seller: sellerLines(sellers[party]),
    about: [
      ...(creditReferenceId === undefined ? [] : [`Takes back in full: ${kind} ${creditReferenceId}`]),
      ...where,
      `From ${timeIn(startedAt)} to ${timeIn(endedAt)}`,
      `Energy: ${energyWh} Wh`,
      name,
      `Token: ${payer.type}, reference ${payer.key}`,
    ],
    lines: credit ? [] : billed.lines.map(({ text, beforeTaxes }) => ({ text, amount: beforeTaxes })),
    currency,
    beforeTaxes: total.beforeTaxes,
    taxes: hasTaxes ? (total.taxes ?? []).map(({ percentage, amount }) => ({ text: rateText(percentage), amount })) : [],
    total: { text: hasTaxes ? 'Total' : 'Total, taxes not included', amount: total.afterTaxes ?? total.beforeTaxes },
  };
}

function sellerLines(seller: Seller | undefined): string[] {
  if (seller === undefined) return [];
  const { name, address = [], taxNumber } = seller;
  return [name, ...address, ...(taxNumber === undefined ? [] : [`Tax number: ${taxNumber}`])];
}

function rateText(percentage: string | undefined): string {
  return percentage === undefined ? 'Tax' : `Tax at ${percentage} %`;
}

function inZone(instant: string, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(new Date(instant));
}

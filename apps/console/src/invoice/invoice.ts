// What stands on the invoice for a session, or on the credit note that takes one back: the figures of the CDR and no others.
import { type CdrView, Problem } from '@evenkeel/contracts';
import type { Seller } from '../config';

export interface Invoice {
  title: 'Invoice' | 'Credit note';
  /** Of the party and the CDR: consecutive within the party. */
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
  const { party, currency, total, place, startedAt, endedAt, energyWh, payer } = cdr;
  const timeIn = (instant: string) => `${inZone(instant, place.timeZone)} (${place.timeZone})`;
  const hasTaxes = total.afterTaxes !== undefined;
  return {
    title: cdr.credit ? 'Credit note' : 'Invoice',
    number: `${party}-${number}`,
    issuedAt: cdr.issuedAt,
    seller: sellerLines(sellers[party]),
    about: [
      ...(cdr.creditReferenceId === undefined ? [] : [`Takes back in full: CDR ${cdr.creditReferenceId}`]),
      `Charging at ${place.name}, ${place.address}, ${place.city}`,
      `From ${timeIn(startedAt)} to ${timeIn(endedAt)}`,
      `Energy: ${energyWh} Wh`,
      `CDR ${cdr.cdrId}`,
      `Token: ${payer.type}, reference ${payer.key}`,
    ],
    lines: cdr.credit ? [] : cdr.lines.map(({ text, beforeTaxes }) => ({ text, amount: beforeTaxes })),
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

// What an issued CDR, or a driver's bill, claims: the payer owes the total, which is revenue, by what it is for, and tax, by its rate. A credit
// takes exactly this back.
import type { Cdr, IssuedToken, Price } from '@evenkeel/contracts';
import { Money } from '@evenkeel/money';
import { debtorOf, type RevenueKind, receivable, revenue, taxPayable } from './accounts';
import type { JournalEntry } from './journal';
import { credit, debit, type Posting, reversed } from './posting';

/** What the books need of a CDR or a bill. */
export type Claimed = Pick<Cdr, 'party' | 'cdrId' | 'issuedAt' | 'credit' | 'currency' | 'lines' | 'total'> & { payer: IssuedToken };

/** @throws RangeError for an amount that its currency cannot express: nothing like it was ever issued. */
export function claimEntry(cdr: Claimed): JournalEntry {
  const { party, cdrId, issuedAt } = cdr;
  const claimed = claimedBy(cdr);
  const postings = cdr.credit ? reversed(claimed) : claimed;
  return { party, kind: cdr.credit ? 'credit' : 'claim', reference: cdrId, at: issuedAt, postings };
}

/** What is due: after taxes, or before them where the taxes are not known. Negative for a credit. */
export function dueOf({ total, currency }: Pick<Cdr, 'total' | 'currency'>): Money {
  return Money.parse(total.afterTaxes ?? total.beforeTaxes, currency);
}

/** As the CDR itself claims it: a credit CDR copies the lines of the one it takes back, and negates the total only. */
function claimedBy(cdr: Claimed): Posting[] {
  const { currency, lines, total } = cdr;
  const sign = (amount: Money) => (cdr.credit ? amount.negate() : amount);
  return [
    debit(receivable(debtorOf(cdr)), sign(dueOf(cdr))),
    ...lines.map(({ dimension, beforeTaxes }) => credit(revenue(kindOf(dimension)), Money.parse(beforeTaxes, currency))),
    ...taxesOf(total).map(({ percentage, amount }) => credit(taxPayable(percentage), sign(Money.parse(amount, currency)))),
  ];
}

function taxesOf({ taxes, afterTaxes }: Price): NonNullable<Price['taxes']> {
  return afterTaxes === undefined ? [] : (taxes ?? []);
}

function kindOf(dimension: string | undefined): RevenueKind {
  return dimension === undefined ? 'adjustment' : (kinds[dimension] ?? 'adjustment');
}

const kinds: Readonly<Record<string, RevenueKind>> = {
  ENERGY: 'energy',
  TIME: 'time',
  PARKING_TIME: 'parking',
  FLAT: 'fixed',
  RESERVATION_TIME: 'reservation',
  RESERVATION_FLAT: 'reservation',
};

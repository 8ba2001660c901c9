// What a partner's CDR makes us owe: the partner gets its total, which is a cost of ours and tax that we have paid. It is booked as claimed;
// whether the claim is right is said beside it (`purchase.ts`).
import type { PartnerCdr, Price } from '@evenkeel/contracts';
import { Decimal, Money, Rational } from '@evenkeel/money';
import { payable, roamingCost, taxReceivable } from './accounts';
import type { JournalEntry } from './journal';
import { credit, debit, type Posting, reversed } from './posting';

/**
 * A partner's amounts may be finer than what can be paid (OCPI 2.2.1 allows four decimals): each total is rounded half away from zero.
 * @param reference id of the purchase: two partners may use the same id for a CDR.
 * @returns undefined where it is not known whose driver it is about: so it was stored before this was told.
 * @throws RangeError for a currency that nobody can pay in.
 */
export function purchaseEntry(cdr: PartnerCdr, reference: string, bookedAt: string): JournalEntry | undefined {
  if (cdr.buyer === undefined) return undefined;
  const { currency, total, party } = cdr;
  const beforeTaxes = payableAmount(total.beforeTaxes, currency);
  const afterTaxes = payableAmount(total.afterTaxes ?? total.beforeTaxes, currency);
  const postings = [
    credit(payable(party), afterTaxes),
    debit(roamingCost, beforeTaxes),
    ...taxesOf(total, afterTaxes.subtract(beforeTaxes), currency),
  ];
  // The total of a credit CDR is negative by OCPI, and not with every partner: that it is a credit says enough.
  const isTurned = cdr.credit && !afterTaxes.isNegative;
  return { party: cdr.buyer, kind: 'purchase', reference, at: bookedAt, postings: isTurned ? reversed(postings) : postings };
}

/** By rate where the partner's rates sum to what it asks, otherwise as one amount. */
function taxesOf({ taxes = [] }: Price, tax: Money, currency: string): Posting[] {
  const byRate = taxes.map(({ percentage, amount }) => debit(taxReceivable(percentage), payableAmount(amount, currency)));
  const sum = Money.sum(
    byRate.map(({ amount }) => amount),
    currency,
  );
  return sum.equals(tax) ? byRate : [debit(taxReceivable(undefined), tax)];
}

function payableAmount(text: string, currency: string): Money {
  return Money.round(Rational.fromDecimal(Decimal.parse(text)), currency, 'half-away-from-zero');
}

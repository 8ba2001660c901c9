// How a payment moves through the books: an amount is held, captured up to what the session cost, refunded where the bill is corrected, and
// the provider keeps its fee. A hold is no money of ours, and stands in memorandum accounts until it is captured or released.
import type { PartyKey } from '@evenkeel/contracts';
import type { Money } from '@evenkeel/money';
import { atProvider, type Debtor, heldAtProvider, heldFrom, paymentFees, receivable } from './accounts';
import type { EntryKind, JournalEntry } from './journal';
import { credit, debit, type Posting, reversed } from './posting';

export interface Payment {
  party: PartyKey;
  debtor: Debtor;
  /** Of the movement at the provider, so that each is booked once. */
  reference: string;
  /** RFC 3339 UTC. */
  at: string;
}

export function holdEntry(payment: Payment, held: Money): JournalEntry {
  return entry('hold', payment, holding(payment.debtor, held));
}

/** The hold ends unused. */
export function releaseEntry(payment: Payment, held: Money): JournalEntry {
  return entry('release', payment, reversed(holding(payment.debtor, held)));
}

/**
 * Part of the hold becomes money and settles what the debtor owes; the provider releases the rest of it.
 * @throws RangeError for more than is held: no provider captures that.
 */
export function captureEntry(payment: Payment, { held, captured }: { held: Money; captured: Money }): JournalEntry {
  if (captured.compare(held) > 0) throw new RangeError(`${captured} ${captured.currency} is more than the ${held} that are held`);
  const { debtor } = payment;
  const settled = [debit(atProvider, captured), credit(receivable(debtor), captured)];
  return entry('capture', payment, [...reversed(holding(debtor, held)), ...settled]);
}

/** Money goes back, and what the debtor owes is as it was before it came. */
export function refundEntry(payment: Payment, refunded: Money): JournalEntry {
  return entry('refund', payment, [debit(receivable(payment.debtor), refunded), credit(atProvider, refunded)]);
}

/** The provider keeps it from what it has taken in. */
export function feeEntry(payment: Payment, fee: Money): JournalEntry {
  return entry('fee', payment, [debit(paymentFees, fee), credit(atProvider, fee)]);
}

function holding(debtor: Debtor, held: Money): Posting[] {
  return [debit(heldAtProvider, held), credit(heldFrom(debtor), held)];
}

function entry(kind: EntryKind, { party, reference, at }: Payment, postings: readonly Posting[]): JournalEntry {
  return { party, kind, reference, at, postings };
}

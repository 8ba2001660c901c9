// One side of a journal entry, and what can be said of several together.
import { Money } from '@evenkeel/money';

/** A positive amount is a debit, a negative one a credit. */
export interface Posting {
  account: string;
  amount: Money;
}

export function debit(account: string, amount: Money): Posting {
  return { account, amount };
}

export function credit(account: string, amount: Money): Posting {
  return { account, amount: amount.negate() };
}

/** Takes the postings back, to the last cent. */
export function reversed(postings: readonly Posting[]): Posting[] {
  return postings.map(({ account, amount }) => ({ account, amount: amount.negate() }));
}

/** One posting an account and currency, without those of nothing, in the order in which the accounts appear. */
export function condensed(postings: readonly Posting[]): Posting[] {
  const sums = new Map<string, Posting>();
  for (const { account, amount } of postings) {
    const key = `${amount.currency} ${account}`;
    sums.set(key, { account, amount: sums.get(key)?.amount.add(amount) ?? amount });
  }
  return [...sums.values()].filter(({ amount }) => !amount.isZero);
}

/** Whether debits and credits are equal, in each currency by itself. */
export function isBalanced(postings: readonly Posting[]): boolean {
  const sums = new Map<string, Money>();
  for (const { amount } of postings) sums.set(amount.currency, (sums.get(amount.currency) ?? Money.zero(amount.currency)).add(amount));
  return [...sums.values()].every((sum) => sum.isZero);
}

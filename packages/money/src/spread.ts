// Rounds the lines of an invoice so that they sum to its rounded total. Rounding each line on its own would leave a cent too much or too
// little on every third invoice.
import { Money } from './money';
import type { Rational } from './rational';

/**
 * The parts in minor units, summing to `total`, by the largest remainder: every part is rounded down, and the units still missing go one each
 * to the parts that lost most (to the earlier part if equal). No part moves by a whole minor unit, and an exact part does not move at all.
 * Throws if `total` cannot be reached that way, that is if it is not the sum of the parts rounded in either direction.
 */
export function spread(exactParts: readonly Rational[], total: Money): Money[] {
  const { currency } = total;
  const parts = exactParts.map((exact, index) => ({ index, exact, amount: Money.round(exact, currency, 'floor') }));
  const amounts = parts.map(({ amount }) => amount);
  const missing = total.subtract(Money.sum(amounts, currency));
  if (missing.isZero) return amounts;
  const losers = parts
    .map(({ index, exact, amount }) => ({ index, amount, lost: exact.subtract(amount.toRational()) }))
    .filter(({ lost }) => !lost.isZero);
  if (missing.isNegative || missing.minorAmount > losers.length) {
    throw new RangeError(`${total} ${currency} is not the sum of its ${exactParts.length} parts rounded`);
  }
  const oneUnit = Money.ofMinor(1n, currency);
  losers.sort((left, right) => right.lost.compare(left.lost) || left.index - right.index);
  for (const { index, amount } of losers.slice(0, Number(missing.minorAmount))) amounts[index] = amount.add(oneUnit);
  return amounts;
}

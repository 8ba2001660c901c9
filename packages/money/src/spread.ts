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
  const parts = exactParts.map((exact, index) => {
    const floor = Money.round(exact, total.currency, 'floor');
    return { index, amount: floor, lost: exact.subtract(floor.toRational()) };
  });
  const missing = total.subtract(
    Money.sum(
      parts.map((part) => part.amount),
      total.currency,
    ),
  );
  const losers = parts.filter((part) => !part.lost.isZero);
  if (missing.isNegative || missing.minorAmount > losers.length) {
    throw new RangeError(`${total} ${total.currency} is not the sum of its ${exactParts.length} parts rounded`);
  }
  if (!missing.isZero) {
    const oneUnit = Money.ofMinor(1n, total.currency);
    losers.sort((left, right) => right.lost.compare(left.lost) || left.index - right.index);
    for (const part of losers.slice(0, Number(missing.minorAmount))) part.amount = part.amount.add(oneUnit);
  }
  return parts.map((part) => part.amount);
}

// Splits the tax of a rounded amount into the rates that it comes from (OCPI 2.3.0 mod_types TaxAmount).
import { type Money, Rational, spread } from '@evenkeel/money';
import type { TaxAmount } from './priced-session';

/** What is taxed at one rate. */
export interface TaxedPart {
  readonly percent: string;
  readonly tax: Rational;
}

/**
 * The amounts sum to `total`. It is shared in proportion to the exact taxes, because rounding and price limits change an amount as a whole
 * and not at a rate.
 */
export function taxesByRate(parts: readonly TaxedPart[], total: Money): TaxAmount[] {
  const percents = parts.map(({ percent }) => percent).filter((percent, index, all) => all.indexOf(percent) === index);
  if (percents.length === 1) return [{ percent: percents[0], amount: total.toString() }];
  const taxes = percents.map((percent) => sum(parts.filter((part) => part.percent === percent).map(({ tax }) => tax)));
  const whole = sum(taxes);
  if (whole.isZero) {
    const untaxed = percents.map((percent) => ({ percent, amount: total.subtract(total).toString() }));
    return total.isZero ? untaxed : [...untaxed, { amount: total.toString() }];
  }
  const proportion = total.toRational().divide(whole);
  const amounts = spread(
    taxes.map((tax) => tax.multiply(proportion)),
    total,
  );
  return percents.map((percent, index) => ({ percent, amount: `${amounts[index]}` }));
}

function sum(taxes: readonly Rational[]): Rational {
  return taxes.reduce((left, right) => left.add(right), Rational.ZERO);
}

// Splits the tax of a rounded amount into the rates that it comes from (OCPI 2.3.0 mod_types TaxAmount).
import { Decimal, type Money, Rational, spread } from '@evenkeel/money';
import type { TaxAmount } from './priced-session';

/** The exact tax at one rate; a part without a rate is not taxed. */
export interface TaxedPart {
  readonly vat?: string;
  readonly tax: Rational | undefined;
}

/**
 * The amounts sum to `total`. It is shared in proportion to the exact taxes, because rounding and price limits change an amount as a whole
 * and not at a rate.
 */
export function taxesByRate(parts: readonly TaxedPart[], total: Money): TaxAmount[] {
  const taxOfRate = new Map<string, Rational>();
  for (const { vat, tax } of parts) {
    if (vat === undefined || tax === undefined) continue;
    const percent = Rational.fromDecimal(Decimal.parse(vat)).toString();
    taxOfRate.set(percent, tax.add(taxOfRate.get(percent) ?? Rational.ZERO));
  }
  const percents = [...taxOfRate.keys()];
  if (percents.length === 1) return [{ percent: percents[0], amount: total.toString() }];
  const sum = [...taxOfRate.values()].reduce((left, right) => left.add(right), Rational.ZERO);
  if (sum.isZero) {
    const untaxed = percents.map((percent) => ({ percent, amount: total.subtract(total).toString() }));
    return total.isZero ? untaxed : [...untaxed, { amount: total.toString() }];
  }
  const proportion = total.toRational().divide(sum);
  const amounts = spread(
    [...taxOfRate.values()].map((tax) => tax.multiply(proportion)),
    total,
  );
  return percents.map((percent, index) => ({ percent, amount: `${amounts[index]}` }));
}

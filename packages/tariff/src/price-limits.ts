// The least and the most that a session may cost (OCPI mod_tariffs `min_price`, `max_price`). Each side of tax is held to its own limit.
import { Decimal, Rational } from '@evenkeel/money';
import type { ExactCost } from './costing';
import type { PriceLimit, Tariff } from './tariff';

export function raiseToMinimum(cost: ExactCost, { minPrice, taxIncluded }: Tariff): ExactCost {
  return minPrice === undefined ? cost : hold(cost, limitsOf(minPrice, taxIncluded), (value, limit) => value.compare(limit) < 0);
}

export function lowerToMaximum(cost: ExactCost, { maxPrice, taxIncluded }: Tariff): ExactCost {
  return maxPrice === undefined ? cost : hold(cost, limitsOf(maxPrice, taxIncluded), (value, limit) => value.compare(limit) > 0);
}

interface Limits {
  readonly before: Rational;
  readonly after?: Rational;
}

function limitsOf({ beforeTaxes, afterTaxes }: PriceLimit, taxIncluded: Tariff['taxIncluded']): Limits {
  const before = Rational.fromDecimal(Decimal.parse(beforeTaxes));
  if (taxIncluded === 'N/A') return { before, after: before };
  return { before, after: afterTaxes === undefined ? undefined : Rational.fromDecimal(Decimal.parse(afterTaxes)) };
}

function hold({ before, after }: ExactCost, limits: Limits, isBeyond: (value: Rational, limit: Rational) => boolean): ExactCost {
  const heldBefore = before && (isBeyond(before, limits.before) ? limits.before : before);
  if (after === undefined) return { before: heldBefore };
  if (limits.after !== undefined) return { before: heldBefore, after: isBeyond(after, limits.after) ? limits.after : after };
  // A limit that names no amount after taxes keeps the session's proportion of tax; leaving the side alone would void the limit for
  // the driver, who pays that side.
  if (before === undefined || heldBefore === undefined) return { after };
  return { before: heldBefore, after: before.isZero ? heldBefore : after.multiply(heldBefore).divide(before) };
}

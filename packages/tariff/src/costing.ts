// The money of a volume, exact and then rounded, by the tax rule of one tariff (OCPI 2.2.1 mod_tariffs `vat`, 2.3.0 `tax_included`).
// A tariff quotes its prices on one side of tax; that side is always known, the other only if the tariff tells the rates. Of a session with
// several tariffs a side is known if all of them determine it.
import { Decimal, Money, Rational, spread } from '@evenkeel/money';
import { onceForEach } from './of-tariff';
import type { PricedVolume } from './priced-volumes';
import { combineSides, mapSides, type Sides } from './sides';
import type { Tariff } from './tariff';

export type ExactCost = Sides<Rational>;
export type RoundedCost = Sides<Money>;

export class Costing {
  /** The side that is rounded first; the other follows with the tax. */
  private readonly quotedSide: keyof Sides<unknown>;
  private readonly isKnown: Readonly<Record<keyof Sides<unknown>, boolean>>;
  private readonly currency: string;

  /** @throws RangeError for tariffs of several currencies, and for tariffs of which no side of tax is known for all. */
  constructor(tariffs: readonly [Tariff, ...Tariff[]]) {
    const [{ currency }] = tariffs;
    const other = tariffs.find((tariff) => tariff.currency !== currency);
    if (other !== undefined) throw new RangeError(`a session has tariffs in ${currency} and in ${other.currency}`);
    this.currency = currency;
    const known = tariffs.map(knowledgeOf);
    const determines = (side: 'before' | 'after') => known.every(({ quotedSide, knowsTaxes: knows }) => quotedSide === side || knows);
    this.isKnown = { before: determines('before'), after: determines('after') };
    if (!this.isKnown.before && !this.isKnown.after)
      throw new RangeError('the tariffs of a session tell no taxes, and quote different sides');
    const areAllAfter = known.every(({ quotedSide }) => quotedSide === 'after');
    this.quotedSide = areAllAfter || !this.isKnown.before ? 'after' : 'before';
  }

  /** Nothing, on the sides that the tariffs determine. */
  get zero(): ExactCost {
    return this.known({ before: Rational.ZERO, after: Rational.ZERO });
  }

  ofVolume({ selected: { exactPrice }, billedQuantity }: PricedVolume): ExactCost {
    const quantity = Rational.fromDecimal(billedQuantity);
    return this.known(mapSides(exactPrice, (price) => quantity.multiply(price)));
  }

  sum(costs: readonly ExactCost[]): ExactCost {
    return costs.length === 0 ? this.zero : costs.reduce((sum, cost) => combineSides(sum, cost, (left, right) => left.add(right)));
  }

  sumRounded(costs: readonly RoundedCost[]): RoundedCost {
    return costs.length === 0
      ? this.round(this.zero)
      : costs.reduce((sum, cost) => combineSides(sum, cost, (left, right) => left.add(right)));
  }

  /** Each side on its own, half away from zero: the worked numbers of OCPI round 5.125 to 5.13. The tax is the difference of the two. */
  round(exact: ExactCost): RoundedCost {
    return mapSides(exact, (value) => Money.round(value, this.currency, 'half-away-from-zero'));
  }

  /**
   * The parts rounded so that they sum to the rounded total on both sides. The quoted side and the tax are spread, the other side follows:
   * spreading both sides directly could leave a line with a negative tax.
   */
  spread(parts: readonly ExactCost[], total: RoundedCost): RoundedCost[] {
    // A line that is alone in its group has all of it.
    if (parts.length === 1) return [total];
    const { quotedSide } = this;
    const quoted = spreadSide(
      parts.map((part) => part[quotedSide]),
      total[quotedSide],
    );
    const tax = spreadSide(parts.map(exactTax), taxOf(total));
    return quoted.map((amount, index) => {
      const otherSide = tax[index] && (quotedSide === 'after' ? amount.subtract(tax[index]) : amount.add(tax[index]));
      return this.known(quotedSide === 'after' ? { before: otherSide, after: amount } : { before: amount, after: otherSide });
    });
  }

  private known<Value>({ before, after }: Sides<Value | undefined>): Sides<Value> {
    return { before: this.isKnown.before ? before : undefined, after: this.isKnown.after ? after : undefined };
  }
}

function quotedSideOf({ taxIncluded }: Tariff): keyof Sides<unknown> {
  return taxIncluded === 'YES' ? 'after' : 'before';
}

/** After minus before, where both are known. */
export function taxOf({ before, after }: RoundedCost): Money | undefined {
  return before && after?.subtract(before);
}

export function exactTax({ before, after }: ExactCost): Rational | undefined {
  return before && after?.subtract(before);
}

const knowledgeOf = onceForEach((tariff) => ({ quotedSide: quotedSideOf(tariff), knowsTaxes: knowsTaxes(tariff) }));

/**
 * Asked of the tariff and not of a session, so that all sessions of a tariff tell the same. Before taxes, one component with a rate is enough:
 * those without are then not taxed. With taxes included, each component that costs something must tell what part of it is tax.
 */
function knowsTaxes({ taxIncluded, elements }: Tariff): boolean {
  const components = elements.flatMap(({ priceComponents }) => priceComponents);
  switch (taxIncluded) {
    case 'N/A':
      return true;
    case 'NO':
      return components.some(({ vat }) => vat !== undefined);
    case 'YES':
      return components.every(({ vat, price }) => vat !== undefined || Decimal.parse(price).isZero);
  }
}

function spreadSide(parts: readonly (Rational | undefined)[], total: Money | undefined): Money[] {
  if (total === undefined) return [];
  return spread(
    parts.map((part) => part ?? Rational.ZERO),
    total,
  );
}

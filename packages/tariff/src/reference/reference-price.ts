// What a session costs, a second time: slow, simple, and with nothing in common with the engine but the shape of the question. It follows the
// rules of OCPI mod_tariffs and mod_cdrs segment by segment, with the decisions of README.md, so that a mistake would have to be made twice.
import type { CostGroup, UsageDimension } from '../priced-session';
import type { PriceLimit, Tariff } from '../tariff';
import { Fraction } from './fraction';
import { inWholeSteps, type PricedSegment, pricedSegments, sum } from './priced-segments';
import { type AnsweredCost, COST_GROUPS, type PricingAnswer, type PricingQuestion, USAGE_DIMENSIONS } from './pricing-question';

export function referencePrice(question: PricingQuestion): PricingAnswer {
  const { tariff, freeWithoutEnergy = false } = question;
  const { segments, measured } = pricedSegments(question);
  const billed = inWholeSteps(segments);
  const inGroup = (group: CostGroup) => billed.filter(({ dimension }) => GROUP_OF[dimension] === group);
  const inDimension = (dimension: UsageDimension) => billed.filter((segment) => segment.dimension === dimension);

  const isWaived = freeWithoutEnergy && measured.energyWh.isZero();
  const charged = costOf(isWaived ? inGroup('reservation') : billed, tariff);
  const raised = isWaived ? charged : limit(charged, tariff.minPrice, tariff, (amount, least) => amount.isBelow(least));
  const due = limit(raised, tariff.maxPrice, tariff, (amount, most) => most.isBelow(amount));
  return {
    total: answered(due, tariff),
    groups: Object.fromEntries(
      COST_GROUPS.flatMap((group) => (inGroup(group).length === 0 ? [] : [[group, answered(costOf(inGroup(group), tariff), tariff)]])),
    ),
    billed: Object.fromEntries(
      USAGE_DIMENSIONS.flatMap((dimension) => {
        const quantities = inDimension(dimension).map(({ quantity }) => quantity);
        return quantities.length === 0 ? [] : [[dimension, sum(quantities).toText()]];
      }),
    ),
    measured: [measured.energyWh.toText(), measured.chargingSeconds, measured.parkingSeconds, measured.reservationSeconds],
  };
}

const GROUP_OF: Readonly<Record<UsageDimension, CostGroup>> = {
  ENERGY: 'energy',
  TIME: 'time',
  PARKING_TIME: 'parking',
  FLAT: 'fixed',
  RESERVATION_TIME: 'reservation',
  RESERVATION_FLAT: 'reservation',
};

/** A side that the tariff does not tell is undefined. */
interface BothSides {
  readonly before: Fraction | undefined;
  readonly after: Fraction | undefined;
}

function costOf(segments: readonly PricedSegment[], tariff: Tariff): BothSides {
  const quoted = sum(segments.map(quotedPrice));
  const other = tellsTaxes(tariff) ? sum(segments.map((segment) => otherSide(segment, tariff))) : undefined;
  return tariff.taxIncluded === 'YES' ? { before: other, after: quoted } : { before: quoted, after: other };
}

/** On the side of tax on which the tariff quotes its prices. */
function quotedPrice({ component, quantity }: PricedSegment): Fraction {
  const price = quantity.times(Fraction.parse(component.price));
  switch (component.type) {
    case 'ENERGY':
      return price.over(Fraction.of(1000));
    case 'TIME':
    case 'PARKING_TIME':
      return price.over(Fraction.of(3600));
    case 'FLAT':
      return price;
  }
}

function otherSide(segment: PricedSegment, { taxIncluded }: Tariff): Fraction {
  const quoted = quotedPrice(segment);
  const rate = Fraction.parse(segment.component.vat ?? '0').over(Fraction.of(100));
  switch (taxIncluded) {
    case 'N/A':
      return quoted;
    case 'NO':
      return quoted.times(Fraction.ONE.plus(rate));
    case 'YES':
      return quoted.over(Fraction.ONE.plus(rate));
  }
}

function tellsTaxes({ taxIncluded, elements }: Tariff): boolean {
  const components = elements.flatMap(({ priceComponents }) => priceComponents);
  const withoutRate = components.filter(({ vat }) => vat === undefined);
  if (taxIncluded === 'N/A') return true;
  if (taxIncluded === 'NO') return withoutRate.length < components.length;
  return withoutRate.every(({ price }) => Fraction.parse(price).isZero());
}

type IsBeyond = (amount: Fraction, bound: Fraction) => boolean;

function limit(cost: BothSides, bound: PriceLimit | undefined, { taxIncluded }: Tariff, isBeyond: IsBeyond): BothSides {
  if (bound === undefined) return cost;
  const held = (amount: Fraction | undefined, text: string) => {
    if (amount === undefined) return undefined;
    const value = Fraction.parse(text);
    return isBeyond(amount, value) ? value : amount;
  };
  const before = held(cost.before, bound.beforeTaxes);
  if (taxIncluded === 'N/A') return { before, after: before };
  if (bound.afterTaxes !== undefined) return { before, after: held(cost.after, bound.afterTaxes) };
  if (before === undefined || cost.before === undefined || cost.after === undefined) return { before, after: cost.after };
  return { before, after: cost.before.isZero() ? before : before.times(cost.after.over(cost.before)) };
}

const MINOR_DIGITS: Readonly<Record<string, number>> = { EUR: 2, USD: 2, CAD: 2, AUD: 2, JPY: 0, KWD: 3 };

function answered({ before, after }: BothSides, { currency }: Tariff): AnsweredCost {
  const digits = MINOR_DIGITS[currency];
  if (digits === undefined) throw new RangeError(`the reference does not know the minor unit of ${currency}`);
  return {
    exact: [before?.toText() ?? 'unknown', after?.toText() ?? 'unknown'],
    rounded: [before?.toRoundedText(digits) ?? 'unknown', after?.toRoundedText(digits) ?? 'unknown'],
  };
}

// Makes a case on which two calculations disagree as small as it can while they still do: what is left is what they disagree about.
import type { PricingQuestion } from './pricing-question';

/** Tries the removals one by one, from the coarsest to the finest, and starts again from each that leaves the difference in place. */
export function smallestDifference(question: PricingQuestion, differs: (smaller: PricingQuestion) => boolean): PricingQuestion {
  let smallest = question;
  for (let next: PricingQuestion | undefined = question; next !== undefined; next = smaller(smallest).find(differs)) smallest = next;
  return smallest;
}

function smaller(question: PricingQuestion): PricingQuestion[] {
  const { tariff, session } = question;
  return [
    ...without(tariff.elements).map((elements) => ({ ...question, tariff: { ...tariff, elements } })),
    ...without(session.periods).map((periods) => ({ ...question, session: { ...session, periods } })),
    ...smallerEach(tariff.elements, ({ priceComponents, restrictions }) => [
      ...without(priceComponents).map((fewer) => ({ priceComponents: fewer, restrictions })),
      ...(restrictions === undefined ? [] : withoutEach(restrictions).map((fewer) => ({ priceComponents, restrictions: fewer }))),
      ...smallerEach(priceComponents, ({ vat, ...rest }) => [
        ...(vat === undefined ? [] : [rest]),
        ...(rest.stepSize === 0 ? [] : [{ vat, ...rest, stepSize: 0 }]),
        ...(rest.price === '1' ? [] : [{ vat, ...rest, price: '1' }]),
      ]).map((simpler) => ({ priceComponents: simpler, restrictions })),
    ]).map((elements) => ({ ...question, tariff: { ...tariff, elements } })),
    ...smallerEach(session.periods, ({ startedAt, kind, energyWh, ...optional }) => [
      ...withoutEach(optional).map((fewer) => ({ startedAt, kind, energyWh, ...fewer })),
      ...(Number(energyWh) === 0 ? [] : [{ startedAt, kind, energyWh: '0', ...optional }]),
    ]).map((periods) => ({ ...question, session: { ...session, periods } })),
    ...withoutKeys(tariff, ['minPrice', 'maxPrice']).map((simpler) => ({ ...question, tariff: simpler })),
    ...withoutKeys(session, ['reservationExpired']).map((simpler) => ({ ...question, session: simpler })),
    ...withoutKeys(question, ['freeWithoutEnergy']),
  ];
}

/** The list without its first item, without its second, and so on. */
function without<Item>(items: readonly Item[]): Item[][] {
  return items.map((_, left) => items.filter((__, index) => index !== left));
}

/** The list with each item in turn replaced by each of its simpler forms. */
function smallerEach<Item>(items: readonly Item[], simplify: (item: Item) => readonly Item[]): Item[][] {
  return items.flatMap((item, index) => simplify(item).map((simpler) => items.with(index, simpler)));
}

function withoutEach<Shape extends object>(shape: Shape): Shape[] {
  return withoutKeys(shape, Object.keys(shape) as (keyof Shape)[]);
}

function withoutKeys<Shape extends object>(shape: Shape, keys: readonly (keyof Shape)[]): Shape[] {
  return keys.flatMap((key) => {
    if (shape[key] === undefined) return [];
    const fewer = { ...shape };
    delete fewer[key];
    return [fewer];
  });
}

// The stories beyond the printed examples of OCPI, priced: cuts, clocks, hours on the wire, the choice of a price, and sessions without energy.

import {
  choiceOfPriceStories,
  cutAndClockStories,
  freeWithoutEnergyStories,
  wireAndAmountStories,
} from './fixtures/clock-and-wire-stories';
import type { PricingStory } from './fixtures/story';
import { priceSession } from './price-session';
import type { CostGroup, PricedSession } from './priced-session';
import { Fraction } from './reference/fraction';
import { referencePrice } from './reference/reference-price';

function billedQuantity({ lines }: PricedSession, dimension: string): string {
  const quantities = lines.flatMap((line) => (line.kind === 'usage' && line.dimension === dimension ? [line.billedQuantity] : []));
  return quantities.reduce((total, quantity) => total.plus(Fraction.parse(quantity)), Fraction.ZERO).toText();
}

describe.each([
  ['cuts and clocks', cutAndClockStories, false],
  ['the choice of a price', choiceOfPriceStories, false],
  ['hours on the wire, taxes and amounts', wireAndAmountStories, false],
  ['sessions that are free without energy', freeWithoutEnergyStories, true],
] as const)('%s', (_, stories, freeWithoutEnergy) => {
  test.each(stories.map((story): [string, PricingStory] => [`${story.title}: ${story.arithmetic}`, story]))('%s', (_title, story) => {
    const priced = priceSession({ ...story, freeWithoutEnergy });
    const { total, ...groups } = story.exact;
    expect([priced.total.exact.beforeTaxes, priced.total.exact.afterTaxes]).toEqual(total);
    expect([priced.total.beforeTaxes, priced.total.afterTaxes]).toEqual(story.due);
    for (const [group, [beforeTaxes, afterTaxes]] of Object.entries(groups)) {
      expect([group, priced.costs[group as CostGroup]?.exact]).toEqual([group, { beforeTaxes, afterTaxes }]);
    }
    for (const [dimension, quantity] of Object.entries(story.billed ?? {})) {
      expect([dimension, billedQuantity(priced, dimension)]).toEqual([dimension, quantity]);
    }
    expect(referencePrice({ ...story, freeWithoutEnergy }).total.rounded).toEqual(story.due.map((side) => side ?? 'unknown'));
  });
});

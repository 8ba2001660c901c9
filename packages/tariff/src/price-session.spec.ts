// Every story of the fixtures, priced: the worked examples of OCPI and those of an operator in California.
import { Decimal, Rational } from '@evenkeel/money';
import { reservationStories } from './fixtures/reservation-stories';
import { restrictionStories } from './fixtures/restriction-stories';
import { simpleStories } from './fixtures/simple-stories';
import { stepStories } from './fixtures/step-stories';
import type { PricingStory } from './fixtures/story';
import { priceSession } from './price-session';
import type { Cost, CostGroup, PricedSession } from './priced-session';

function billedQuantity(priced: PricedSession, dimension: string): string {
  const lines = priced.lines.flatMap((line) => (line.kind === 'usage' && line.dimension === dimension ? [line] : []));
  const sum = lines.reduce((total, line) => total.add(Decimal.parse(line.billedQuantity)), Decimal.ZERO);
  return Rational.fromDecimal(sum).toString();
}

const exactSides = ({ exact }: Cost) => [exact.beforeTaxes, exact.afterTaxes];

describe.each([
  ['simple tariffs', simpleStories],
  ['step sizes', stepStories],
  ['restrictions', restrictionStories],
  ['reservations', reservationStories],
] as const)('%s', (_, stories) => {
  test.each(stories.map((story): [string, PricingStory] => [`${story.title}: ${story.arithmetic}`, story]))('%s', (_title, story) => {
    const priced = priceSession(story);
    const { total, ...groups } = story.exact;
    expect(exactSides(priced.total)).toEqual(total);
    expect([priced.total.beforeTaxes, priced.total.afterTaxes]).toEqual(story.due);
    for (const [group, sides] of Object.entries(groups)) {
      expect([group, priced.costs[group as CostGroup]?.exact]).toEqual([group, { beforeTaxes: sides[0], afterTaxes: sides[1] }]);
    }
    for (const [dimension, quantity] of Object.entries(story.billed ?? {})) {
      expect([dimension, billedQuantity(priced, dimension)]).toEqual([dimension, quantity]);
    }
  });
});

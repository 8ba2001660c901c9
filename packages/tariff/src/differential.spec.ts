// The engine against an independent implementation of the same rules, on 100,000 random tariffs and sessions. Neither is right by itself; where
// they differ, the rules decide. A failure prints the seed, the smallest case that still differs, and both answers.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reservationStories } from './fixtures/reservation-stories';
import { restrictionStories } from './fixtures/restriction-stories';
import { simpleStories } from './fixtures/simple-stories';
import { stepStories } from './fixtures/step-stories';
import type { PricingStory } from './fixtures/story';
import { priceSession } from './price-session';
import type { Cost, PricedSession, UsageDimension } from './priced-session';
import { Fraction } from './reference/fraction';
import { sum } from './reference/priced-segments';
import { type AnsweredCost, COST_GROUPS, type PricingAnswer, type PricingQuestion, USAGE_DIMENSIONS } from './reference/pricing-question';
import { randomPricing } from './reference/random-pricing';
import { referencePrice } from './reference/reference-price';
import { smallestDifference } from './reference/smallest-difference';

const CASES_A_TEST = 10_000;
const TESTS = 10;

function enginePrice(question: PricingQuestion): PricingAnswer {
  const { total, costs, lines, measured } = priceSession(question);
  const usage = lines.flatMap((line) => (line.kind === 'usage' ? [line] : []));
  const billed = (dimension: UsageDimension) => usage.filter((line) => line.dimension === dimension).map((line) => line.billedQuantity);
  return {
    total: answered(total),
    groups: Object.fromEntries(COST_GROUPS.flatMap((group) => (costs[group] === undefined ? [] : [[group, answered(costs[group])]]))),
    billed: Object.fromEntries(
      USAGE_DIMENSIONS.flatMap((dimension) => {
        const quantities = billed(dimension).map((text) => Fraction.parse(text));
        return quantities.length === 0 ? [] : [[dimension, sum(quantities).toText()]];
      }),
    ),
    measured: [asFraction(measured.energyWh), measured.chargingSeconds, measured.parkingSeconds, measured.reservationSeconds],
  };
}

function answered({ exact, beforeTaxes, afterTaxes }: Cost): AnsweredCost {
  return {
    exact: [asFraction(exact.beforeTaxes), asFraction(exact.afterTaxes)],
    rounded: [beforeTaxes ?? 'unknown', afterTaxes ?? 'unknown'],
  };
}

const asFraction = (text: string | undefined) => (text === undefined ? 'unknown' : Fraction.parse(text).toText());

/** An error is an answer too: the other side may have none. */
function answerOf(price: (question: PricingQuestion) => PricingAnswer, question: PricingQuestion): string {
  try {
    return JSON.stringify(price(question));
  } catch (error) {
    return `throws ${error}`;
  }
}

const differs = (question: PricingQuestion) => answerOf(enginePrice, question) !== answerOf(referencePrice, question);

function reportOf(seed: number): string {
  const question = smallestDifference(randomPricing(seed), differs);
  return [
    `seed ${seed}`,
    JSON.stringify(question, undefined, 2),
    `engine:    ${answerOf(enginePrice, question)}`,
    `reference: ${answerOf(referencePrice, question)}`,
  ].join('\n');
}

describe('the engine and the reference agree on every amount, exact and rounded, and on every billed volume', () => {
  test.each(Array.from({ length: TESTS }, (_, index) => index * CASES_A_TEST))(
    'from seed %d',
    (firstSeed) => {
      for (let seed = firstSeed; seed < firstSeed + CASES_A_TEST; seed += 1) {
        if (differs(randomPricing(seed))) throw new Error(reportOf(seed));
      }
    },
    120_000,
  );
});

describe('the random cases', () => {
  const cases = Array.from({ length: 5000 }, (_, seed) => randomPricing(seed));
  const answers = cases.map((question) => ({ question, priced: priceSession(question) }));
  const share = (holds: (answer: { question: PricingQuestion; priced: PricedSession }) => boolean) =>
    answers.filter(holds).length / answers.length;
  const hasLine = (priced: PricedSession, rule: string) => priced.lines.some((line) => line.rule === rule);

  // A generator that drifts into trivial cases would make the agreement worthless without failing.
  test.each([
    ['have something to pay', 0.5, ({ priced }) => priced.lines.length > 0],
    ['are billed on several components', 0.3, ({ priced }) => priced.lines.filter(({ kind }) => kind === 'usage').length > 2],
    ['round up to a step', 0.2, ({ priced }) => hasLine(priced, 'step_size')],
    ['are raised to a minimum', 0.05, ({ priced }) => hasLine(priced, 'min_price')],
    ['are lowered to a maximum', 0.03, ({ priced }) => hasLine(priced, 'max_price')],
    ['are free without energy', 0.005, ({ priced }) => hasLine(priced, 'free_without_energy')],
    ['pay for a reservation', 0.03, ({ priced }) => priced.costs.reservation !== undefined],
    [
      'pay for one that expired',
      0.01,
      ({ question, priced }) => question.session.reservationExpired === true && !!priced.costs.reservation,
    ],
    ['do not know the price before taxes', 0.05, ({ priced }) => priced.total.beforeTaxes === undefined],
    ['do not know the price after taxes', 0.05, ({ priced }) => priced.total.afterTaxes === undefined],
    ['have a total that is no decimal', 0.1, ({ priced }) => Object.values(priced.total.exact).some((side) => side.includes('/'))],
  ] as readonly [string, number, Parameters<typeof share>[0]][])('%s in at least %d of all', (_, least, holds) => {
    expect(share(holds)).toBeGreaterThan(least);
  });

  test('repeat from their seed', () => {
    expect(randomPricing(77)).toEqual(randomPricing(77));
    expect(randomPricing(77)).not.toEqual(randomPricing(78));
  });
});

describe('the reference', () => {
  const stories = [...simpleStories, ...stepStories, ...restrictionStories, ...reservationStories];

  test.each(stories.map((story): [string, PricingStory] => [story.title, story]))('tells the same story: %s', (_, story) => {
    const { total, groups, billed } = referencePrice(story);
    const { total: exactTotal, ...exactGroups } = story.exact;
    expect(total).toEqual({ exact: exactTotal.map(asFraction), rounded: story.due.map((side) => side ?? 'unknown') });
    for (const [group, sides] of Object.entries(exactGroups)) {
      expect(groups).toMatchObject({ [group]: { exact: sides.map(asFraction) } });
    }
    expect(billed).toMatchObject(story.billed ?? {});
  });

  test('shares no code with the engine', () => {
    const folder = join(__dirname, 'reference');
    const imports = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/^import (type )?[^;]*? from '([^']+)';$/gm)].map(([, type, from = '']) => ({
        file,
        type,
        from,
      })),
    );
    const own = imports.filter(({ from }) => from.startsWith('./'));
    const shapes = imports.filter(({ from, type }) => type && /^\.\.\/(tariff|charging-period|priced-session)$/.test(from));
    expect(own.length).toBeGreaterThan(5);
    expect(imports.filter((each) => !own.includes(each) && !shapes.includes(each))).toEqual([]);
  });
});

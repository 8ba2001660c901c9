// What must hold for every tariff and session, on cases with every kind of restriction: where a session is cut, in which order elements stand
// that apply nowhere, and how time travels between parties must make no difference; prices rise with energy and keep to their limits.
import { type ChargingPeriod, type SessionToPrice, secondsFromHours } from './charging-period';
import { always, energy, flat, stay, tariff, time, when } from './fixtures/story';
import { priceSession } from './price-session';
import type { PricedSession, UsageLine } from './priced-session';
import { Fraction } from './reference/fraction';
import type { PricingQuestion } from './reference/pricing-question';
import { randomPricing } from './reference/random-pricing';
import { decimalText } from './reference/random-session';
import { SeededRandom } from './reference/seeded-random';
import type { Tariff, TariffElement } from './tariff';
import { cutTimes, thresholds } from './thresholds';

/** A failure names the seed: `randomPricing(seed)` is the case. */
function forSeeds(count: number, check: (question: PricingQuestion, random: SeededRandom) => void): void {
  for (let seed = 0; seed < count; seed += 1) {
    try {
      check(randomPricing(seed), new SeededRandom(seed));
    } catch (cause) {
      throw new Error(`seed ${seed}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    }
  }
}

const usageLines = ({ lines }: PricedSession) => lines.flatMap((line): UsageLine[] => (line.kind === 'usage' ? [line] : []));

/** What is due and for what, without naming periods or elements by their place; quantities by value, "500" being "500.000". */
function invoice(priced: PricedSession) {
  const value = (text: string) => Fraction.parse(text).toText();
  const lines = priced.lines.map((line) => {
    if (line.kind === 'adjustment') return line;
    const { periods, elementIndex, ...rest } = line;
    return { ...rest, rawQuantity: value(line.rawQuantity), billedQuantity: value(line.billedQuantity) };
  });
  return { total: priced.total, costs: priced.costs, lines };
}

const epochSeconds = (instant: string) => Math.round(Date.parse(instant) / 1000);
const instant = (seconds: number) => new Date(seconds * 1000).toISOString();
const milliwattHours = (energyWh: string) => Math.round(Number(energyWh) * 1000);

/** The session with one of its periods cut in two, before anything that the tariff asks about changes; unchanged if it has no room for it. */
function cutSomewhere({ tariff, timeZone, session }: PricingQuestion, random: SeededRandom): SessionToPrice {
  const { periods, endedAt } = session;
  const index = random.below(periods.length);
  const period = periods[index];
  if (period === undefined) return session;
  const start = epochSeconds(period.startedAt);
  const end = epochSeconds(periods[index + 1]?.startedAt ?? endedAt);
  const chargingStart = periods.find(({ kind }) => kind !== 'reservation')?.startedAt ?? period.startedAt;
  const [bound] = cutTimes(tariff, timeZone, period.startedAt, instant(end), chargingStart);
  const latest = (bound === undefined ? end : epochSeconds(bound)) - 1;
  if (latest <= start) return session;

  const energy = milliwattHours(period.energyWh);
  const before = periods.slice(0, index).reduce((sum, { energyWh }) => sum + milliwattHours(energyWh), 0);
  const bounds = thresholds(tariff).energyKwh.map((kwh) => Math.round(Number(kwh) * 1_000_000) - before);
  const share = random.below(Math.min(energy + 1, ...bounds.filter((room) => room > 0)));
  const reported = period.reportedSeconds;
  const reportedShare = reported === undefined ? undefined : random.between(0, reported);
  const halves: ChargingPeriod[] = [
    { ...period, energyWh: decimalText(share, 3), reportedSeconds: reportedShare },
    {
      ...period,
      startedAt: instant(random.between(start + 1, latest)),
      energyWh: decimalText(energy - share, 3),
      reportedSeconds: reported === undefined ? undefined : reported - (reportedShare ?? 0),
    },
  ];
  return { ...session, periods: [...periods.slice(0, index), ...halves, ...periods.slice(index + 1)] };
}

test('cutting a period where nothing changes that the tariff asks about changes nothing', () => {
  let cuts = 0;
  forSeeds(1000, (question, random) => {
    let session = question.session;
    for (let cut = 0; cut < 3; cut += 1) session = cutSomewhere({ ...question, session }, random);
    cuts += session.periods.length - question.session.periods.length;
    expect(invoice(priceSession({ ...question, session }))).toEqual(invoice(priceSession(question)));
  });
  expect(cuts).toBeGreaterThan(1000);
});

test('elements that apply to no period may stand anywhere', () => {
  let moved = 0;
  forSeeds(1000, (question, random) => {
    const { tariff } = question;
    const only = (elements: readonly TariffElement[]): Tariff => ({ ...tariff, elements });
    const applies = ({ restrictions }: TariffElement) =>
      priceSession({ ...question, tariff: only([{ restrictions, priceComponents: [flat('1.00')] }]) }).lines.some(
        ({ kind }) => kind === 'usage',
      );
    const elements = tariff.elements.filter(applies);
    for (const element of tariff.elements.filter((each) => !applies(each))) {
      elements.splice(random.between(0, elements.length), 0, element);
      moved += 1;
    }
    expect(invoice(priceSession({ ...question, tariff: only(elements) }))).toEqual(invoice(priceSession(question)));
  });
  expect(moved).toBeGreaterThan(1000);
});

test('times that travelled as hours with four decimals cost the same', () => {
  forSeeds(1000, (question) => {
    const { periods, endedAt } = question.session;
    const travelled = periods.map((period, index) => {
      const end = epochSeconds(periods[index + 1]?.startedAt ?? endedAt);
      const seconds = period.reportedSeconds ?? end - epochSeconds(period.startedAt);
      const hours = decimalText(Math.round((seconds * 10_000) / 3600), 4);
      return { ...period, reportedSeconds: secondsFromHours(hours) };
    });
    const priced = priceSession({ ...question, session: { ...question.session, periods: travelled } });
    expect(priced).toEqual(priceSession(question));
  });
});

test('what a dimension is billed beyond its volume is less than the step of its last component', () => {
  forSeeds(1000, (question) => {
    const lines = usageLines(priceSession(question));
    for (const { dimension } of lines) {
      const ofDimension = lines.filter((line) => line.dimension === dimension);
      const last = ofDimension.reduce((latest, line) => ((line.periods.at(-1) ?? 0) > (latest.periods.at(-1) ?? 0) ? line : latest));
      const surplus = ofDimension.reduce(
        (sum, line) => sum.plus(Fraction.parse(line.billedQuantity)).minus(Fraction.parse(line.rawQuantity)),
        Fraction.ZERO,
      );
      expect(surplus.isBelow(Fraction.ZERO)).toBe(false);
      expect(surplus.isZero() || surplus.isBelow(Fraction.of(last.stepSize))).toBe(true);
      expect(ofDimension.filter((line) => line !== last).every((line) => line.rule !== 'step_size')).toBe(true);
    }
  });
});

test('the total is within the price limits on each side that they name, whatever the tariff says of taxes', () => {
  let limited = 0;
  forSeeds(4000, ({ freeWithoutEnergy, ...question }) => {
    const { minPrice, maxPrice } = question.tariff;
    const { exact } = priceSession(question).total;
    for (const side of ['beforeTaxes', 'afterTaxes'] as const) {
      const amount = exact[side];
      // Where no tax is due both sides are held to the limit before taxes.
      const limitSide = question.tariff.taxIncluded === 'N/A' ? 'beforeTaxes' : side;
      const [least, most] = [minPrice?.[limitSide], maxPrice?.[limitSide]];
      if (amount === undefined) continue;
      if (most !== undefined) expect(Fraction.parse(most).isBelow(Fraction.parse(amount))).toBe(false);
      // A minimum above the maximum cannot hold: the maximum does. One without the other side moves that side by proportion.
      if (least === undefined || maxPrice !== undefined) continue;
      expect(Fraction.parse(amount).isBelow(Fraction.parse(least))).toBe(false);
      limited += 1;
    }
  });
  expect(limited).toBeGreaterThan(300);
});

describe('more energy never costs less', () => {
  const bounds = [5, 10, 20];

  /** Prices that do not fall as energy accumulates, in one step size and at one tax rate. */
  function risingTariff(random: SeededRandom): Tariff {
    const step = random.pick([0, 1, 100, 1000, 7000]);
    let cents = random.below(60);
    const rising = () => {
      const price = decimalText(cents, 2);
      cents += random.below(40);
      return energy(price, step, '19');
    };
    return tariff(
      [...bounds.map((kwh) => when({ maxKwh: `${kwh}` }, rising())), always(rising(), time('1.20', 60, '19'), flat('0.50', '19'))],
      {
        ...(random.chance(30) && { minPrice: { beforeTaxes: '3.00', afterTaxes: '3.57' } }),
        ...(random.chance(30) && { maxPrice: { beforeTaxes: '9.00' } }),
        taxIncluded: random.pick(['NO', 'YES', 'N/A'] as const),
      },
    );
  }

  /** Charging for two hours, cut where the price changes. */
  function charged(energyMilliwattHours: number): SessionToPrice {
    const starts = [0, ...bounds.map((kwh) => kwh * 1_000_000)].filter((from) => from === 0 || from < energyMilliwattHours);
    const stretches = starts.map((from, index) => ({
      kind: 'charging' as const,
      lasting: index === 0 ? '2:00' : '0:00',
      energyWh: decimalText((starts[index + 1] ?? energyMilliwattHours) - from, 3),
    }));
    return stay('2026-06-15T08:00:00Z', ...stretches);
  }

  test('where the prices do not fall as energy accumulates', () => {
    for (let seed = 0; seed < 2000; seed += 1) {
      const random = new SeededRandom(seed);
      const rising = risingTariff(random);
      const less = random.below(30_000_000);
      const more = less + random.below(random.pick([2, 1000, 10_000_000]));
      const due = (energyMilliwattHours: number) =>
        priceSession({ tariff: rising, timeZone: 'Etc/UTC', session: charged(energyMilliwattHours) }).total.exact;
      const [costOfLess, costOfMore] = [due(less), due(more)];
      for (const side of ['beforeTaxes', 'afterTaxes'] as const) {
        const falls = Fraction.parse(costOfMore[side] ?? '0').isBelow(Fraction.parse(costOfLess[side] ?? '0'));
        expect([seed, side, falls]).toEqual([seed, side, false]);
      }
    }
  });
});

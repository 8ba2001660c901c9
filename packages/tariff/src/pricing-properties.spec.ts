// What must hold for every tariff and every session, on random ones. A failure prints the seed and the smallest counterexample.
import { Decimal, Money, Rational } from '@evenkeel/money';
import fc from 'fast-check';
import type { ChargingPeriod, SessionToPrice } from './charging-period';
import { priceSession } from './price-session';
import type { PricedSession, UsageLine } from './priced-session';
import type { PriceComponent, Tariff, TariffElement, TariffRestrictions, Weekday } from './tariff';
import { cutTimes } from './thresholds';

const TIME_ZONES = ['America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Etc/UTC'];
// Around the nights of 2026 on which the clocks of these zones change, and an ordinary week.
const STARTS = [
  '2026-03-07T12:00:00Z',
  '2026-03-28T12:00:00Z',
  '2026-04-04T06:00:00Z',
  '2026-10-03T06:00:00Z',
  '2026-10-24T12:00:00Z',
  '2026-10-31T12:00:00Z',
  '2026-06-10T00:00:00Z',
];
const WEEKDAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

const price = fc.integer({ min: 0, max: 99_999 }).map((value) => Decimal.of(BigInt(value), 4).toString());
const vat = fc.constantFrom('0', '5.2', '8.875', '19', '20');
const timeOfDay = fc.constantFrom('00:00', '01:30', '02:00', '02:30', '06:00', '17:00', '21:00', '23:45');

const component: fc.Arbitrary<PriceComponent> = fc.record(
  {
    type: fc.constantFrom('ENERGY' as const, 'TIME' as const, 'PARKING_TIME' as const, 'FLAT' as const),
    price,
    stepSize: fc.constantFrom(0, 1, 60, 300, 1000),
    vat,
  },
  { requiredKeys: ['type', 'price', 'stepSize'] },
);

/** Restrictions on time only: the points at which they cease to match are known before the session. */
const timeRestrictions: fc.Arbitrary<TariffRestrictions> = fc.record(
  {
    startTime: timeOfDay,
    endTime: timeOfDay,
    startDate: fc.constantFrom('2026-03-08', '2026-10-25'),
    endDate: fc.constantFrom('2026-03-29', '2026-11-01'),
    dayOfWeek: fc.subarray([...WEEKDAYS]),
    minDurationSeconds: fc.integer({ min: 0, max: 40_000 }),
    maxDurationSeconds: fc.integer({ min: 0, max: 80_000 }),
  },
  { requiredKeys: [] },
);

const element: fc.Arbitrary<TariffElement> = fc.record(
  { priceComponents: fc.array(component, { minLength: 1, maxLength: 4 }), restrictions: timeRestrictions },
  { requiredKeys: ['priceComponents'] },
);

const limit = fc.integer({ min: 0, max: 3000 }).map((cents) => ({
  beforeTaxes: Decimal.of(BigInt(cents), 2).toString(),
  afterTaxes: Decimal.of(BigInt(cents + 100), 2).toString(),
}));

const tariffs: fc.Arbitrary<Tariff> = fc.record({
  countryCode: fc.constant('US'),
  partyId: fc.constant('EVK'),
  id: fc.constant('random'),
  currency: fc.constantFrom('USD', 'JPY', 'KWD'),
  taxIncluded: fc.constantFrom('YES' as const, 'NO' as const, 'N/A' as const),
  lastUpdated: fc.constant('2026-01-01T00:00:00Z'),
  elements: fc.array(element, { minLength: 1, maxLength: 4 }),
});

interface Stay {
  readonly timeZone: string;
  readonly start: number;
  readonly chargingSeconds: number;
  readonly parkingSeconds: number;
  readonly milliwattHoursPerSecond: number;
}

const stays: fc.Arbitrary<Stay> = fc.record({
  timeZone: fc.constantFrom(...TIME_ZONES),
  start: fc.tuple(fc.constantFrom(...STARTS), fc.integer({ min: 0, max: 86_400 })).map(([from, later]) => Date.parse(from) / 1000 + later),
  chargingSeconds: fc.integer({ min: 1, max: 60_000 }),
  parkingSeconds: fc.integer({ min: 0, max: 30_000 }),
  milliwattHoursPerSecond: fc.integer({ min: 0, max: 50_000 }),
});

const instant = (epochSeconds: number) => new Date(epochSeconds * 1000).toISOString();

/** The session of a stay at constant power, cut where charging ends, where the tariff asks for it, and at the extra instants. */
function sessionOf(stay: Stay, tariff: Tariff, extraCuts: readonly number[] = []): SessionToPrice {
  const chargingEnd = stay.start + stay.chargingSeconds;
  const end = chargingEnd + stay.parkingSeconds;
  const asked = cutTimes(tariff, stay.timeZone, instant(stay.start), instant(end)).map((cut) => Date.parse(cut) / 1000);
  const inside = [...asked, ...extraCuts, chargingEnd].filter((cut) => cut > stay.start && cut < end);
  const starts = [...new Set([stay.start, ...inside])].sort((left, right) => left - right);
  const periods = starts.map((start, index): ChargingPeriod => {
    const isCharging = start < chargingEnd;
    const milliwattHours = isCharging ? ((starts[index + 1] ?? end) - start) * stay.milliwattHoursPerSecond : 0;
    return {
      startedAt: instant(start),
      kind: isCharging ? 'charging' : 'parking',
      energyWh: Decimal.of(BigInt(milliwattHours), 3).toString(),
    };
  });
  return { startedAt: instant(stay.start), endedAt: instant(end), periods };
}

const usageLines = ({ lines }: PricedSession) => lines.flatMap((line): UsageLine[] => (line.kind === 'usage' ? [line] : []));

/** The amount due with its exact value, on the side that the tariff quotes. */
function exactTotal({ total }: PricedSession): Rational {
  const [numerator = '', denominator = '1'] = (total.exact.afterTaxes ?? total.exact.beforeTaxes ?? '').split('/');
  return Rational.fromDecimal(Decimal.parse(numerator)).divide(Rational.of(BigInt(denominator)));
}

test('cutting a period anywhere else changes no amount', () => {
  fc.assert(
    fc.property(tariffs, stays, fc.array(fc.integer({ min: 1, max: 90_000 }), { maxLength: 5 }), (tariff, stay, cutsAfter) => {
      const priced = priceSession({ tariff, timeZone: stay.timeZone, session: sessionOf(stay, tariff) });
      const finer = sessionOf(
        stay,
        tariff,
        cutsAfter.map((seconds) => stay.start + seconds),
      );
      const pricedFiner = priceSession({ tariff, timeZone: stay.timeZone, session: finer });
      const withoutPeriods = (session: PricedSession) => session.lines.map((line) => ({ ...line, periods: undefined }));
      expect(pricedFiner.total).toEqual(priced.total);
      expect(withoutPeriods(pricedFiner)).toEqual(withoutPeriods(priced));
    }),
    { numRuns: 400 },
  );
});

test('lines sum to the total and to the cost of their group, on both sides of tax; taxes are the difference', () => {
  fc.assert(
    fc.property(
      tariffs,
      stays,
      fc.option(limit, { nil: undefined }),
      fc.option(limit, { nil: undefined }),
      (random, stay, minPrice, maxPrice) => {
        const tariff = { ...random, minPrice, maxPrice };
        const { currency } = tariff;
        const priced = priceSession({ tariff, timeZone: stay.timeZone, session: sessionOf(stay, tariff) });
        const sum = (amounts: readonly (string | undefined)[]) =>
          Money.sum(
            amounts.map((amount) => Money.parse(amount ?? '0', currency)),
            currency,
          ).toString();
        for (const side of ['beforeTaxes', 'afterTaxes'] as const) {
          if (priced.total[side] !== undefined) expect(sum(priced.lines.map((line) => line[side]))).toBe(priced.total[side]);
          for (const [group, cost] of Object.entries(priced.costs)) {
            const lines = usageLines(priced).filter((line) => line.group === group);
            if (cost[side] !== undefined) expect(sum(lines.map((line) => line[side]))).toBe(cost[side]);
          }
        }
        const { beforeTaxes, afterTaxes, taxes } = priced.total;
        expect(beforeTaxes !== undefined && afterTaxes !== undefined).toBe(taxes !== undefined);
        if (taxes !== undefined && beforeTaxes !== undefined)
          expect(sum([beforeTaxes, ...taxes.map(({ amount }) => amount)])).toBe(afterTaxes);
      },
    ),
    { numRuns: 400 },
  );
});

test('the step size adds less than one step to a dimension, and only to its last component', () => {
  fc.assert(
    fc.property(tariffs, stays, (tariff, stay) => {
      const lines = usageLines(priceSession({ tariff, timeZone: stay.timeZone, session: sessionOf(stay, tariff) }));
      const roundedUp = lines.filter(({ rule }) => rule === 'step_size');
      expect(new Set(roundedUp.map(({ dimension }) => dimension)).size).toBe(roundedUp.length);
      for (const line of lines) {
        const surplus = Decimal.parse(line.billedQuantity).subtract(Decimal.parse(line.rawQuantity));
        expect(surplus.isNegative).toBe(false);
        expect(surplus.isZero).toBe(line.rule !== 'step_size');
        if (!surplus.isZero) expect(surplus.compare(Decimal.of(BigInt(line.stepSize)))).toBeLessThan(0);
      }
    }),
    { numRuns: 400 },
  );
});

test('the total is within the price limits', () => {
  fc.assert(
    fc.property(tariffs, stays, limit, limit, (random, stay, one, other) => {
      const isOrdered = Decimal.parse(one.beforeTaxes).compare(Decimal.parse(other.beforeTaxes)) <= 0;
      const [minPrice, maxPrice] = isOrdered ? [one, other] : [other, one];
      const tariff = { ...random, taxIncluded: 'NO' as const, minPrice, maxPrice };
      const { total } = priceSession({ tariff, timeZone: stay.timeZone, session: sessionOf(stay, tariff) });
      for (const side of ['beforeTaxes', 'afterTaxes'] as const) {
        const exact = total.exact[side];
        if (exact === undefined) continue;
        const [numerator = '', denominator = '1'] = exact.split('/');
        const scaled = (bound: string) => Decimal.parse(bound).multiply(Decimal.parse(denominator));
        expect(Decimal.parse(numerator).compare(scaled(minPrice[side]))).toBeGreaterThanOrEqual(0);
        expect(Decimal.parse(numerator).compare(scaled(maxPrice[side]))).toBeLessThanOrEqual(0);
      }
    }),
    { numRuns: 300 },
  );
});

// With steps and several prices it is not so, and need not be: more energy at the cheap price leaves less surplus for the dear one.
test('more energy never costs less, if it is billed exactly or at one price', () => {
  const energyBilledExactly = (component: PriceComponent) => ({
    ...component,
    stepSize: component.type === 'ENERGY' ? 0 : component.stepSize,
  });
  const energyAtOnePrice = (component: PriceComponent) =>
    component.type === 'ENERGY' ? { ...component, price: '0.45', vat: '19' } : component;
  fc.assert(
    fc.property(
      tariffs,
      fc.constantFrom(energyBilledExactly, energyAtOnePrice),
      stays,
      fc.integer({ min: 1, max: 20_000 }),
      (random, simplify, stay, more) => {
        const elements = random.elements.map((each) => ({ ...each, priceComponents: each.priceComponents.map(simplify) }));
        const due = (milliwattHoursPerSecond: number) => {
          const session = sessionOf({ ...stay, milliwattHoursPerSecond }, random);
          return exactTotal(priceSession({ tariff: { ...random, elements }, timeZone: stay.timeZone, session }));
        };
        expect(due(stay.milliwattHoursPerSecond + more).compare(due(stay.milliwattHoursPerSecond))).toBeGreaterThanOrEqual(0);
      },
    ),
    { numRuns: 300 },
  );
});

test('an element that never matches changes nothing, wherever it stands', () => {
  const never: TariffElement = {
    restrictions: { endDate: '2000-01-01' },
    priceComponents: [
      { type: 'ENERGY', price: '9', stepSize: 1000, vat: '20' },
      { type: 'FLAT', price: '9', stepSize: 0, vat: '20' },
    ],
  };
  fc.assert(
    fc.property(tariffs, stays, fc.nat(4), (random, stay, at) => {
      const tariff = { ...random, elements: [...random.elements, { ...never, restrictions: { endDate: '1999-01-01' } }] };
      const moved = { ...random, elements: [...random.elements.slice(0, at), never, ...random.elements.slice(at)] };
      const session = sessionOf(stay, tariff);
      const costs = (of: Tariff) => priceSession({ tariff: of, timeZone: stay.timeZone, session }).total;
      expect(costs(moved)).toEqual(costs(tariff));
    }),
    { numRuns: 200 },
  );
});

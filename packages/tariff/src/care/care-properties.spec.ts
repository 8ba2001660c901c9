// What findings say must be true of the engine: random tariffs, random moments.
import { Decimal } from '@evenkeel/money';
import fc from 'fast-check';
import { tariff } from '../fixtures/story';
import type { PeriodState } from '../restrictions';
import { type Purpose, prepareTariff } from '../select-component';
import type { ComponentType, PriceComponent, Tariff, TariffElement, TariffRestrictions, Weekday } from '../tariff';
import { displayLines } from './display-lines';
import { componentPath } from './finding';
import { findings } from './findings';
import { momentWithout, reachFindings } from './reach';
import { restrictionFindings } from './restriction-care';

const WEEKDAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
const TYPES: readonly ComponentType[] = ['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT'];
// Few values, so that restrictions meet, nest and fill each other up.
const timeOfDay = fc.constantFrom('00:00', '08:00', '20:00');
const date = fc.constantFrom('2026-03-01', '2026-03-04', '2026-04-01');
const amount = fc.constantFrom('0', '10', '50');
const seconds = fc.constantFrom(0, 600, 3600);

const restrictions: fc.Arbitrary<TariffRestrictions> = fc
  .record(
    {
      startTime: timeOfDay,
      endTime: timeOfDay,
      startDate: date,
      endDate: date,
      dayOfWeek: fc.subarray([...WEEKDAYS]),
      minKwh: amount,
      maxKwh: amount,
      minDurationSeconds: seconds,
      maxDurationSeconds: seconds,
      minPowerKw: amount,
      maxPowerKw: amount,
      minCurrentA: amount,
      reservation: fc.constantFrom('RESERVATION' as const, 'RESERVATION_EXPIRES' as const),
    },
    { requiredKeys: [] },
  )
  .chain((all) => fc.subarray(Object.entries(all), { maxLength: 3 }).map((some): TariffRestrictions => Object.fromEntries(some)));

const component: fc.Arbitrary<PriceComponent> = fc.record({
  type: fc.constantFrom(...TYPES),
  price: fc.constantFrom('0', '0.40', '1'),
  stepSize: fc.constantFrom(1, 60, 1000),
});
const element: fc.Arbitrary<TariffElement> = fc.record(
  { priceComponents: fc.array(component, { minLength: 1, maxLength: 3 }), restrictions },
  { requiredKeys: ['priceComponents'] },
);
const tariffs = fc.array(element, { minLength: 1, maxLength: 5 }).map((elements) => tariff(elements));

const watts = fc.option(
  fc.constantFrom(-1_000n, 0n, 9_999n, 10_000n, 49_000n, 50_000n, 60_000n).map((each) => Decimal.of(each)),
  { nil: undefined },
);
const measured = fc.tuple(watts, watts).map(([one, other]) => (one && other && one.compare(other) > 0 ? [other, one] : [one, other]));
const amperes = measured.map((pair) => pair.map((each) => each?.multiply(Decimal.of(1n, 3))));

const states: fc.Arbitrary<PeriodState> = fc
  .record({
    local: fc.record({
      day: fc.integer({ min: Date.parse('2026-02-25') / 86_400_000, max: Date.parse('2026-04-08') / 86_400_000 }),
      secondOfDay: fc.oneof(fc.constantFrom(0, 28_799, 28_800, 71_999, 72_000, 86_399), fc.integer({ min: 0, max: 86_399 })),
    }),
    energyWh: fc.constantFrom(0n, 9_999n, 10_000n, 49_999n, 50_000n, 90_000n).map((each) => Decimal.of(each)),
    durationSeconds: fc.constantFrom(0, 599, 600, 3599, 3600, 9000),
    power: measured,
    current: amperes,
  })
  .map(({ power, current, ...state }) => ({
    ...state,
    minPowerW: power[0],
    maxPowerW: power[1],
    minCurrentA: current[0],
    maxCurrentA: current[1],
  }));

const PURPOSES: readonly Purpose[] = ['charging', 'reservation', 'expired-reservation'];
const moments = fc.array(states, { minLength: 20, maxLength: 20 });

/** Every component that the engine selects at one of the moments, whatever for. */
function selectedPaths(some: Tariff, at: readonly PeriodState[]): string[] {
  const engine = prepareTariff(some);
  const paths = new Set<string>();
  for (const state of at) {
    for (const purpose of PURPOSES) {
      for (const type of TYPES) {
        const selected = engine.select(type, purpose, state);
        if (selected !== undefined) paths.add(componentPath(selected.elementIndex, selected.componentIndex));
      }
    }
  }
  return [...paths];
}

it('what is reported as unreachable is never selected', () => {
  let reported = 0;
  fc.assert(
    fc.property(tariffs, moments, (some, at) => {
      const unreachable = reachFindings(some, {}).filter(({ code }) => code.startsWith('unreachable'));
      if (unreachable.length === 0) return;
      reported += 1;
      const wrong = selectedPaths(some, at).filter((path) =>
        unreachable.some((each) => path === each.path || path.startsWith(`${each.path}.`)),
      );
      expect(wrong).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(reported).toBeGreaterThan(50);
});

it('what is reported as never matching is never selected', () => {
  let reported = 0;
  fc.assert(
    fc.property(tariffs, moments, (some, at) => {
      const never = restrictionFindings(some).filter(({ code, severity }) => code === 'never_matches' && severity === 'error');
      if (never.length === 0) return;
      reported += 1;
      const elements = new Set(never.map(({ path }) => path.slice(0, path.indexOf('.'))));
      expect(selectedPaths(some, at).filter((path) => elements.has(path.slice(0, path.indexOf('.'))))).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(reported).toBeGreaterThan(50);
});

it('a tariff for energy without a gap finds a price at every moment', () => {
  const sometimesComplete = fc.tuple(tariffs, fc.boolean()).map(([some, isComplete]): Tariff => {
    const elements = [...some.elements, { priceComponents: [{ type: 'ENERGY' as const, price: '0.40', stepSize: 1 }] }];
    return isComplete ? { ...some, elements } : some;
  });
  let complete = 0;
  fc.assert(
    fc.property(sometimesComplete, moments, (some, at) => {
      const engine = prepareTariff(some);
      if (!engine.pricesEnergy || momentWithout(some, 'ENERGY', {}) !== undefined) return;
      complete += 1;
      expect(at.filter((state) => engine.select('ENERGY', 'charging', state) === undefined)).toEqual([]);
    }),
    { numRuns: 500 },
  );
  expect(complete).toBeGreaterThan(50);
});

it('whatever has the form of a tariff is judged and does not break the judge', () => {
  const decimalText = fc.stringMatching(/^-?\d+(\.\d+)?$/);
  const dateText = fc.stringMatching(/^\d{4}-\d\d-\d\d$/);
  const instantText = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const price = fc.record(
    { type: fc.constantFrom(...TYPES), price: decimalText, vat: decimalText, stepSize: fc.nat() },
    { requiredKeys: ['type', 'price', 'stepSize'] },
  );
  const limits = fc.record(
    {
      startDate: dateText,
      endDate: dateText,
      minKwh: decimalText,
      maxPowerKw: decimalText,
      minCurrentA: decimalText,
      maxDurationSeconds: fc.nat(),
    },
    { requiredKeys: [] },
  );
  const elements = fc.array(fc.record({ priceComponents: fc.array(price, { minLength: 1, maxLength: 3 }), restrictions: limits }), {
    maxLength: 4,
  });
  const more = fc.record(
    { startsAt: instantText, endsAt: instantText, minPrice: fc.record({ beforeTaxes: decimalText, afterTaxes: decimalText }) },
    { requiredKeys: [] },
  );
  const context = { now: '2026-03-01T10:00:00Z', maxPowerKw: '50', jurisdictions: ['nevi', 'california', 'afir', 'eichrecht'] as const };
  fc.assert(
    fc.property(elements, more, (some, rest) => {
      const judged = tariff(some, rest);
      const found = findings(judged, context);
      if (found.every(({ code }) => code !== 'unreadable')) expect(displayLines(judged).length).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: 200 },
  );
});

// Random tariffs that mean something for a session: half of their bounds are facts of that session, so that periods start exactly on them, and
// an off-by-one in a restriction is met every few cases and not once in a million. Deterministic from a seed.
import type { SessionToPrice } from '../charging-period';
import type { ComponentType, PriceComponent, PriceLimit, Tariff, TariffElement, TariffRestrictions, TaxIncluded, Weekday } from '../tariff';
import { localClock } from './local-clock';
import type { PricingQuestion } from './pricing-question';
import { CURRENTS_A, decimalText, POWERS_W, randomSession, withoutAbsent } from './random-session';
import { SeededRandom } from './seeded-random';

export function randomPricing(seed: number): PricingQuestion {
  const random = new SeededRandom(seed);
  const { timeZone, session } = randomSession(random);
  const tariff = randomTariff(random, factsOf(session, timeZone));
  return { tariff, timeZone, session, ...(random.chance(15) && { freeWithoutEnergy: true }) };
}

/** What held at the starts of the periods, in the form in which a restriction would name it. */
interface SessionFacts {
  readonly times: readonly string[];
  readonly dates: readonly string[];
  readonly weekdays: readonly Weekday[];
  readonly kwh: readonly string[];
  readonly durations: readonly number[];
  readonly isReserved: boolean;
}

function factsOf({ startedAt, periods }: SessionToPrice, timeZone: string): SessionFacts {
  const starts = [startedAt, ...periods.map((period) => period.startedAt)].map((text) => Math.round(Date.parse(text) / 1000));
  const clocks = [...new Set(starts)].map((start) => localClock(timeZone, start));
  const chargingStart = starts[1 + periods.findIndex(({ kind }) => kind !== 'reservation')] ?? 0;
  let milliwattHours = 0;
  const kwh = periods.map(({ energyWh }) => {
    const before = milliwattHours;
    milliwattHours += Math.round(Number(energyWh) * 1000);
    return decimalText(before, 6);
  });
  return {
    times: clocks.map(({ time }) => time.slice(0, 5)),
    dates: clocks.map(({ date }) => date),
    weekdays: clocks.map(({ weekday }) => weekday),
    kwh: ['0', ...kwh],
    durations: [0, ...starts.slice(1).flatMap((start) => (start >= chargingStart ? [start - chargingStart] : []))],
    isReserved: periods[0]?.kind === 'reservation',
  };
}

function randomTariff(random: SeededRandom, facts: SessionFacts): Tariff {
  const rates = random.pick(RATES_NAMED);
  const hasReservation = random.chance(facts.isReserved ? 80 : 15);
  return withoutAbsent({
    countryCode: 'DE',
    partyId: 'ALL',
    id: 'random',
    currency: random.pick(['EUR', 'USD', 'JPY', 'KWD']),
    taxIncluded: random.pick<TaxIncluded>(['NO', 'NO', 'YES', 'N/A']),
    elements: random.list(1, 6, () => randomElement(random, facts, rates, hasReservation)),
    minPrice: random.maybe(20, () => randomLimit(random)),
    maxPrice: random.maybe(20, () => randomLimit(random)),
    lastUpdated: '2026-01-01T00:00:00Z',
  });
}

// In so many of a hundred components: tariffs that tell no tax, some of it, all of it.
const RATES_NAMED = [0, 60, 100, 100];

function randomElement(random: SeededRandom, facts: SessionFacts, rates: number, hasReservation: boolean): TariffElement {
  const priceComponents = random.list(1, 4, () => randomComponent(random, rates));
  const restrictions = withoutAbsent({
    ...(random.chance(65) ? randomRestrictions(random, facts) : {}),
    reservation: random.maybe(hasReservation ? 40 : 0, () => random.pick(['RESERVATION' as const, 'RESERVATION_EXPIRES' as const])),
    booking: random.maybe(2, () => 'BOOKING'),
  });
  return Object.keys(restrictions).length > 0 || random.chance(10) ? { priceComponents, restrictions } : { priceComponents };
}

function randomComponent(random: SeededRandom, rates: number): PriceComponent {
  const price = random.chance(10)
    ? '0.00'
    : random.chance(50)
      ? decimalText(random.between(1, 600), 2)
      : decimalText(random.below(99_999), 4);
  return withoutAbsent({
    type: random.pick<ComponentType>(['ENERGY', 'TIME', 'PARKING_TIME', 'FLAT']),
    price,
    stepSize: random.pick([0, 1, 7, 60, 300, 500, 600, 900, 1000, 3600]),
    vat: random.maybe(rates, () => random.pick(['0', '5.2', '8.875', '10.0', '10', '19', '20', '25'])),
  });
}

/** One to three kinds of restriction, each with a start, an end or both. */
function randomRestrictions(random: SeededRandom, facts: SessionFacts): TariffRestrictions {
  const lower = <Value>(make: () => Value) => random.maybe(65, make);
  const kinds: readonly (() => TariffRestrictions)[] = [
    () => ({ startTime: lower(() => randomTime(random, facts)), endTime: lower(() => randomTime(random, facts)) }),
    () => ({ startDate: lower(() => randomDate(random, facts)), endDate: lower(() => randomDate(random, facts)) }),
    () => ({ dayOfWeek: random.list(0, 5, () => random.pick(random.chance(50) ? facts.weekdays : WEEKDAYS)) }),
    () => ({ minKwh: lower(() => randomKwh(random, facts)), maxKwh: lower(() => randomKwh(random, facts)) }),
    () => ({ minPowerKw: lower(() => randomPowerKw(random)), maxPowerKw: lower(() => randomPowerKw(random)) }),
    () => ({ minCurrentA: lower(() => `${random.pick(CURRENTS_A)}`), maxCurrentA: lower(() => `${random.pick(CURRENTS_A)}`) }),
    () => ({
      minDurationSeconds: lower(() => randomDuration(random, facts)),
      maxDurationSeconds: lower(() => randomDuration(random, facts)),
    }),
  ];
  return Object.assign({}, ...random.list(1, random.pick([1, 2, 3]), () => random.pick(kinds)()));
}

const WEEKDAYS: readonly Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];

function randomTime(random: SeededRandom, { times }: SessionFacts): string {
  if (random.chance(50)) return random.pick(times);
  if (random.chance(20)) return '00:00';
  return `${twoDigits(random.below(24))}:${twoDigits(random.below(4) * 15)}`;
}

function randomDate(random: SeededRandom, { dates }: SessionFacts): string {
  const date = random.pick(dates);
  if (random.chance(50)) return date;
  return new Date(Date.parse(`${date}T00:00:00Z`) + random.between(-2, 2) * 86_400_000).toISOString().slice(0, 10);
}

function randomKwh(random: SeededRandom, { kwh }: SessionFacts): string {
  return random.chance(50) ? random.pick(kwh) : decimalText(random.below(400), 1);
}

function randomPowerKw(random: SeededRandom): string {
  return decimalText(random.pick(POWERS_W), 3);
}

function randomDuration(random: SeededRandom, { durations }: SessionFacts): number {
  return random.chance(50) ? random.pick(durations) : random.below(20) * 900;
}

function randomLimit(random: SeededRandom): PriceLimit {
  const hundredths = random.below(3000);
  return withoutAbsent({
    beforeTaxes: decimalText(hundredths, 2),
    afterTaxes: random.maybe(60, () => decimalText(hundredths + random.below(500), 2)),
  });
}

const twoDigits = (number: number) => `${number}`.padStart(2, '0');

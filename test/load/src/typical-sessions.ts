// Typical sessions and the tariffs that they are priced by, for measuring. A session is made from its number and a seed when it is asked for, so
// that a year of them needs no more memory than one.
import type { SessionToPrice, Tariff } from '@evenkeel/tariff';

export const TIME_ZONE = 'America/Los_Angeles';
/** Of Chargem: 5,000 ports, three sessions a day. */
export const SESSIONS_A_DAY = 5_000 * 3;
export const SESSIONS_A_YEAR = SESSIONS_A_DAY * 365;

const FIRST_DAY_MS = Date.UTC(2026, 0, 1, 8);
const MINUTE_MS = 60_000;
const MINUTES_A_DAY = 1_440;

const always = { countryCode: 'US', partyId: 'CHG', currency: 'USD', taxIncluded: 'NO', lastUpdated: '2026-01-01T00:00:00Z' } as const;
const energy = (price: string) => ({ type: 'ENERGY' as const, price, vat: '7.25', stepSize: 1 });
const idle = (price: string) => ({ type: 'PARKING_TIME' as const, price, stepSize: 60 });

/** Four elements: an evening price, a weekend price, one from 30 kWh on, and what holds otherwise. */
export const tariffA: Tariff = {
  ...always,
  id: 'A',
  elements: [
    { priceComponents: [energy('0.62'), idle('30')], restrictions: { startTime: '16:00', endTime: '21:00' } },
    { priceComponents: [energy('0.39'), idle('12')], restrictions: { dayOfWeek: ['SATURDAY', 'SUNDAY'] } },
    { priceComponents: [energy('0.42')], restrictions: { minKwh: '30' } },
    { priceComponents: [energy('0.48'), { type: 'FLAT', price: '0.50', stepSize: 1 }, idle('24')] },
  ],
};

/** The same without a fee for the start, a little cheaper, and with a limit. */
export const tariffB: Tariff = {
  ...tariffA,
  id: 'B',
  maxPrice: { beforeTaxes: '60.00' },
  elements: tariffA.elements.map((element, index) => (index === 3 ? { priceComponents: [energy('0.45'), idle('24')] } : element)),
};

/** In the order of their days, at any minute of each: six periods, the last of them parking, between 10 and 60 kWh. */
export function sessionOf(seed: number, number: number): SessionToPrice {
  const random = chance(seed, number);
  const day = Math.floor(number / SESSIONS_A_DAY);
  const fromMs = FIRST_DAY_MS + (day * MINUTES_A_DAY + random(MINUTES_A_DAY)) * MINUTE_MS;
  const at = (minute: number) => new Date(fromMs + minute * MINUTE_MS).toISOString();
  const periods = PERIOD_MINUTES.map((minute, index) => ({
    startedAt: at(minute),
    kind: minute === PARKING_MINUTE ? ('parking' as const) : ('charging' as const),
    energyWh: minute === PARKING_MINUTE ? '0' : String(2_000 + random(10_000)),
    evidence: [`${number}-${index}`],
  }));
  return { startedAt: at(0), endedAt: at(PARKING_MINUTE + 8 + random(90)), periods };
}

const PERIOD_MINUTES = [0, 4, 11, 23, 38, 52];
const PARKING_MINUTE = 52;

/** @returns whole numbers below a bound, the same for the same seed and number. */
function chance(seed: number, number: number): (end: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) ^ number;
  return (end) => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % end;
  };
}

// `npm run load:pricing`: how many typical sessions are priced a second on one core, and a year of Chargem rated anew under another tariff. Typical is
// a session of six periods by a tariff of four elements. The baseline of the same run reads and writes the same sessions as JSON, which whoever
// rates stored sessions has to do at the least.
import { Money, Rational } from '@evenkeel/money';
import { priceSession, type SessionToPrice, type Tariff } from '@evenkeel/tariff';

/** 5,000 ports, three sessions a day. */
const YEAR = Number(process.env.LOAD_SESSIONS ?? 5_000 * 3 * 365);
/** Different ones, rated again and again: they are held in memory as text, as a store would give them. */
const DIFFERENT = 20_000;
const WARM_UP = 20_000;
const MEASURED = 200_000;
const TIME_ZONE = 'America/Los_Angeles';
const HOUR_MS = 3_600_000;
const print = (line: string) => process.stdout.write(`${line}\n`);

const always = { countryCode: 'US', partyId: 'CHG', currency: 'USD', taxIncluded: 'NO', lastUpdated: '2026-01-01T00:00:00Z' } as const;
const energy = (price: string) => ({ type: 'ENERGY' as const, price, vat: '7.25', stepSize: 1 });
const idle = (price: string) => ({ type: 'PARKING_TIME' as const, price, stepSize: 60 });

const tariffA: Tariff = {
  ...always,
  id: 'A',
  elements: [
    { priceComponents: [energy('0.62'), idle('30')], restrictions: { startTime: '16:00', endTime: '21:00' } },
    { priceComponents: [energy('0.39'), idle('12')], restrictions: { dayOfWeek: ['SATURDAY', 'SUNDAY'] } },
    { priceComponents: [energy('0.42')], restrictions: { minKwh: '30' } },
    { priceComponents: [energy('0.48'), { type: 'FLAT', price: '0.50', stepSize: 1 }, idle('24')] },
  ],
};
const tariffB: Tariff = {
  ...tariffA,
  id: 'B',
  maxPrice: { beforeTaxes: '60.00' },
  elements: tariffA.elements.map((element, index) => (index === 3 ? { priceComponents: [energy('0.45'), idle('24')] } : element)),
};

/** Spread over a year, between 10 and 60 kWh, with an hour or so of parking at the end; the same for the same number. */
function sessionOf(number: number): SessionToPrice {
  const fromMs = Date.UTC(2026, 0, 1) + ((number * 26_297) % 525_600) * 60_000;
  const minutes = [0, 4, 11, 23, 38, 52].map((each) => each + (number % 7));
  const periods = minutes.map((minute, index) => ({
    startedAt: new Date(fromMs + (minute - (number % 7)) * 60_000).toISOString(),
    kind: index === minutes.length - 1 ? ('parking' as const) : ('charging' as const),
    energyWh: index === minutes.length - 1 ? '0' : String(2_000 + ((number * 7_919 + index * 104_729) % 10_000)),
    evidence: [`${number}-${index}`],
  }));
  return { startedAt: new Date(fromMs).toISOString(), endedAt: new Date(fromMs + HOUR_MS + (number % 90) * 60_000).toISOString(), periods };
}

function main(): void {
  const texts = Array.from({ length: DIFFERENT }, (_, number) => JSON.stringify(sessionOf(number)));
  const read = (index: number) => JSON.parse(texts[index % DIFFERENT] ?? '') as SessionToPrice;
  const price = (session: SessionToPrice, tariff: Tariff) => priceSession({ tariff, timeZone: TIME_ZONE, session });
  const sessions = texts.map((_, index) => read(index));
  const sessionAt = (index: number) => sessions[index % DIFFERENT] as SessionToPrice;

  for (let index = 0; index < WARM_UP; index += 1) price(sessionAt(index), tariffA);
  const json = perSecond(MEASURED, (index) => JSON.stringify(read(index)));
  const priced = perSecond(MEASURED, (index) => price(sessionAt(index), tariffA));
  print(`Node ${process.version}, one core; sessions of 6 periods, a tariff of 4 elements\n`);
  print('| what | sessions a second | us a session |\n|---|---|---|');
  for (const [name, rate] of [
    ['read and written as JSON', json],
    ['priced', priced],
  ] as const) {
    print(`| ${name} | ${Math.round(rate).toLocaleString('en')} | ${(1e6 / rate).toFixed(1)} |`);
  }
  print(`\npricing costs ${(json / priced).toFixed(1)} times reading and writing the session\n`);

  let [before, after] = [Rational.ZERO, Rational.ZERO];
  const beganMs = performance.now();
  let peak = 0;
  for (let index = 0; index < YEAR; index += 1) {
    const session = read(index);
    before = before.add(Money.parse(price(session, tariffA).total.beforeTaxes ?? '0', 'USD').toRational());
    after = after.add(Money.parse(price(session, tariffB).total.beforeTaxes ?? '0', 'USD').toRational());
    if (index % 100_000 === 0) peak = Math.max(peak, process.memoryUsage().rss);
  }
  const seconds = (performance.now() - beganMs) / 1000;
  print(
    `${YEAR.toLocaleString('en')} sessions read and priced under both tariffs in ${seconds.toFixed(0)} s: ${Math.round(YEAR / seconds).toLocaleString('en')} a second`,
  );
  print(
    `${before} USD under A, ${after} USD under B; at most ${Math.round(peak / 2 ** 20)} MiB of memory, of which the sessions are ${Math.round(texts.join('').length / 2 ** 20)}`,
  );
}

/** @returns how often a second the work is done. */
function perSecond(times: number, work: (index: number) => unknown): number {
  const beganMs = performance.now();
  let kept = 0;
  for (let index = 0; index < times; index += 1) if (work(index) !== undefined) kept += 1;
  return (kept * 1000) / (performance.now() - beganMs);
}

main();

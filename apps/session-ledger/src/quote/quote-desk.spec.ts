// The price before the start, against the price of the session when it has been just as it was planned.
import type { ChargingTerms, Tariff } from '@evenkeel/contracts';
import { amountDue } from '@evenkeel/tariff';
import { priceUnder } from '../session/session-cost';
import { at, ended, promptly, reading, sessionId, started, status, terms } from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';
import { QuoteDesk } from './quote-desk';

const place = { party: 'US-CHG', stationId: 'CP1', evseId: 1 } as const;
const withTariff = (elements: Tariff['elements'], more: Partial<Tariff> = {}): ChargingTerms => {
  const agreed = terms();
  return { ...agreed, tariff: { ...agreed.tariff, elements, ...more } };
};
const energy = (price: string) => ({ type: 'ENERGY', price, stepSize: 1 }) as const;

function deskFor(agreed: ChargingTerms): { desk: QuoteDesk; asked: object[] } {
  const asked: object[] = [];
  const ask = async (_name: string, question: object) => {
    asked.push(question);
    return agreed as never;
  };
  return { desk: new QuoteDesk({ ask }, true), asked };
}

it('asks for the terms of the connector at the planned start, and words the price line by line', async () => {
  const { desk, asked } = deskFor(withTariff([{ priceComponents: [energy('0.50')] }]));
  const plan = { startsAt: at('10:00'), energyWh: 4_000, chargingSeconds: 3_600 };
  expect(await desk.quote({ ...place, ...plan })).toEqual({
    ...{ tariffId: terms().tariff.id, tariffLastUpdated: terms().tariff.lastUpdated, currency: 'USD', endsAt: at('11:00') },
    ...{ due: '2.00', beforeTaxes: '2.00', afterTaxes: '2.00' },
    text: ['Energy: 4.000 kWh at 0.50 USD per kWh = 2.00 USD (period 1)', 'Total: 2.00 USD'],
  });
  expect(asked).toEqual([{ ...place, at: at('10:00') }]);
  expect((await desk.quote({ ...place, ...plan, language: 'es' })).text.at(-1)).toMatch(/Total: 2.00 USD/);
});

it.each<[string, Tariff['elements'], Partial<Tariff>]>([
  ['by energy', [{ priceComponents: [energy('0.45')] }], {}],
  [
    'by time, in steps, and for parking',
    [
      {
        priceComponents: [
          { type: 'TIME', price: '3', stepSize: 900 },
          { type: 'PARKING_TIME', price: '6', stepSize: 300 },
        ],
      },
    ],
    {},
  ],
  [
    'with another price after 10:30',
    [{ priceComponents: [energy('0.20')], restrictions: { endTime: '10:30' } }, { priceComponents: [energy('0.90')] }],
    {},
  ],
  [
    'with another price after 2 kWh',
    [{ priceComponents: [energy('0.20')], restrictions: { maxKwh: '2' } }, { priceComponents: [energy('0.90')] }],
    {},
  ],
  ['with a minimum', [{ priceComponents: [energy('0.01')] }], { minPrice: { beforeTaxes: '5' } }],
  ['with taxes', [{ priceComponents: [{ ...energy('0.45'), vat: '19' }] }], { taxIncluded: 'NO' }],
])('is what the session comes to when it has been as planned: %s', async (_name, elements, more) => {
  const agreed = withTariff(elements, more);
  const { desk } = deskFor({ ...agreed, place: { ...agreed.place, timeZone: 'UTC' } });
  const planned = { startsAt: at('10:00'), energyWh: 4_000, chargingSeconds: 3_600, parkingSeconds: 1_200 };
  const quoted = await desk.quote({ ...place, ...planned });
  const ledger = new LedgerUnderTest({
    ...{ policy: promptly, startMs: Date.parse(at('12:00')) },
    terms: () => ({ ...agreed, place: { ...agreed.place, timeZone: 'UTC' } }),
  });
  await ledger.hear(status('09:59', 'Charging'), started('10:00', '0'), reading('10:30', '2000'));
  await ledger.hear(reading('11:00', '4000'), status('11:00', 'SuspendedEV'), ended('11:20', '4000'));
  const state = await ledger.book.stateOf(sessionId);
  const billed = state.terms && priceUnder(state, state.terms, true);
  expect(quoted.due).toBe(billed && amountDue(billed.total));
  expect(Number(quoted.due)).toBeGreaterThan(0);
  await ledger.stop();
});

it('prices by the power that the plan draws', async () => {
  const { desk } = deskFor(
    withTariff([{ priceComponents: [energy('0.90')], restrictions: { minPowerKw: '50' } }, { priceComponents: [energy('0.20')] }]),
  );
  const plan = { startsAt: at('10:00'), energyWh: 30_000 };
  expect(await desk.quote({ ...place, ...plan, chargingSeconds: 1_800 })).toMatchObject({ due: '27.00' });
  expect(await desk.quote({ ...place, ...plan, chargingSeconds: 3_600 })).toMatchObject({ due: '6.00' });
});

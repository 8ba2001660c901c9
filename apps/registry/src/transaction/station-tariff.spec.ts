// Our tariffs in the words of OCPP 2.1, and which of them have none.
import type { Tariff } from '@evenkeel/contracts';
import { responseSchema } from '@evenkeel/ocpp';
import { Known } from '../mirror/known';
import type { StationRow } from '../view/registry-tables';
import { stationTariff, stationTariffId } from './station-tariff';
import { TariffTeller } from './tariff-teller';

const base: Tariff = {
  countryCode: 'US',
  partyId: 'CHG',
  id: 'T',
  currency: 'USD',
  elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.30', stepSize: 1 }] }],
  taxIncluded: 'N/A',
  lastUpdated: '2026-01-01T00:00:00.000Z',
};
const tariffId = stationTariffId(base);

function translated(change: Partial<Tariff>) {
  const result = stationTariff({ ...base, ...change });
  if ('untranslatable' in result) return result;
  const answer = { idTokenInfo: { status: 'Accepted' }, tariff: result.tariff };
  expect(responseSchema('2.1', 'Authorize')?.explain(answer)).toBeUndefined();
  return result.tariff;
}

it('V21-06: says energy, time, idle time and fees, with what they depend on and their limits', () => {
  const elements: Tariff['elements'] = [
    {
      priceComponents: [
        { type: 'ENERGY', price: '0.45', stepSize: 1 },
        { type: 'TIME', price: '6.00', stepSize: 1 },
      ],
      restrictions: {
        startTime: '08:00',
        endTime: '20:00',
        dayOfWeek: ['MONDAY', 'SUNDAY'],
        minKwh: '20',
        maxPowerKw: '50.5',
        minDurationSeconds: 600,
      },
    },
    {
      priceComponents: [
        { type: 'ENERGY', price: '0.30', stepSize: 1 },
        { type: 'PARKING_TIME', price: '12.00', stepSize: 0 },
        { type: 'FLAT', price: '1.00', stepSize: 1 },
      ],
    },
    { priceComponents: [{ type: 'TIME', price: '3.00', stepSize: 1 }], restrictions: { reservation: 'RESERVATION' } },
  ];
  const conditions = {
    startTimeOfDay: '08:00',
    endTimeOfDay: '20:00',
    dayOfWeek: ['Monday', 'Sunday'],
    minEnergy: 20_000,
    maxPower: 50_500,
    minTime: 600,
  };
  expect(translated({ elements, altText: 'Day and night', minPrice: { beforeTaxes: '0.50' } })).toEqual({
    tariffId,
    currency: 'USD',
    description: [{ format: 'UTF8', language: 'en', content: 'Day and night' }],
    energy: { prices: [{ priceKwh: 0.45, conditions }, { priceKwh: 0.3 }] },
    chargingTime: { prices: [{ priceMinute: 0.1, conditions }] },
    idleTime: { prices: [{ priceMinute: 0.2 }] },
    fixedFee: { prices: [{ priceFixed: 1 }] },
    reservationTime: { prices: [{ priceMinute: 0.05 }] },
    minCost: { exclTax: 0.5 },
  });
});

it('V21-06: says prices without taxes, and the rate', () => {
  const elements = (vat?: string): Tariff['elements'] => [
    { priceComponents: [{ type: 'ENERGY', price: '0.36', stepSize: 1, ...(vat ? { vat } : {}) }] },
  ];
  const taxRates = [{ type: 'VAT', tax: 20 }];
  expect(translated({ elements: elements('20'), taxIncluded: 'YES' })).toMatchObject({ energy: { prices: [{ priceKwh: 0.3 }], taxRates } });
  expect(translated({ elements: elements('20'), taxIncluded: 'NO' })).toMatchObject({ energy: { prices: [{ priceKwh: 0.36 }], taxRates } });
  expect(translated({ elements: elements(), taxIncluded: 'YES' })).toEqual({ untranslatable: 'prices with a tax of unknown rate' });
});

it.each<[string, Tariff['elements']]>([
  ['a price in steps', [{ priceComponents: [{ type: 'PARKING_TIME', price: '1', stepSize: 60 }] }]],
  ['a price of a booking', [{ ...base.elements[0], restrictions: { booking: 'b' } } as Tariff['elements'][number]]],
  [
    'a price of a reservation that has run out',
    [{ priceComponents: [{ type: 'FLAT', price: '1', stepSize: 1 }], restrictions: { reservation: 'RESERVATION_EXPIRES' } }],
  ],
  [
    'a fee that depends on more than the time',
    [{ priceComponents: [{ type: 'FLAT', price: '1', stepSize: 1 }], restrictions: { minKwh: '1' } }],
  ],
  [
    'prices of one kind at several rates of tax',
    [
      { priceComponents: [{ type: 'ENERGY', price: '1', vat: '7', stepSize: 1 }], restrictions: { minKwh: '1' } },
      { priceComponents: [{ type: 'ENERGY', price: '1', vat: '19', stepSize: 1 }] },
    ],
  ],
])('TX-94: gives a station no tariff with %s', (reason, elements) => {
  expect(stationTariff({ ...base, elements })).toEqual({ untranslatable: reason });
});

it('V21-06: is in the answer to Authorize only while the station calculates, and the same at all of its connectors', async () => {
  const variables = (values: Record<string, string>) =>
    new Known().apply({
      kind: 'variable',
      put: Object.entries(values).map(([key, value]) => [key, { variableAttribute: [{ value }] }]),
      removed: [],
    });
  const notes: object[] = [];
  const told = async (values: Record<string, string>, tariffIds = ['T', 'T'], tariff = base, version = '2.1') => {
    const evses = tariffIds.map((id) => ({ connectors: [{ tariffId: id }] }));
    const row: Partial<StationRow> = { ocpp_version: version, registered: { party: 'US-CHG', evses } as StationRow['registered'] };
    const stations = { find: async () => row as StationRow };
    const log = { warn: (note: object) => void notes.push(note) } as never;
    const teller = new TariffTeller(stations, { tariffAt: async () => tariff }, { knownOf: async () => variables(values) }, log);
    const asked = { stationId: 'CP1', token: { uid: 'OK1', type: 'RFID' }, purpose: 'authorize' } as const;
    expect(await teller.tariffFor(asked, { verdict: 'Blocked' })).toBeUndefined();
    expect(await teller.tariffFor({ ...asked, purpose: 'start' }, { verdict: 'Accepted' })).toBeUndefined();
    return teller.tariffFor(asked, { verdict: 'Accepted' });
  };
  const enabled = { 'TariffCostCtrlr/Enabled[Tariff]': 'true' };
  expect(await told(enabled)).toMatchObject({ tariffId, energy: { prices: [{ priceKwh: 0.3 }] } });
  expect(await told({ 'TariffCostCtrlr/Enabled[Tariff]': 'false' })).toBeUndefined();
  expect(await told({})).toBeUndefined();
  expect(await told(enabled, ['T', 'T'], base, '2.0.1')).toBeUndefined();
  expect(notes).toEqual([]);
  expect(await told(enabled, ['T', 'U'])).toBeUndefined();
  const conditional = { ...base, elements: [{ ...base.elements[0], restrictions: { minKwh: '1' } }] } as Tariff;
  expect(await told({ ...enabled, 'TariffCostCtrlr/ConditionsSupported[Tariff]': 'false' }, ['T'], conditional)).toBeUndefined();
  expect(notes).toHaveLength(2);
});

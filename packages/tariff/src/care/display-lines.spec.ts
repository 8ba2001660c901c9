import { always, energy, flat, parkingTime, tariff, time, when } from '../fixtures/story';
import { displayLines } from './display-lines';

const shown = (...args: Parameters<typeof tariff>) => displayLines(tariff(...args)).map(({ unit, text }) => `${unit}: ${text}`);

it('come in the order kWh, minute, session, other, each with when it applies', () => {
  const elements = [
    when({ reservation: 'RESERVATION' }, flat('2')),
    always(flat('1.50'), parkingTime('24.00', 60)),
    when({ startTime: '16:00', endTime: '21:00', dayOfWeek: ['SATURDAY', 'SUNDAY'] }, energy('0.62', 1)),
    always(time('6', 60), energy('0.39', 1)),
  ];
  expect(shown(elements, { taxIncluded: 'N/A', maxPrice: { beforeTaxes: '50' } })).toEqual([
    'kWh: 0.62 EUR per kWh, from 16:00 to 21:00, on Saturdays, Sundays',
    'kWh: 0.39 EUR per kWh',
    'minute: 0.40 EUR per minute while the car does not charge',
    'minute: 0.10 EUR per minute of charging',
    'session: 1.50 EUR per session',
    'other: 2 EUR for reservation',
    'other: at most 50 EUR in total',
  ]);
});

it('name the place in the tariff that each shows', () => {
  expect(displayLines(tariff([always(flat('1'), energy('0.39', 1))], { minPrice: { beforeTaxes: '1' } })).map(({ path }) => path)).toEqual([
    'elements[0].priceComponents[1]',
    'elements[0].priceComponents[0]',
    'minPrice',
  ]);
});

it('round what has no end to a hundredth of the minor unit', () => {
  expect(shown([always(time('5', 60))], { taxIncluded: 'N/A' })).toEqual(['minute: 0.0833 EUR per minute of charging']);
  expect(shown([always(time('600', 60))], { taxIncluded: 'N/A', currency: 'JPY' })).toEqual(['minute: 10 JPY per minute of charging']);
});

it('say what of the taxes is in the price', () => {
  const taxed = [always(energy('0.40', 1, '19'))];
  const untold = [always(energy('0.40', 1))];
  const limit = { minPrice: { beforeTaxes: '1', afterTaxes: '1.19' } };
  expect(shown(taxed, { taxIncluded: 'NO', ...limit })).toEqual([
    'kWh: 0.40 EUR per kWh, plus 19 % tax',
    'other: at least 1.19 EUR in total, taxes included',
  ]);
  expect(shown(taxed, { taxIncluded: 'YES' })).toEqual(['kWh: 0.40 EUR per kWh, 19 % tax included']);
  expect(shown(untold, { taxIncluded: 'NO' })).toEqual(['kWh: 0.40 EUR per kWh, before taxes']);
  expect(shown(untold, { taxIncluded: 'YES' })).toEqual(['kWh: 0.40 EUR per kWh, taxes included']);
});

it('leave out what is never charged', () => {
  const elements = [
    always(energy('0.40', 1)),
    when({ booking: 'x' }, energy('1', 1)),
    when({ reservation: 'RESERVATION' }, energy('1', 1)),
  ];
  expect(shown(elements, { taxIncluded: 'N/A' })).toEqual(['kWh: 0.40 EUR per kWh']);
});

it('put every kind of restriction in words', () => {
  const all = {
    startDate: '2026-03-01',
    minKwh: '5',
    maxKwh: '10',
    minDurationSeconds: 3600,
    maxDurationSeconds: 5430,
    maxPowerKw: '50',
    minCurrentA: '6',
  };
  expect(shown([when(all, energy('0.40', 1))], { taxIncluded: 'N/A' })).toEqual([
    'kWh: 0.40 EUR per kWh, from 2026-03-01, after the first 5 kWh up to 10 kWh, after 60 min within the first 5430 s, below 50 kW, from 6 A',
  ]);
});

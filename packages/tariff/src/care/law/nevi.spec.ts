import { inShort } from '../../fixtures/finding-lines';
import { always, energy, flat, parkingTime, tariff, time, when } from '../../fixtures/story';
import type { TariffElement } from '../../tariff';
import type { TariffToCheck } from '../finding';
import { neviFindings } from './nevi';

const kwh = energy('0.40', 1);
const evening = { startTime: '16:00', endTime: '21:00' };
const text = { altText: '$0.40 per kWh, and a fee for parking' };

const table: [what: string, elements: TariffElement[], more: Partial<TariffToCheck>, expected: string[]][] = [
  ['a price per kWh', [always(kwh)], {}, []],
  ['a price per hour', [always(time('6', 60))], text, ['error energy_not_priced elements']],
  ['energy of price 0 and a price per hour', [always(energy('0', 1), time('6', 60))], text, ['error energy_not_priced elements']],
  ['nothing that costs', [always(energy('0', 1))], {}, []],
  [
    'another price in the evening',
    [when(evening, energy('0.60', 1)), always(kwh)],
    {},
    ['error price_changes_in_session elements[0].priceComponents[0]'],
  ],
  ['the same price in the evening', [when(evening, energy('0.400', 1)), always(kwh)], {}, []],
  ['another price in the evening that never applies', [always(kwh), when(evening, energy('0.60', 1))], {}, []],
  ['free nights', [when(evening, kwh)], {}, ['error price_changes_in_session elements[0].priceComponents[0]']],
  [
    'a higher price after 30 kWh',
    [when({ minKwh: '30' }, energy('0.60', 1)), always(kwh)],
    {},
    ['error price_changes_in_session elements[0].priceComponents[0]'],
  ],
  ['a fee for idling in the evening, told', [always(kwh), when(evening, parkingTime('24', 60))], text, []],
  ['a fee that nobody tells', [always(kwh, flat('1'))], {}, ['warning fees_not_disclosed altText']],
  ['a fee and an empty text', [always(kwh, flat('1'))], { altText: ' ' }, ['warning fees_not_disclosed altText']],
  ['a minimum price that nobody tells', [always(kwh)], { minPrice: { beforeTaxes: '1' } }, ['warning fees_not_disclosed altText']],
  [
    'a reservation that nobody tells',
    [always(kwh), when({ reservation: 'RESERVATION' }, time('2', 60))],
    {},
    ['warning fees_not_disclosed altText'],
  ],
];

it.each(table)('%s', (_, elements, more, expected) => {
  const found = neviFindings(Object.assign(tariff(elements), more));
  expect(inShort(found)).toEqual(expected);
  expect(found.every(({ rule }) => rule === '23 CFR 680.116(a)')).toBe(true);
});

import { inShort } from '../../fixtures/finding-lines';
import { always, energy, flat, parkingTime, tariff, time, when } from '../../fixtures/story';
import type { TariffElement } from '../../tariff';
import type { TariffToCheck } from '../finding';
import { californiaFindings } from './california';

const kwh = energy('0.40', 1);
const told = { altText: 'A text that names the fees' };

const table: [what: string, elements: TariffElement[], more: Partial<TariffToCheck>, expected: string[]][] = [
  ['a price per kWh that changes in the evening', [when({ startTime: '16:00' }, energy('0.60', 1)), always(kwh)], {}, []],
  ['fees for connection and idling that are told', [always(kwh, flat('1'), parkingTime('24', 60))], told, []],
  ['fees that are not', [always(kwh, flat('1'), parkingTime('24', 60))], {}, ['warning fees_not_disclosed altText']],
  ['energy and charging time', [always(kwh, time('6', 60))], told, ['error time_is_no_unit elements[0].priceComponents[1]']],
  [
    'charging time only',
    [always(time('6', 60))],
    told,
    ['error energy_not_priced elements', 'error time_is_no_unit elements[0].priceComponents[0]'],
  ],
  ['charging time of price 0', [always(kwh, time('0', 60))], {}, []],
  ['a fee per session only', [always(flat('10'))], told, ['error energy_not_priced elements']],
];

it.each(table)('%s', (_, elements, more, expected) => {
  const found = californiaFindings(Object.assign(tariff(elements), more));
  expect(inShort(found)).toEqual(expected);
  expect(found.every(({ rule }) => rule?.includes('4 CCR 4000'))).toBe(true);
});

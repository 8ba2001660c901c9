import { inShort } from '../../fixtures/finding-lines';
import { always, energy, flat, parkingTime, tariff, time, when } from '../../fixtures/story';
import type { Tariff, TariffElement } from '../../tariff';
import { afirFindings } from './afir';

const kwh = energy('0.59', 1);
const first = 'elements[0].priceComponents';

const table: [what: string, maxPowerKw: string | undefined, elements: TariffElement[], more: Partial<Tariff>, expected: string[]][] = [
  ['kWh at 150 kW', '150', [always(kwh)], {}, []],
  ['kWh and an occupancy fee at 50 kW', '50', [always(kwh, parkingTime('6', 60))], {}, []],
  ['a fee for long stays at 150 kW', '150', [when({ minDurationSeconds: 7200 }, time('6', 60)), always(kwh)], {}, []],
  ['a fee per session at 150 kW', '150', [always(kwh, flat('1'))], {}, [`error fee_not_allowed ${first}[1]`]],
  ['a fee per session at 150 kW, for contracts', '150', [always(kwh, flat('1'))], { type: 'REGULAR' }, []],
  ['time from the beginning at 150 kW', '150', [always(kwh, time('6', 60))], {}, [`warning fee_not_allowed ${first}[1]`]],
  [
    'an occupancy fee per hour at 150 kW',
    '150',
    [always(kwh, parkingTime('6', 3600))],
    {},
    [`warning fee_not_per_minute ${first}[1].stepSize`],
  ],
  ['parking only at 150 kW', '150', [always(parkingTime('6', 60))], {}, ['error energy_not_priced elements']],
  ['a minimum price at 150 kW', '150', [always(kwh)], { minPrice: { beforeTaxes: '5' } }, ['error fee_not_allowed minPrice']],
  ['kWh and a fee per session at 22 kW', '22', [always(kwh, flat('1'))], {}, ['notice order_of_display elements']],
  ['kWh only at 49.9 kW', '49.9', [always(kwh)], {}, []],
  ['power that is not known', undefined, [always(kwh)], { type: 'AD_HOC_PAYMENT' }, ['notice power_unknown elements']],
];

it.each(table)('%s', (_, maxPowerKw, elements, more, expected) => {
  const found = afirFindings(tariff(elements, more), maxPowerKw === undefined ? {} : { maxPowerKw });
  expect(inShort(found)).toEqual(expected);
  expect(found.every(({ rule }) => rule === 'Regulation (EU) 2023/1804 article 5(4)')).toBe(true);
});

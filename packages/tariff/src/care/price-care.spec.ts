import { inShort } from '../fixtures/finding-lines';
import { always, energy, flat, parkingTime, tariff, time, when } from '../fixtures/story';
import type { Tariff, TariffElement } from '../tariff';
import { priceFindings } from './price-care';

const kwh = energy('0.40', 1);
const free = energy('0.00', 1);
const night = { startTime: '22:00', endTime: '06:00' };
const first = 'elements[0].priceComponents[0]';

const table: [what: string, elements: TariffElement[], more: Partial<Tariff>, expected: string[]][] = [
  ['usual prices', [always(energy('0.79', 1, '19'), time('6', 60, '19'), parkingTime('12', 60, '19'), flat('1.50', '19'))], {}, []],
  ['usual prices in forints', [always(energy('250', 1, '27'))], { currency: 'HUF' }, []],
  ['usual prices in a currency that nobody knows here', [always(energy('3000', 1))], { currency: 'IDR' }, []],
  ['a price below 0', [always(energy('-0.10', 1))], {}, [`error negative_price ${first}.price`]],
  ['cents instead of euros', [always(energy('45', 1))], {}, [`warning absurd_price ${first}.price`]],
  ['an absurd fee', [always(kwh, flat('4500'))], {}, ['warning absurd_price elements[0].priceComponents[1].price']],
  ['a rate as a fraction', [always(energy('0.40', 1, '0.19'))], {}, [`warning absurd_rate ${first}.vat`]],
  ['a rate of 190 %', [always(energy('0.40', 1, '190'))], {}, [`warning absurd_rate ${first}.vat`]],
  ['a rate below 0', [always(energy('0.40', 1, '-1'))], {}, [`error absurd_rate ${first}.vat`]],
  ['a rate of 0', [always(energy('0.40', 1, '0'))], {}, []],
  ['a rate where no tax is due', [always(energy('0.40', 1, '19'))], { taxIncluded: 'N/A' }, [`warning rate_ignored ${first}.vat`]],
  ['nothing that costs', [always(free)], {}, ['warning charges_nothing elements']],
  ['nothing that costs but a minimum price', [always(free)], { minPrice: { beforeTaxes: '1' } }, []],
  [
    'a reservation that costs and charging that does not',
    [always(free), when({ reservation: 'RESERVATION' }, flat('1'))],
    {},
    ['warning charges_nothing elements'],
  ],
  [
    'a booking that costs and charging that does not',
    [always(free), when({ booking: 'x' }, flat('1'))],
    {},
    ['warning charges_nothing elements'],
  ],
  ['free nights', [when(night, free), always(kwh)], {}, [`notice free_energy_first ${first}.price`]],
  [
    'free energy before all else',
    [always(free), when(night, kwh)],
    {},
    [`warning free_energy_first ${first}.price`, 'warning charges_nothing elements'],
  ],
  ['free energy at last', [when(night, kwh), always(free)], {}, []],
];

it.each(table)('%s', (_, elements, more, expected) => {
  expect(inShort(priceFindings(tariff(elements, more)))).toEqual(expected);
});

const untaxed = [always(kwh)];
const taxed = [always(energy('0.40', 1, '19'))];
const limits: [what: string, elements: TariffElement[], more: Partial<Tariff>, expected: string[]][] = [
  ['in order', taxed, { minPrice: { beforeTaxes: '1', afterTaxes: '1.19' }, maxPrice: { beforeTaxes: '20', afterTaxes: '23.80' } }, []],
  ['equal', taxed, { minPrice: { beforeTaxes: '1' }, maxPrice: { beforeTaxes: '1.00' } }, []],
  [
    'minimum above maximum',
    taxed,
    { minPrice: { beforeTaxes: '5' }, maxPrice: { beforeTaxes: '2' } },
    ['error limits_contradict maxPrice.beforeTaxes'],
  ],
  [
    'minimum above maximum after taxes',
    taxed,
    { minPrice: { beforeTaxes: '1', afterTaxes: '3' }, maxPrice: { beforeTaxes: '2', afterTaxes: '2.38' } },
    ['error limits_contradict maxPrice.afterTaxes'],
  ],
  ['below 0', taxed, { minPrice: { beforeTaxes: '-1' } }, ['error negative_price minPrice']],
  [
    'less after taxes',
    taxed,
    { maxPrice: { beforeTaxes: '20', afterTaxes: '19' } },
    ['warning limit_sides_contradict maxPrice.afterTaxes'],
  ],
  [
    'taxed where no tax is due',
    untaxed,
    { taxIncluded: 'N/A', maxPrice: { beforeTaxes: '20', afterTaxes: '21' } },
    ['warning limit_not_comparable maxPrice.afterTaxes'],
  ],
  [
    'before taxes where only prices with taxes are known',
    untaxed,
    { taxIncluded: 'YES', minPrice: { beforeTaxes: '1' } },
    ['warning limit_not_comparable minPrice.beforeTaxes'],
  ],
  ['before taxes where the rate is known', taxed, { taxIncluded: 'YES', minPrice: { beforeTaxes: '1' } }, []],
  [
    'after taxes where no rate is known',
    untaxed,
    { minPrice: { beforeTaxes: '1', afterTaxes: '1.19' } },
    ['warning limit_not_comparable minPrice.afterTaxes'],
  ],
  ['before taxes where no rate is known', untaxed, { minPrice: { beforeTaxes: '1' } }, []],
];

it.each(limits)('limits: %s', (_, elements, more, expected) => {
  expect(inShort(priceFindings(tariff(elements, more)))).toEqual(expected);
});

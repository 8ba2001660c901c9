import { inShort } from '../fixtures/finding-lines';
import { always, energy, tariff, time, when } from '../fixtures/story';
import type { Tariff, TariffElement } from '../tariff';
import { unreadableFindings } from './readable';

const kwh = energy('0.40', 1);
const table: [what: string, elements: TariffElement[], more: Partial<Tariff>, expected: string[]][] = [
  ['a plain tariff', [always(kwh)], {}, []],
  ['all that can be given', [when({ startTime: '08:00', endTime: '00:00', startDate: '2028-02-29', minKwh: '0.5' }, kwh)], {}, []],
  ['a time of day that is none', [when({ startTime: '24:00' }, kwh)], {}, ['error unreadable elements[0].restrictions.startTime']],
  ['a day that is none', [when({ endDate: '2026-02-30' }, kwh)], {}, ['error unreadable elements[0].restrictions.endDate']],
  ['a month that is none', [when({ startDate: '2026-13-01' }, kwh)], {}, ['error unreadable elements[0].restrictions.startDate']],
  ['a price in words', [always(energy('0,40', 1))], {}, ['error unreadable elements[0].priceComponents[0].price']],
  ['a price of 70 digits', [always(energy('1'.repeat(70), 1))], {}, ['error unreadable elements[0].priceComponents[0].price']],
  ['a rate in words', [always(energy('0.40', 1, '19%'))], {}, ['error unreadable elements[0].priceComponents[0].vat']],
  ['half a step', [always(kwh, time('1', 0.5))], {}, ['error unreadable elements[0].priceComponents[1].stepSize']],
  ['a negative duration', [when({ maxDurationSeconds: -1 }, kwh)], {}, ['error unreadable elements[0].restrictions.maxDurationSeconds']],
  ['a power in words', [when({ minPowerKw: '50 kW' }, kwh)], {}, ['error unreadable elements[0].restrictions.minPowerKw']],
  ['limits in words', [always(kwh)], { minPrice: { beforeTaxes: '1', afterTaxes: '' } }, ['error unreadable minPrice.afterTaxes']],
  ['a start without an offset', [always(kwh)], { startsAt: '2026-03-01T10:00:00' }, ['error unreadable startsAt']],
  ['a currency that is none', [always(kwh)], { currency: 'EUX' }, ['error unknown_currency currency']],
  ['gold', [always(kwh)], { currency: 'XAU' }, ['error unknown_currency currency']],
];

it.each(table)('%s', (_, elements, more, expected) => {
  expect(inShort(unreadableFindings(tariff(elements, more)))).toEqual(expected);
});

it('says what is wanted instead', () => {
  const [finding] = unreadableFindings(tariff([when({ startTime: '24:00' }, kwh)]));
  expect(finding?.message).toBe('"24:00" is not a time of day from 00:00 to 23:59. Correct it.');
});

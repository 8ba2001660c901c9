import { inShort } from '../fixtures/finding-lines';
import { always, energy, parkingTime, tariff, time, when } from '../fixtures/story';
import type { TariffElement } from '../tariff';
import { stepFindings } from './step-care';

const night = { startTime: '22:00', endTime: '06:00' };
const first = 'elements[0].priceComponents[0].stepSize';

const table: [what: string, elements: TariffElement[], expected: string[]][] = [
  ['small ones', [always(energy('0.40', 1), time('3', 60), parkingTime('6', 900))], []],
  ['none', [always(energy('0.40', 0), time('3', 0))], []],
  ['1 kWh', [always(energy('0.40', 1000))], [`warning large_step ${first}`]],
  ['just below', [always(energy('0.40', 999))], []],
  ['a quarter of an hour of charging', [always(time('3', 900))], [`warning large_step ${first}`]],
  ['1 kWh of free energy', [always(energy('0', 1000))], []],
  ['a flat fee in steps', [always({ type: 'FLAT', price: '1', stepSize: 60 })], [`notice step_without_meaning ${first}`]],
  ['a flat fee as everybody writes it', [always({ type: 'FLAT', price: '1', stepSize: 1 })], []],
  ['another one at night', [when(night, energy('0.30', 100)), always(energy('0.40', 1))], ['notice steps_differ elements']],
  ['another one that never applies', [always(energy('0.40', 1)), when(night, energy('0.30', 100))], []],
  ['another one for another dimension', [always(energy('0.40', 1), time('3', 60))], []],
];

it.each(table)('%s', (_, elements, expected) => {
  expect(inShort(stepFindings(tariff(elements)))).toEqual(expected);
});

import { inShort } from '../../fixtures/finding-lines';
import { always, energy, parkingTime, tariff, when } from '../../fixtures/story';
import type { TariffElement } from '../../tariff';
import { eichrechtFindings } from './eichrecht';

const kwh = energy('0.59', 1);
const first = 'elements[0].priceComponents[0]';

const table: [what: string, elements: TariffElement[], expected: string[]][] = [
  ['one price', [always(kwh, parkingTime('6', 60))], []],
  ['a price by power', [when({ minPowerKw: '100' }, energy('0.79', 1)), always(kwh)], [`error not_in_signed_record ${first}`]],
  ['parking by current', [when({ maxCurrentA: '1' }, parkingTime('6', 60)), always(kwh)], [`error not_in_signed_record ${first}`]],
  ['a price of 0 by power', [when({ maxPowerKw: '1' }, parkingTime('0', 60)), always(kwh)], []],
  [
    'a price by time of day',
    [when({ startTime: '22:00', endTime: '06:00' }, energy('0.39', 1)), always(kwh)],
    [`warning reading_at_change_needed ${first}`],
  ],
  ['parking by time of day', [when({ startTime: '22:00', endTime: '06:00' }, parkingTime('1', 60)), always(kwh)], []],
];

it.each(table)('%s', (_, elements, expected) => {
  const found = eichrechtFindings(tariff(elements));
  expect(inShort(found)).toEqual(expected);
  expect(found.every(({ rule }) => rule === 'MessEG section 33')).toBe(true);
});

import { inShort } from '../fixtures/finding-lines';
import { energy, flat, tariff, time, when } from '../fixtures/story';
import type { PriceComponent, TariffRestrictions } from '../tariff';
import { restrictionFindings } from './restriction-care';

const kwh = energy('0.40', 1);
const at = 'elements[0].restrictions';

const table: [what: string, restrictions: TariffRestrictions, expected: string[]][] = [
  ['none', {}, []],
  ['all in order', { minKwh: '5', maxKwh: '10', minPowerKw: '0', maxPowerKw: '50', startDate: '2026-03-01', endDate: '2026-03-02' }, []],
  ['energy from 10 to 10', { minKwh: '10', maxKwh: '10.0' }, [`error never_matches ${at}.maxKwh`]],
  ['power from 50 to 20', { minPowerKw: '50', maxPowerKw: '20' }, [`error never_matches ${at}.maxPowerKw`]],
  ['current from 16 to 16', { minCurrentA: '16', maxCurrentA: '16' }, [`error never_matches ${at}.maxCurrentA`]],
  [
    'an hour at most, two at least',
    { minDurationSeconds: 7200, maxDurationSeconds: 3600 },
    [`error never_matches ${at}.maxDurationSeconds`],
  ],
  ['below nothing', { maxKwh: '0' }, [`error never_matches ${at}.maxKwh`]],
  ['the first 0 s', { maxDurationSeconds: 0 }, [`error never_matches ${at}.maxDurationSeconds`]],
  ['a single day that ends on itself', { startDate: '2026-03-01', endDate: '2026-03-01' }, [`error never_matches ${at}.endDate`]],
  [
    'Sundays from Monday to Friday',
    { startDate: '2026-03-02', endDate: '2026-03-07', dayOfWeek: ['SUNDAY'] },
    [`error never_matches ${at}`],
  ],
  ['from 8 to 8', { startTime: '08:00', endTime: '08:00' }, [`notice window_is_whole_day ${at}.endTime`]],
  ['Friday nights', { startTime: '22:00', endTime: '06:00', dayOfWeek: ['FRIDAY'] }, [`notice weekday_over_midnight ${at}.dayOfWeek`]],
  ['Friday evenings', { startTime: '18:00', endTime: '00:00', dayOfWeek: ['FRIDAY'] }, []],
  ['every night', { startTime: '22:00', endTime: '06:00' }, []],
  ['a booking', { booking: 'BOOKING' }, [`warning booking_not_priced ${at}.booking`]],
];

it.each(table)('%s', (_, restrictions, expected) => {
  expect(inShort(restrictionFindings(tariff([when(restrictions, kwh)])))).toEqual(expected);
});

const reservations: [what: string, components: PriceComponent[], more: TariffRestrictions, expected: string[]][] = [
  ['by the hour and once', [time('2', 60), flat('1')], {}, []],
  ['by the kWh', [kwh], {}, [`warning reservation_without_price ${at}.reservation`]],
  ['by the hour, and energy', [time('2', 60), kwh], {}, [`warning reservation_component_unused ${at}.reservation`]],
  ['after some charging', [time('2', 60)], { minDurationSeconds: 60 }, [`warning never_matches ${at}.minDurationSeconds`]],
];

it.each(reservations)('a reservation %s', (_, components, more, expected) => {
  expect(inShort(restrictionFindings(tariff([when({ reservation: 'RESERVATION', ...more }, ...components)])))).toEqual(expected);
});

import { inShort } from '../fixtures/finding-lines';
import { always, energy, flat, parkingTime, tariff, time, when } from '../fixtures/story';
import type { TariffElement, TariffRestrictions } from '../tariff';
import type { CareContext } from './finding';
import { reachFindings } from './reach';

const kwh = energy('0.40', 1);
const cheap = energy('0.20', 1);
const minutes = time('3', 60);
const day: TariffRestrictions = { startTime: '08:00', endTime: '20:00' };
const reserved: TariffRestrictions = { reservation: 'RESERVATION' };

const table: [what: string, elements: TariffElement[], expected: string[]][] = [
  ['a default at the end', [when(day, kwh), always(cheap)], []],
  ['a default first', [always(cheap), when(day, kwh)], ['warning unreachable_element elements[1]']],
  ['the same restrictions twice', [when(day, kwh), when(day, cheap), always(cheap)], ['warning unreachable_element elements[1]']],
  [
    'narrower ones after wider ones',
    [when(day, kwh), when({ ...day, minKwh: '5' }, cheap), always(cheap)],
    ['warning unreachable_element elements[1]'],
  ],
  ['wider ones after narrower ones', [when({ ...day, minKwh: '5' }, cheap), when(day, kwh), always(cheap)], []],
  [
    'two that leave nothing to a third',
    [when({ maxKwh: '10' }, kwh), when({ minKwh: '10' }, cheap), when(day, kwh)],
    ['warning unreachable_element elements[2]'],
  ],
  ['a default of another dimension', [always(minutes), when(day, kwh), always(cheap)], []],
  [
    'one component of two',
    [always(kwh), when(day, cheap, parkingTime('3', 60)), always(parkingTime('1', 60))],
    ['warning unreachable_component elements[1].priceComponents[0]'],
  ],
  ['two of a type in an element', [always(kwh, cheap)], ['warning unreachable_component elements[0].priceComponents[1]']],
  ['a reservation beside charging', [always(kwh, flat('1')), when(reserved, flat('2'))], []],
  ['a reservation twice', [always(kwh), when(reserved, flat('2')), when(reserved, flat('3'))], ['warning unreachable_element elements[2]']],
  [
    'one that expires beside one that is used',
    [always(kwh), when(reserved, flat('2')), when({ reservation: 'RESERVATION_EXPIRES' }, flat('3'))],
    [],
  ],
  ['a booking hides nothing', [when({ booking: 'x' }, kwh), always(cheap)], []],
  ['one that never matches hides nothing', [when({ minKwh: '5', maxKwh: '5' }, kwh), always(cheap)], []],
  ['power that may not be measured', [when({ maxPowerKw: '50' }, kwh), when({ minPowerKw: '50' }, cheap), always(cheap)], []],
  ['energy by day only', [when(day, kwh)], ['warning gap_without_default elements']],
  ['idling by day only', [always(kwh), when(day, parkingTime('3', 60))], ['notice gap_without_default elements']],
  ['no energy at all', [always(minutes)], []],
];

it.each(table)('%s', (_, elements, expected) => {
  expect(inShort(reachFindings(tariff(elements), {}))).toEqual(expected);
});

const examples: [what: TariffElement[], moment: string][] = [
  [[when(day, kwh)], 'there is none at 00:00.'],
  [[when({ endTime: '20:00' }, kwh)], 'there is none at 20:00.'],
  [[when({ dayOfWeek: ['MONDAY', 'TUESDAY'] }, kwh)], 'there is none on a Wednesday.'],
  [[when({ maxKwh: '20' }, kwh)], 'there is none after 20 kWh.'],
  [[when({ minDurationSeconds: 90 }, kwh)], 'there is none after 0 min.'],
  [[when({ maxPowerKw: '50' }, kwh), when({ minPowerKw: '50' }, cheap)], 'there is none where no power is measured.'],
  [[when({ minPowerKw: '50' }, kwh)], 'there is none at 0 kW.'],
  [[when({ minCurrentA: '6', ...day }, kwh)], 'there is none at 00:00, at 0 A.'],
  [[when({ startDate: '2026-03-01' }, kwh)], 'there is none on 2026-02-22.'],
];

it.each(examples)('gives a moment without a price as an example: %#', (elements, moment) => {
  const gap = reachFindings(tariff(elements), {}).find(({ code }) => code === 'gap_without_default');
  expect(gap?.message).toContain(moment);
});

it('says what hides an element', () => {
  const two = tariff([when({ maxKwh: '10' }, kwh), when({ minKwh: '10' }, cheap), when(day, kwh)]);
  expect(reachFindings(two, {})[0]?.message).toBe(
    'This element never applies: elements[0] and elements[1] together match always before it. Move it up, or remove it.',
  );
});

describe('a season', () => {
  const season = when({ startDate: '2026-03-01', endDate: '2026-11-01' }, kwh);
  const gaps = (more: object, context: CareContext) => reachFindings(tariff([season], more), context).map(({ code }) => code);

  it('has no gap where it is as long as the tariff', () => {
    const local = { startsAt: '2026-02-28T23:00:00Z', endsAt: '2026-10-31T23:00:00Z' };
    expect(gaps(local, { timeZone: 'Europe/Berlin' })).toEqual([]);
    expect(gaps(local, {})).toEqual([]);
    expect(gaps({ ...local, endsAt: '2026-11-03T00:00:00Z' }, {})).toEqual(['gap_without_default']);
  });

  it('has none in what is over', () => {
    expect(gaps({ endsAt: '2026-10-31T23:00:00Z' }, { now: '2026-06-01T10:00:00Z' })).toEqual([]);
    expect(gaps({ endsAt: '2026-10-31T23:00:00Z' }, { now: '2026-02-01T10:00:00Z' })).toEqual(['gap_without_default']);
  });
});

it('does not try to check what is too much', () => {
  const many = Array.from({ length: 120 }, (_, index) => when({ minKwh: `${index}` }, kwh));
  expect(inShort(reachFindings(tariff(many), {}))).toEqual(['notice not_fully_checked elements']);
});

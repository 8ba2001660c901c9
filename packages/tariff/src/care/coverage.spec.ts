import type { TariffRestrictions } from '../tariff';
import { neverMatches, uncoveredMoment } from './coverage';

const effort = () => ({ testsLeft: 100_000 });
const covers = (target: TariffRestrictions, ...others: TariffRestrictions[]) => uncoveredMoment(target, others, effort()) === 'covered';

const covered: [what: string, target: TariffRestrictions, others: TariffRestrictions[]][] = [
  ['anything by what matches always', { minKwh: '5', dayOfWeek: ['MONDAY'], maxPowerKw: '50' }, [{}]],
  ['a window by itself', { startTime: '08:00', endTime: '20:00' }, [{ startTime: '08:00', endTime: '20:00' }]],
  ['a window by a wider one over midnight', { startTime: '23:00', endTime: '04:00' }, [{ startTime: '22:00', endTime: '06:00' }]],
  ['the day by its halves', {}, [{ endTime: '12:00' }, { startTime: '12:00' }]],
  [
    'the day by a night and a day',
    {},
    [
      { startTime: '22:00', endTime: '06:00' },
      { startTime: '06:00', endTime: '22:00' },
    ],
  ],
  [
    'a week by its days and its end',
    {},
    [{ dayOfWeek: ['SATURDAY', 'SUNDAY'] }, { dayOfWeek: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'] }],
  ],
  [
    'a Sunday by its date',
    { startDate: '2026-03-01', endDate: '2026-03-08', dayOfWeek: ['SUNDAY'] },
    [{ startDate: '2026-03-01', endDate: '2026-03-02' }],
  ],
  ['energy by what is below and above, however it is written', {}, [{ maxKwh: '10' }, { minKwh: '10.00' }]],
  ['long stays by all stays over a minute', { minDurationSeconds: 3600 }, [{ minDurationSeconds: 60 }]],
  ['high power by lower power', { minPowerKw: '50', maxPowerKw: '100' }, [{ minPowerKw: '20' }]],
];

const open: [what: string, target: TariffRestrictions, others: TariffRestrictions[]][] = [
  ['anything by nothing', {}, []],
  ['a window by a narrower one', { startTime: '08:00', endTime: '20:00' }, [{ startTime: '08:00', endTime: '19:59' }]],
  ['the day by halves with a minute between', {}, [{ endTime: '12:00' }, { startTime: '12:01' }]],
  [
    'two Sundays by the date of one',
    { startDate: '2026-03-01', endDate: '2026-03-09', dayOfWeek: ['SUNDAY'] },
    [{ endDate: '2026-03-08' }],
  ],
  ['weekdays and nights by weekdays or nights', { startTime: '08:00' }, [{ dayOfWeek: ['MONDAY'] }, { startTime: '22:00' }]],
  // What nobody measured satisfies no restriction on it.
  ['all power by low and high power', {}, [{ maxPowerKw: '50' }, { minPowerKw: '50' }]],
  // Within a period the power can lie on both sides.
  ['middle power by low and high power', { minPowerKw: '40', maxPowerKw: '60' }, [{ maxPowerKw: '50' }, { minPowerKw: '50' }]],
  ['low power by power from 0, as power may be negative', { maxPowerKw: '50' }, [{ minPowerKw: '0' }]],
];

it.each(covered)('covers %s', (_, target, others) => expect(covers(target, ...others)).toBe(true));
it.each(open)('does not cover %s', (_, target, others) => expect(covers(target, ...others)).toBe(false));

it('looks only at the days that are asked for', () => {
  const season = { startDate: '2026-03-01', endDate: '2026-11-01' };
  const day = (date: string) => Date.parse(date) / 86_400_000;
  expect(uncoveredMoment({}, [season], effort(), { first: day('2026-03-01'), end: day('2026-11-01') })).toBe('covered');
  expect(uncoveredMoment({}, [season], effort(), { first: day('2026-03-01') })).toMatchObject({ local: { day: day('2026-11-01') } });
});

it('gives up when it has become too much', () => {
  const windows = Array.from({ length: 20 }, (_, index) => ({
    minKwh: `${index}`,
    minDurationSeconds: index,
    minPowerKw: `${index}`,
    startTime: `0${index % 10}:00`,
  }));
  expect(uncoveredMoment({}, windows, { testsLeft: 200 })).toBe('unknown');
});

it.each<[boolean, TariffRestrictions]>([
  [true, { minKwh: '10', maxKwh: '10' }],
  [true, { startDate: '2026-03-02', endDate: '2026-03-07', dayOfWeek: ['SUNDAY'] }],
  [true, { minPowerKw: '50', maxPowerKw: '50.0' }],
  [false, { startDate: '2026-03-02', endDate: '2026-03-09', dayOfWeek: ['SUNDAY'] }],
  [false, { startTime: '08:00', endTime: '08:00' }],
  [false, {}],
])('never matches: %s for %j', (expected, restrictions) => expect(neverMatches(restrictions)).toBe(expected));

// What was decided where OCPI is silent or contradicts itself, each decision with a case that would come out differently otherwise.
import { type ChargingPeriod, type SessionToPrice, secondsFromHours } from './charging-period';
import {
  always,
  charging,
  energy,
  flat,
  parking,
  parkingTime,
  reservation,
  type Stretch,
  stay,
  tariff,
  time,
  when,
} from './fixtures/story';
import { priceSession } from './price-session';
import type { PricedSession } from './priced-session';
import type { Tariff } from './tariff';

const MONDAY_10 = '2019-01-14T10:00:00Z';
const timeZone = 'Etc/UTC';

// Prices a stay that begins on a Monday at 10:00.
function price(of: Tariff, ...stretches: readonly Stretch[]): PricedSession {
  return priceSession({ tariff: of, timeZone, session: stay(MONDAY_10, ...stretches) });
}

const rules = ({ lines }: PricedSession) => lines.map(({ rule, beforeTaxes, afterTaxes }) => [rule, beforeTaxes, afterTaxes]);

describe('lines', () => {
  test('a component that returns has one line, backed by the events of all its periods', () => {
    const bySun = tariff([when({ minKwh: '1', maxKwh: '2' }, energy('0.60', 0)), always(energy('0.30', 0))]);
    const session = stay(MONDAY_10, charging('0:10', '1000'), charging('0:10', '1000'), charging('0:10', '1000'));
    const evidence = [
      ['start', 'meter-1'],
      ['meter-1', 'meter-2'],
      ['meter-2', 'stop'],
    ];
    const periods = session.periods.map((period, index) => ({ ...period, evidence: evidence[index] }));
    const { lines } = priceSession({ tariff: bySun, timeZone, session: { ...session, periods } });
    expect(lines).toEqual([
      expect.objectContaining({ elementIndex: 1, periods: [0, 2], rawQuantity: '2000', because: ['start', 'meter-1', 'meter-2', 'stop'] }),
      expect.objectContaining({ elementIndex: 0, periods: [1], rawQuantity: '1000', because: ['meter-1', 'meter-2'] }),
    ]);
  });

  test('lines of one group sum to its rounded cost: the cent goes to the line that lost most', () => {
    // 0.333 + 0.333 + 0.333 = 0.999: printed as 1.00, although each line alone would print as 0.33.
    const thirds = tariff([
      when({ maxDurationSeconds: 600 }, energy('0.333', 0)),
      when({ maxDurationSeconds: 1200 }, energy('0.333', 0)),
      always(energy('0.333', 0)),
    ]);
    const priced = price(thirds, charging('0:10', '1000'), charging('0:10', '1000'), charging('0:10', '1000'));
    expect(rules(priced).map(([, amount]) => amount)).toEqual(['0.34', '0.33', '0.33']);
    expect(priced.total.beforeTaxes).toBe('1.00');
  });

  test('groups that are rounded apart from the total leave a line of their own', () => {
    // 0.004 + 0.004 = 0.008 is printed as 0.01; each group alone as 0.00.
    const priced = price(tariff([always(energy('0.004', 0), flat('0.004'))]), charging('0:10', '1000'));
    expect(rules(priced)).toEqual([
      ['measured', '0.00', undefined],
      ['flat_fee', '0.00', undefined],
      ['rounding', '0.01', undefined],
    ]);
  });

  test('each price limit that changes the total has its line', () => {
    const limited = tariff([always(energy('1.00', 0, '10'))], {
      minPrice: { beforeTaxes: '2', afterTaxes: '2.20' },
      maxPrice: { beforeTaxes: '5', afterTaxes: '5.50' },
    });
    expect(rules(price(limited, charging('0:10', '1000')))).toEqual([
      ['measured', '1.00', '1.10'],
      ['min_price', '1.00', '1.10'],
    ]);
    expect(rules(price(limited, charging('0:10', '9000')))).toEqual([
      ['measured', '9.00', '9.90'],
      ['max_price', '-4.00', '-4.40'],
    ]);
    expect(rules(price(limited, charging('0:10', '3000')))).toEqual([['measured', '3.00', '3.30']]);
  });
});

describe('taxes', () => {
  test('are told by rate and sum to the difference of the two sides', () => {
    const { total } = price(tariff([always(flat('0.50', '20'), energy('0.25', 1, '10.0'))]), charging('1:00', '20000'));
    expect(total.taxes).toEqual([
      { percent: '10', amount: '0.50' },
      { percent: '20', amount: '0.10' },
    ]);
  });

  test('a rate of 0 is told, a component without a rate is not taxed', () => {
    const { total, costs } = price(tariff([always(flat('0.50'), energy('0.25', 1, '0'))]), charging('1:00', '20000'));
    expect(total).toMatchObject({ beforeTaxes: '5.50', afterTaxes: '5.50', taxes: [{ percent: '0', amount: '0.00' }] });
    expect(costs.fixed?.taxes).toEqual([]);
  });

  test('prices that contain the tax: 11.00 with 10 % inside is 10.00 before', () => {
    const { total } = price(tariff([always(energy('1.10', 1, '10'))], { taxIncluded: 'YES' }), charging('1:00', '10000'));
    expect(total).toMatchObject({ beforeTaxes: '10.00', afterTaxes: '11.00', taxes: [{ percent: '10', amount: '1.00' }] });
  });

  test('where no tax is due both sides are equal, and a rate that is named all the same is not applied', () => {
    const priced = price(tariff([always(energy('1.00', 1, '10'))], { taxIncluded: 'N/A' }), charging('1:00', '10000'));
    expect(priced.total).toMatchObject({ beforeTaxes: '10.00', afterTaxes: '10.00', taxes: [] });
    expect(priced.warnings).toEqual([{ code: 'tax_rate_ignored' }]);
  });

  test('a maximum that names no amount after taxes keeps the proportion of tax', () => {
    const capped = tariff([always(energy('1.00', 1, '10'))], { maxPrice: { beforeTaxes: '5' } });
    expect(price(capped, charging('1:00', '10000')).total).toMatchObject({ beforeTaxes: '5.00', afterTaxes: '5.50' });
  });

  test('a minimum that names no amount after taxes cannot make a tax out of nothing', () => {
    const raised = tariff([always(energy('1.00', 1, '10'))], { minPrice: { beforeTaxes: '5' } });
    const { total } = price(raised, charging('1:00', '0'));
    expect(total).toMatchObject({ beforeTaxes: '5.00', afterTaxes: '5.00', taxes: [] });
  });

  test('a limit before taxes says nothing about a price of which only the side after taxes is known', () => {
    const included = tariff([always(energy('1.00', 1))], { taxIncluded: 'YES', maxPrice: { beforeTaxes: '5' } });
    const priced = price(included, charging('1:00', '10000'));
    expect(priced.total).toEqual({ afterTaxes: '10.00', exact: { afterTaxes: '10' } });
    expect(priced.warnings).toEqual([{ code: 'price_limit_not_comparable' }]);
  });
});

describe('a session without energy', () => {
  const fees = tariff([when({ reservation: 'RESERVATION' }, flat('2.00')), always(flat('0.50'), energy('0.25', 1))], {
    minPrice: { beforeTaxes: '1.00' },
  });

  test('pays fees and the minimum price', () => {
    expect(price(fees, charging('0:01', '0')).total.beforeTaxes).toBe('1.00');
  });

  test('is free if the party says so, and the lines say so too', () => {
    const priced = priceSession({ tariff: fees, timeZone, session: stay(MONDAY_10, charging('0:01', '0')), freeWithoutEnergy: true });
    expect(rules(priced)).toEqual([
      ['flat_fee', '0.50', undefined],
      ['free_without_energy', '-0.50', undefined],
    ]);
    expect(priced.total.beforeTaxes).toBe('0.00');
  });

  test('still pays for its reservation', () => {
    const session = stay(MONDAY_10, reservation('0:10'), charging('0:01', '0'));
    expect(priceSession({ tariff: fees, timeZone, session, freeWithoutEnergy: true }).total.beforeTaxes).toBe('2.00');
  });
});

describe('steps and windows', () => {
  test('charging that resumes after parking does not bring the step of charging back', () => {
    const of = tariff([always(time('6.00', 3600), parkingTime('6.00', 600))]);
    const { lines } = price(of, charging('0:07', '0'), parking('0:07'), charging('0:07', '0'));
    expect(lines.map((line) => line.kind === 'usage' && [line.dimension, line.billedQuantity])).toEqual([
      ['TIME', '840'],
      ['PARKING_TIME', '600'],
    ]);
  });

  test('a price of 0 counts towards the step, unlike no price', () => {
    const of = tariff([when({ maxKwh: '2' }, energy('0.00', 1000)), always(energy('1.00', 1000))]);
    expect(price(of, charging('0:10', '2000'), charging('0:10', '500')).total.beforeTaxes).toBe('1.00');
    expect(price(of, charging('0:10', '2600'), charging('0:10', '500')).total.beforeTaxes).toBe('1.40');
  });

  test.each([
    // Monday, 10:00.
    ['a window that ends where it starts is the whole day', { startTime: '12:00', endTime: '12:00' }, true],
    ['a window over midnight includes the evening and the morning', { startTime: '22:00', endTime: '10:01' }, true],
    ['and excludes its end', { startTime: '22:00', endTime: '10:00' }, false],
    [
      'in a window over midnight the day is today, not the evening before',
      { startTime: '22:00', endTime: '12:00', dayOfWeek: ['MONDAY'] },
      true,
    ],
    ['so the morning after Sunday is not Sunday', { startTime: '22:00', endTime: '12:00', dayOfWeek: ['SUNDAY'] }, false],
    ['an end of 00:00 is the end of the day', { startTime: '09:00', endTime: '00:00' }, true],
    ['no days are all days', { dayOfWeek: [] }, true],
    ['a date starts on its day', { startDate: '2019-01-14' }, true],
    ['and ends before it', { endDate: '2019-01-14' }, false],
  ] as const)('%s', (_, restrictions, applies) => {
    const of = tariff([when(restrictions, flat('1.00'))]);
    expect(price(of, charging('0:10', '0')).total.beforeTaxes).toBe(applies ? '1.00' : '0.00');
  });
});

describe('what a driver is not charged twice, or at all', () => {
  test('the flat fee, by the first component that applies', () => {
    const twoFees = tariff([when({ minDurationSeconds: 600 }, flat('3.00')), always(flat('1.00'))]);
    expect(price(twoFees, charging('0:10', '1000'), charging('0:10', '1000'), parking('0:10')).total.beforeTaxes).toBe('1.00');
  });

  test('the reservation does not count towards the duration of charging', () => {
    const freeFirstHour = tariff([when({ minDurationSeconds: 3600 }, energy('1.00', 0))]);
    expect(price(freeFirstHour, reservation('1:00'), charging('0:20', '1000')).total.beforeTaxes).toBe('0.00');
  });

  test('an element for booked time', () => {
    expect(price(tariff([when({ booking: 'BOOKING' }, flat('9.00')), always(flat('1.00'))]), charging('0:10', '0')).total.beforeTaxes).toBe(
      '1.00',
    );
  });

  test('a price that depends on power which nobody measured', () => {
    const byPower = tariff([when({ minPowerKw: '50' }, energy('0.80', 0)), when({ maxPowerKw: '50' }, energy('0.40', 0))]);
    const priced = price(byPower, charging('0:10', '1000'));
    expect(priced.total.beforeTaxes).toBe('0.00');
    expect(priced.warnings).toEqual([
      { code: 'power_not_measured', periodIndex: 0 },
      { code: 'energy_unpriced', periodIndex: 0 },
    ]);
  });

  test('one reading stands for both ends of its pair', () => {
    const byPower = tariff([when({ minPowerKw: '50' }, energy('0.80', 0)), always(energy('0.40', 0))]);
    expect(price(byPower, charging('0:10', '1000', { maxPowerW: '50000' })).total.beforeTaxes).toBe('0.80');
  });
});

describe('a session that contradicts itself', () => {
  const perHour = tariff([always(time('6.00', 0))], { endsAt: '2019-01-14T09:00:00Z' });
  const session = stay(MONDAY_10, charging('1:00', '0'));
  const withPeriod = (change: Partial<ChargingPeriod>): SessionToPrice => ({
    ...session,
    periods: session.periods.map((period) => ({ ...period, ...change })),
  });

  test('is billed by the volume that was reported, with a warning', () => {
    const reported = { ...withPeriod({ reportedSeconds: 1800 }), startedAt: '2019-01-14T08:30:00Z' };
    const priced = priceSession({ tariff: perHour, timeZone, session: reported });
    expect(priced.total.beforeTaxes).toBe('3.00');
    expect(priced.warnings.map(({ code }) => code)).toEqual(['time_without_period', 'volume_differs_from_boundaries']);
  });

  test('outside the time of the tariff it is priced all the same, with a warning', () => {
    expect(priceSession({ tariff: perHour, timeZone, session }).warnings).toEqual([{ code: 'tariff_not_in_force' }]);
  });

  test('energy during a reservation is counted, not priced, and warned of', () => {
    const perKwh = tariff([always(energy('1.00', 0))]);
    const priced = price(perKwh, { ...reservation('0:10'), energyWh: '500' }, charging('0:10', '1000'));
    expect(priced.total.beforeTaxes).toBe('1.00');
    expect(priced.measured.energyWh).toBe('1500');
    expect(priced.warnings).toEqual([{ code: 'energy_during_reservation', periodIndex: 0 }]);
  });

  test.each([
    ['periods out of order', { ...session, endedAt: '2019-01-14T09:00:00Z' }],
    ['negative energy', withPeriod({ energyWh: '-1' })],
    ['an instant that does not name its offset', { ...session, endedAt: '2019-01-14T11:00:00' }],
    ['an unreadable instant', { ...session, endedAt: 'yesterday' }],
    ['half a second', withPeriod({ reportedSeconds: 0.5 })],
  ])('%s is refused: the ledger never makes such a session', (_, broken) => {
    expect(() => priceSession({ tariff: perHour, timeZone, session: broken })).toThrow(RangeError);
  });
});

test('no periods cost nothing', () => {
  const priced = priceSession({
    tariff: tariff([always(energy('1', 1))]),
    timeZone,
    session: { startedAt: MONDAY_10, endedAt: MONDAY_10, periods: [] },
  });
  expect(priced).toMatchObject({ total: { beforeTaxes: '0.00' }, lines: [], costs: {} });
});

test.each([
  ['0.1667', 600],
  ['1.973', 7103],
  ['0.6667', 2400],
  ['2.5', 9000],
])('%s hours on the wire are %d seconds', (hours, seconds) => {
  expect(secondsFromHours(hours)).toBe(seconds);
});

import { always, energy, parkingTime, tariff, when } from './fixtures/story';
import { cutTimes, thresholds } from './thresholds';

const california = 'America/Los_Angeles';
const anyPrice = energy('0.10', 1);

describe('the bounds of a tariff', () => {
  test('are collected from all elements, ascending and once each', () => {
    const of = tariff([
      when({ startTime: '16:00', endTime: '21:00', minKwh: '9.5', maxPowerKw: '50' }, anyPrice),
      when({ startTime: '09:00', endTime: '16:00', maxKwh: '10', minPowerKw: '50.0', minCurrentA: '32' }, anyPrice),
      when({ startDate: '2026-06-01', endDate: '2026-10-01', minDurationSeconds: 3600, dayOfWeek: ['SUNDAY'] }, parkingTime('1.00', 60)),
      when({ maxDurationSeconds: 600 }, anyPrice),
      always(anyPrice),
    ]);
    expect(thresholds(of)).toEqual({
      timesOfDay: ['09:00', '16:00', '21:00'],
      dates: ['2026-06-01', '2026-10-01'],
      dependsOnWeekday: true,
      energyKwh: ['9.5', '10'],
      durationsSeconds: [600, 3600],
      powerKw: ['50', '50.0'],
      currentA: ['32'],
    });
  });

  test('a tariff without restrictions has none, and asks for no cut', () => {
    const of = tariff([always(anyPrice)]);
    expect(thresholds(of).timesOfDay).toEqual([]);
    expect(cutTimes(of, california, '2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z')).toEqual([]);
  });
});

describe('the instants at which to cut', () => {
  const evening = tariff([when({ startTime: '16:00', endTime: '21:00' }, anyPrice), always(anyPrice)]);

  test('times of day are local: 16:00 and 21:00 in California are 23:00 and 04:00 UTC in summer, an hour later in winter', () => {
    expect(cutTimes(evening, california, '2026-07-01T20:00:00Z', '2026-07-02T06:00:00Z')).toEqual([
      '2026-07-01T23:00:00.000Z',
      '2026-07-02T04:00:00.000Z',
    ]);
    expect(cutTimes(evening, california, '2026-12-01T20:00:00Z', '2026-12-02T06:00:00Z')).toEqual([
      '2026-12-02T00:00:00.000Z',
      '2026-12-02T05:00:00.000Z',
    ]);
  });

  test('neither the first nor the last instant is a cut', () => {
    expect(cutTimes(evening, california, '2026-07-01T23:00:00Z', '2026-07-02T04:00:00Z')).toEqual([]);
  });

  test('on the night that misses an hour, a bound within it falls on the jump', () => {
    const early = tariff([when({ startTime: '02:30', endTime: '05:00' }, anyPrice)]);
    expect(cutTimes(early, california, '2026-03-08T09:00:00Z', '2026-03-08T13:00:00Z')).toEqual([
      '2026-03-08T10:00:00.000Z',
      '2026-03-08T12:00:00.000Z',
    ]);
  });

  test('on the night that repeats an hour, a bound within it is met twice, and undone by the jump between', () => {
    const early = tariff([when({ startTime: '01:30', endTime: '05:00' }, anyPrice)]);
    expect(cutTimes(early, california, '2026-11-01T08:00:00Z', '2026-11-01T14:00:00Z')).toEqual([
      '2026-11-01T08:30:00.000Z',
      '2026-11-01T09:00:00.000Z',
      '2026-11-01T09:30:00.000Z',
      '2026-11-01T13:00:00.000Z',
    ]);
  });

  test('a weekday begins and ends at local midnight, a date at its own', () => {
    const sunday = tariff([when({ dayOfWeek: ['SUNDAY'] }, anyPrice)]);
    expect(cutTimes(sunday, california, '2026-06-06T12:00:00Z', '2026-06-08T12:00:00Z')).toEqual([
      '2026-06-07T07:00:00.000Z',
      '2026-06-08T07:00:00.000Z',
    ]);
    const june = tariff([when({ startDate: '2026-06-01' }, anyPrice)]);
    expect(cutTimes(june, california, '2026-05-30T00:00:00Z', '2026-06-05T00:00:00Z')).toEqual(['2026-06-01T07:00:00.000Z']);
  });

  test('durations count from the start of charging, which may lie before the stretch that is asked about', () => {
    const idle = tariff([when({ minDurationSeconds: 3600 }, parkingTime('1.00', 60))]);
    expect(cutTimes(idle, california, '2026-06-01T10:00:00Z', '2026-06-01T12:00:00Z')).toEqual(['2026-06-01T11:00:00.000Z']);
    expect(cutTimes(idle, california, '2026-06-01T10:00:00Z', '2026-06-01T12:00:00Z', '2026-06-01T09:30:00Z')).toEqual([
      '2026-06-01T10:30:00.000Z',
    ]);
  });
});

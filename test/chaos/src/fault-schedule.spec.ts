import { describeFault, faultSchedule, processes } from './fault-schedule';

describe('a schedule of faults', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(faultSchedule(7, 60_000)).toEqual(faultSchedule(7, 60_000));
    expect(faultSchedule(7, 60_000)).not.toEqual(faultSchedule(8, 60_000));
    expect(faultSchedule(7, 600_000).slice(0, 10)).toEqual(faultSchedule(7, 60_000).slice(0, 10));
  });

  it('has every kind of fault in the minute of the shortest run, and keeps the pace', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const schedule = faultSchedule(seed, 60_000);
      const names = new Set(schedule.map(({ fault }) => describeFault(fault)));
      for (const kind of [...processes.map((name) => `kill ${name}`), 'kill several at once', 'disk full (event store)']) {
        expect([seed, names.has(kind), kind]).toEqual([seed, true, kind]);
      }
      const gaps = schedule.slice(1).map(({ atMs }, index) => atMs - (schedule[index]?.atMs ?? 0));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(1_000);
    }
  });
});

import { levelAt, levelPeriods, levelsOf } from './budget-levels';

const evening = {
  limit: 100,
  windows: [
    { from: '17:00', until: '21:00', limit: 40 },
    { from: '22:30', until: '06:00', limit: 160 },
  ],
  timeZone: 'America/New_York',
};

describe('the windows of a budget', () => {
  it('hold by the local time of the site, also over midnight', () => {
    expect(levelsOf(evening)).toEqual([100, 40, 160]);
    // New York is five hours behind in winter and four in summer.
    expect(levelAt(evening, new Date('2026-01-15T22:00:00Z'))).toBe(1);
    expect(levelAt(evening, new Date('2026-07-15T21:00:00Z'))).toBe(1);
    expect(levelAt(evening, new Date('2026-07-15T20:59:00Z'))).toBe(0);
    expect(levelAt(evening, new Date('2026-01-16T04:00:00Z'))).toBe(2);
    expect(levelAt({}, new Date())).toBe(0);
  });

  it('are moments of the day that follows', () => {
    const from = new Date('2026-01-15T21:50:30Z');
    expect(levelPeriods(evening, from)).toEqual([
      { startPeriod: 0, level: 0 },
      { startPeriod: 570, level: 1 },
      { startPeriod: 570 + 4 * 3_600, level: 0 },
      { startPeriod: 570 + 5.5 * 3_600, level: 2 },
      { startPeriod: 570 + 13 * 3_600, level: 0 },
    ]);
    expect(levelPeriods({ windows: [] }, from)).toEqual([{ startPeriod: 0, level: 0 }]);
  });

  it('move with the clocks of the site: the night in which an hour is skipped is shorter', () => {
    // 8 March 2026 at 2:00 in New York.
    const night = levelPeriods(evening, new Date('2026-03-08T04:00:00Z'));
    expect(night[1]).toEqual({ startPeriod: 6 * 3_600, level: 0 });
  });
});

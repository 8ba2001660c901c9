import fc from 'fast-check';
import { monthIn, timeZoneOf } from './month';

describe('a month', () => {
  it.each([
    ['UTC', '2026-03', '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    ['UTC', '2026-12', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
    // Summer time begins and ends within these.
    ['Europe/Berlin', '2026-03', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['America/Los_Angeles', '2026-11', '2026-11-01T07:00:00.000Z', '2026-12-01T08:00:00.000Z'],
    ['Asia/Kathmandu', '2026-01', '2025-12-31T18:15:00.000Z', '2026-01-31T18:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-01', '2025-12-31T10:00:00.000Z', '2026-01-31T10:00:00.000Z'],
    // The clock went from 00:00 to 01:00 on the first of October.
    ['America/Asuncion', '2023-10', '2023-10-01T04:00:00.000Z', '2023-11-01T03:00:00.000Z'],
  ])('in %s, %s, is from %s to %s', (timeZone, month, from, until) => {
    expect(monthIn(timeZone, month)).toEqual({ from, until });
  });

  it('ends where the next one begins, and is the one that the wall shows', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/Havana', 'America/Asuncion', 'Australia/Lord_Howe', 'Asia/Beirut', 'UTC');
    fc.assert(
      fc.property(zones, fc.integer({ min: 2000, max: 2030 }), fc.integer({ min: 1, max: 11 }), (timeZone, year, number) => {
        const [month, next] = [number, number + 1].map((of) => `${year}-${String(of).padStart(2, '0')}`) as [string, string];
        const { from, until } = monthIn(timeZone, month);
        expect(monthIn(timeZone, next).from).toBe(until);
        const shown = (ms: number) => new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit' }).format(ms);
        expect([shown(Date.parse(from)), shown(Date.parse(until) - 1_000), shown(Date.parse(until))]).toEqual([month, month, next]);
      }),
    );
  });

  it('is in UTC for a party that has no time zone', () => {
    const zones = { 'US-CHG': 'America/Los_Angeles' };
    expect([timeZoneOf(zones, 'US-CHG'), timeZoneOf(zones, 'DE-ABC')]).toEqual(['America/Los_Angeles', 'UTC']);
  });
});

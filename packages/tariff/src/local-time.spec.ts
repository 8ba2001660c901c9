import { offsetChanges, offsetSeconds } from './local-time';

const at = (instant: string) => Date.parse(instant) / 1000;
const hours = (timeZone: string, instant: string) => offsetSeconds(timeZone, at(instant)) / 3600;

describe('the offset of a zone', () => {
  test.each([
    ['America/Los_Angeles', '2026-01-15T12:00:00Z', -8],
    ['America/Los_Angeles', '2026-07-15T12:00:00Z', -7],
    ['Asia/Kolkata', '2026-07-15T12:00:00Z', 5.5],
    ['Asia/Kathmandu', '2026-07-15T12:00:00Z', 5.75],
    ['Australia/Lord_Howe', '2026-01-15T12:00:00Z', 11],
    ['Australia/Lord_Howe', '2026-07-15T12:00:00Z', 10.5],
    ['Etc/UTC', '2026-07-15T12:00:00Z', 0],
  ])('%s at %s is %d hours', (timeZone, instant, expected) => {
    expect(hours(timeZone, instant)).toBe(expected);
  });

  test('is exact to the second around a change', () => {
    expect(hours('America/Los_Angeles', '2026-03-08T09:59:59Z')).toBe(-8);
    expect(hours('America/Los_Angeles', '2026-03-08T10:00:00Z')).toBe(-7);
    expect(hours('America/Los_Angeles', '2026-11-01T08:59:59Z')).toBe(-7);
    expect(hours('America/Los_Angeles', '2026-11-01T09:00:00Z')).toBe(-8);
  });

  test('changes where the law says: twice in 2026 in California, never in India', () => {
    const year = [at('2026-01-01T00:00:00Z'), at('2027-01-01T00:00:00Z')] as const;
    expect(offsetChanges('America/Los_Angeles', ...year)).toEqual([at('2026-03-08T10:00:00Z'), at('2026-11-01T09:00:00Z')]);
    expect(offsetChanges('Asia/Kolkata', ...year)).toEqual([]);
  });

  test('a change at the very end of the stretch is found, one at its start is not a change within it', () => {
    const change = at('2026-03-08T10:00:00Z');
    expect(offsetChanges('America/Los_Angeles', change - 60, change)).toEqual([change]);
    expect(offsetChanges('America/Los_Angeles', change, change + 60)).toEqual([]);
  });

  test('a zone that nobody knows is refused', () => {
    expect(() => offsetSeconds('Mars/Olympus', 0)).toThrow(RangeError);
  });
});

import fc from 'fast-check';
import { printTimestamp, readTimestamp } from './timestamp';

describe('RPC-52 timestamps', () => {
  test.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z', false],
    ['2026-03-01T10:00:00.1Z', '2026-03-01T10:00:00.100Z', false],
    ['2026-03-01T10:00:00.123987654Z', '2026-03-01T10:00:00.123Z', false],
    ['2026-03-01T10:00:00,5Z', '2026-03-01T10:00:00.500Z', false],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z', false],
    ['2026-03-01T10:00:00.000-0530', '2026-03-01T15:30:00.000Z', false],
    ['2026-03-01T10:00:00+02', '2026-03-01T08:00:00.000Z', false],
    ['2026-03-01T10:00Z', '2026-03-01T10:00:00.000Z', false],
    ['2026-03-01 10:00:00z', '2026-03-01T10:00:00.000Z', false],
    ['2026-12-31T23:59:60Z', '2027-01-01T00:00:00.000Z', false],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z', false],
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', false],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z', false],
    ['2026-03-01T10:00:00', '2026-03-01T10:00:00.000Z', true],
    ['2026-03-01T10:00:00.25', '2026-03-01T10:00:00.250Z', true],
  ])('%s is %s', (text, instant, zoneAssumed) => {
    const read = readTimestamp(text);
    expect(read?.zoneAssumed).toBe(zoneAssumed);
    expect(printTimestamp(read?.epochMilliseconds ?? Number.NaN)).toBe(instant);
  });

  test.each([
    '',
    'now',
    '2026-03-01',
    '2026-13-01T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2026-04-31T00:00:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T10:60:00Z',
    '1767225600',
  ])('%j is no timestamp', (text) => {
    expect(readTimestamp(text)).toBeUndefined();
  });

  test('what we print we read', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true }),
        (date) => {
          expect(readTimestamp(printTimestamp(date.getTime()))).toEqual({ epochMilliseconds: date.getTime(), zoneAssumed: false });
        },
      ),
    );
  });
});

import { fits } from '@evenkeel/contracts';
import { readDateTime, writeDateTime } from './date-time';
import { dateTime, strictOf } from './wire-schema';

describe('DateTime', () => {
  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.5Z', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01T10:00:00.123456', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T10:00:00+00:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01t10:00:00z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01 10:00:00.123456+00:00', '2026-03-01T10:00:00.123Z'],
  ])('TYP-2: reads %s', (text, instant) => {
    expect(readDateTime(text)).toBe(instant);
  });

  it.each([
    '2026-03-01',
    '2026-13-01T10:00:00Z',
    '0000-00-00T00:00:00Z',
    '2026-03-32T10:00:00Z',
    '2026-02-31T10:00:00Z',
    '2026-02-29T10:00:00Z',
    '2026-03-01T25:00:00Z',
    '2026-03-01T10:00:00+01:00',
    'yesterday',
    '',
  ])('does not read %p', (text) => {
    expect(readDateTime(text)).toBeUndefined();
  });

  it.each([
    ['2026-03-01T10:00:00Z', true],
    ['2026-03-01T10:00:00', true],
    ['2026-03-01T10:00:00.2Z', true],
    ['2026-03-01T10:00:00.2', true],
    ['2026-03-01T10:00:00.123Z', true],
    ['2026-03-01T10:00:00.123456Z', false],
    ['2026-03-01T10:00:00+00:00', false],
    ['2026-03-01 10:00:00Z', false],
  ])('TYP-2: a strict reader takes %s: %p', (text, isTaken) => {
    expect(fits(strictOf(dateTime), text)).toBe(isTaken);
    expect(fits(dateTime, text)).toBe(true);
  });

  it('TYP-2: writes at most 25 characters with milliseconds', () => {
    expect(writeDateTime('2026-03-01T10:00:00Z')).toBe('2026-03-01T10:00:00.000Z');
  });
});

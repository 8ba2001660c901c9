import { readDateTime, writeDateTime } from './date-time';

describe('DateTime', () => {
  it.each([
    ['2026-03-01T10:00:00Z', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01T10:00:00.5Z', '2026-03-01T10:00:00.500Z'],
    ['2026-03-01T10:00:00.123456', '2026-03-01T10:00:00.123Z'],
    ['2026-03-01T10:00:00+00:00', '2026-03-01T10:00:00.000Z'],
    ['2026-03-01t10:00:00z', '2026-03-01T10:00:00.000Z'],
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

  it('TYP-2: writes at most 25 characters with milliseconds', () => {
    expect(writeDateTime('2026-03-01T10:00:00Z')).toBe('2026-03-01T10:00:00.000Z');
  });
});

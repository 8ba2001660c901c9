import { nextPage, pageHeaders, readPageQuery } from './pagination';

const limits = { usual: 100, most: 1000 };
const list = 'https://cpo.example/ocpi/locations';

describe('a page', () => {
  it('SEC-4: is asked for with bounds, and a limit within the maximum', () => {
    expect(readPageQuery({}, limits)).toEqual({ offset: 0, limit: 100 });
    expect(readPageQuery({ date_from: '2026-03-01T10:00:00', offset: '20', limit: '5000' }, limits)).toEqual({
      from: '2026-03-01T10:00:00.000Z',
      offset: 20,
      limit: 1000,
    });
    expect(readPageQuery({ date_to: '2026-03-01T10:00:00 00:00' }, limits).to).toBe('2026-03-01T10:00:00.000Z');
  });

  it.each([{ limit: '0' }, { limit: '-1' }, { offset: 'x' }, { offset: ['1', '2'] }, { date_from: 'monday' }])(
    'is refused for %p',
    (query) => {
      expect(() => readPageQuery(query, limits)).toThrow(expect.objectContaining({ httpStatus: 200, statusCode: 2001 }));
    },
  );

  it('PAG-1, PAG-2: names the next one with all filters, and none on the last', () => {
    const query = { from: '2026-03-01T10:00:00.000Z', to: '2026-04-01T00:00:00.000Z', offset: 100, limit: 50 };
    const headers = pageHeaders(list, query, 151, limits);
    expect(headers).toMatchObject({ 'x-total-count': '151', 'x-limit': '1000' });
    const next = new URL(nextPage(headers.link, list) ?? '');
    expect(Object.fromEntries(next.searchParams)).toEqual({
      date_from: '2026-03-01T10:00:00.000Z',
      date_to: '2026-04-01T00:00:00.000Z',
      offset: '150',
      limit: '50',
    });
    expect(pageHeaders(list, query, 150, limits)).toEqual({ 'x-total-count': '150', 'x-limit': '1000' });
  });

  it('PAG-7: is followed only on the same host', () => {
    expect(nextPage('<https://cpo.example/ocpi/locations?offset=9>; rel="next"', list)).toBe(`${list}?offset=9`);
    expect(nextPage('</ocpi/locations?offset=9>; rel=next', list)).toBe(`${list}?offset=9`);
    expect(nextPage('<https://cpo.example/x>; rel="prev", <https://cpo.example/y>; rel="next"', list)).toBe('https://cpo.example/y');
    expect(nextPage('<https://cpo.example/x>; rel="prev"', list)).toBeUndefined();
    expect(nextPage(undefined, list)).toBeUndefined();
    expect(() => nextPage('<https://thief.example/x>; rel="next"', list)).toThrow('another host');
  });
});

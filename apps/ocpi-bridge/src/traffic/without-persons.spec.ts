import { pathWithoutPersons, personsIn, textWithoutPersons } from './without-persons';

describe('a path that is written down', () => {
  it.each([
    ['/ocpi/cpo/2.2.1/tokens/US/RAW/CARD1', '/ocpi/cpo/2.2.1/tokens/US/RAW/[token]'],
    ['/ocpi/cpo/2.2.1/tokens/US/RAW/CARD1?type=RFID', '/ocpi/cpo/2.2.1/tokens/US/RAW/[token]'],
    ['/ocpi/cpo/2.2.1/tokens/US/RAW/CARD1/CARD2', '/ocpi/cpo/2.2.1/tokens/US/RAW/[token]/[token]'],
    ['/ocpi/emsp/2.2.1/tokens/CARD1/authorize?type=RFID', '/ocpi/emsp/2.2.1/tokens/[token]/authorize'],
    ['/ocpi/emsp/2.2.1/tokens/authorize/authorize', '/ocpi/emsp/2.2.1/tokens/[token]/authorize'],
    ['/ocpi/emsp/2.2.1/tokens/authorize', '/ocpi/emsp/2.2.1/tokens/[token]'],
    ['/ocpi/emsp/2.2.1/TOKENS/CARD1', '/ocpi/emsp/2.2.1/TOKENS/[token]'],
    ['/ocpi/emsp/2.2.1/tokens/US/RAW', '/ocpi/emsp/2.2.1/tokens/[token]/[token]'],
    ['https://mob.example/tokens/US/MOB/CARD1/', '/tokens/US/MOB/[token]/'],
    ['https://mob.example/ocpi/sessions/US/CHG/s-1', '/ocpi/sessions/US/CHG/s-1'],
    ['https://mob.example', '/'],
  ])('%s -> %s', (url, path) => {
    expect(pathWithoutPersons(url)).toBe(path);
  });

  it('keeps of the query only what pages a list, and only where it could', () => {
    const query = 'date_from=2026-01-01T00:00:00Z&limit=5&offset=10&token=secret&contract=US-RAW-1';
    expect(pathWithoutPersons(`/ocpi/cpo/2.2.1/cdrs?${query}`)).toBe(
      '/ocpi/cpo/2.2.1/cdrs?date_from=2026-01-01T00%3A00%3A00Z&offset=10&limit=5',
    );
    expect(pathWithoutPersons('/tokens?limit=a%20name%20of%20somebody')).toBe('/tokens');
  });
});

describe('whom a request is about', () => {
  it('is in its path and in every object that names a contract', () => {
    const body = { id: 'CDR-1', evses: [{ uid: 'E1' }], cdr_token: { uid: 'CARD1', contract_id: 'US-RAW-1', type: 'RFID' } };
    expect(personsIn('/cdrs', body)).toEqual(['CARD1', 'US-RAW-1']);
    expect(personsIn('/tokens/US/RAW/CARD%201', [{ uid: 'X', auth_id: 'A', visual_number: 'V' }])).toEqual([
      'CARD%201',
      'CARD 1',
      'X',
      'A',
      'V',
    ]);
    expect(personsIn('/cdrs', { auth_id: 'US-RAW-1', id: 'CDR-1' })).toEqual(['US-RAW-1']);
    expect(personsIn('/locations/US/RAW/L1', undefined)).toEqual([]);
  });

  it('is left out of what is said, in whatever case, the longer name first', () => {
    expect(textWithoutPersons('card1 of US-RAW-CARD1 is unknown', ['CARD1', 'US-RAW-CARD1'])).toBe('[token] of [token] is unknown');
    expect(textWithoutPersons('a (b) is unknown', ['(b)'])).toBe('a [token] is unknown');
    expect(textWithoutPersons('nothing', [])).toBe('nothing');
    expect(textWithoutPersons('x'.repeat(2_000), ['CARD1'])).toHaveLength(500);
  });
});

import { readAuthorization, writeAuthorization } from './authorization';

describe('the Authorization header', () => {
  it('AUT-1: carries the token as Base64', () => {
    expect(writeAuthorization('abc-123')).toBe('Token YWJjLTEyMw==');
    expect(readAuthorization('Token YWJjLTEyMw==')[0]).toBe('abc-123');
  });

  it.each([
    ['with a line break inside', `Token ${Buffer.from('abc-123\n').toString('base64')}`, 'abc-123'],
    ['in another case', 'token YWJjLTEyMw==', 'abc-123'],
    ['with blanks at the end', 'Token YWJjLTEyMw==  ', 'abc-123'],
    ['raw', 'Token abc-123', 'abc-123'],
  ])('AUT-2: is understood %s', (_, header, token) => {
    expect(readAuthorization(header)).toContain(token);
  });

  it('offers a raw token that looks like Base64 in both readings', () => {
    expect(readAuthorization('Token YWJjLTEyMw==')).toEqual(['abc-123', 'YWJjLTEyMw==']);
  });

  it.each([undefined, '', 'Basic abc', 'Token', 'Token a b'])('is nothing in %p', (header) => {
    expect(readAuthorization(header)).toEqual([]);
  });
});

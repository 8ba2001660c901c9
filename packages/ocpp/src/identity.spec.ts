import fc from 'fast-check';
import { foldIdentity, identityFitsVersion, readIdentity } from './identity';

describe('the identity in the URL', () => {
  test.each([
    ['RPC-1 the last segment', '/tenant/ocpp/CP01', 'CP01', '/tenant/ocpp'],
    ['RPC-1 without any base path', '/CP01', 'CP01', ''],
    ['RPC-2 an escaped pipe', '/ocpp/RDAM%7C123', 'RDAM|123', '/ocpp'],
    ['RPC-2 an escaped space', '/ocpp/RDAM%20123', 'RDAM 123', '/ocpp'],
    ['RPC-2 an escaped slash does not split the path', '/ocpp/A%2FB', 'A/B', '/ocpp'],
    ['RPC-2 decoding happens once', '/ocpp/A%2541', 'A%41', '/ocpp'],
    ['RPC-2 UTF-8', '/ocpp/%C3%84', 'Ä', '/ocpp'],
    ['RPC-9 the query is ignored', '/ocpp/CP01?next=/x/y', 'CP01', '/ocpp'],
    ['RPC-9 one trailing slash is tolerated', '/ocpp/CP01/', 'CP01', '/ocpp'],
  ])('%s: %s', (_rule, target, identity, basePath) => {
    expect(readIdentity(target)).toEqual({ identity, key: foldIdentity(identity), basePath });
  });

  test.each([
    ['RPC-2 a broken escape', '/ocpp/CP%G1', 400, 'invalidEscape'],
    ['RPC-2 an escape that is not UTF-8', '/ocpp/CP%FF', 400, 'invalidEscape'],
    ['RPC-2 a control character', '/ocpp/CP%00', 400, 'controlCharacter'],
    ['RPC-3 more than 48 characters', `/ocpp/${'x'.repeat(49)}`, 400, 'tooLong'],
    ['RPC-9 nothing', '/', 404, 'empty'],
    ['RPC-9 two trailing slashes', '/ocpp//', 404, 'empty'],
  ])('%s is refused: %s', (_rule, target, status, reason) => {
    expect(readIdentity(target)).toEqual({ status, reason });
  });

  test('RPC-2 every identity survives its encoding', () => {
    const printable = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/\p{Cc}/u.test(text) && text.length <= 48);
    fc.assert(
      fc.property(printable, (identity) => {
        expect(readIdentity(`/ocpp/${encodeURIComponent(identity)}`)).toMatchObject({ identity, basePath: '/ocpp' });
      }),
    );
  });

  test('RPC-4 cp01 and CP01 are one station; only ASCII letters fold', () => {
    expect(foldIdentity('CP-01é')).toBe('cp-01é');
    expect(foldIdentity('CPÉ\u212a')).toBe('cpÉ\u212a');
  });

  test.each([
    ['AZaz09*-_=+|@.', true],
    ['a:b', false],
    ['a b', false],
    ['x'.repeat(49), false],
  ])('RPC-3 OCPP 2.x limits the characters, 1.6 does not: %s', (identity, allowed) => {
    expect(identityFitsVersion(identity, '2.0.1')).toBe(allowed);
    expect(identityFitsVersion(identity, '1.6')).toBe(true);
  });
});

import { SessionTokens } from './session-tokens';

const HOUR_MS = 3_600_000;
const ada = { username: 'ada', role: 'operator' as const };

describe('session tokens', () => {
  let now = Date.UTC(2026, 2, 1, 10);
  const tokens = new SessionTokens('ab'.repeat(32), 12, () => now);

  it('say who was logged in, until they expire', () => {
    const { token, expiresAt } = tokens.issue(ada);
    expect(expiresAt).toBe('2026-03-01T22:00:00.000Z');
    expect(tokens.verify(token)).toEqual(ada);
    now += 12 * HOUR_MS - 1;
    expect(tokens.verify(token)).toEqual(ada);
    now += 1;
    expect(tokens.verify(token)).toBeUndefined();
  });

  it('cannot be changed: no character of them', () => {
    const { token } = tokens.issue(ada);
    for (let at = 0; at < token.length; at += 1) {
      // The last character of base64url carries unused bits, so another one must differ in a used bit.
      const other = token[at] === 'Q' ? 'w' : 'Q';
      const changed = token.slice(0, at) + other + token.slice(at + 1);
      expect([at, tokens.verify(changed)]).toEqual([at, undefined]);
    }
  });

  it('cannot be made without the secret, nor promoted', () => {
    expect(tokens.verify(new SessionTokens('cd'.repeat(32), 12, () => now).issue(ada).token)).toBeUndefined();
    const [prefix, payload = '', signature] = tokens.issue(ada).token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const promoted = Buffer.from(JSON.stringify({ ...claims, role: 'admin' })).toString('base64url');
    expect(tokens.verify(`${prefix}.${promoted}.${signature}`)).toBeUndefined();
  });

  it.each(['', '.', '..', 'ek1..', 'ek1.e30.', 'eyJhbGciOiJub25lIn0.e30.', 'ek1.e30.AAAA.more', '\u0000'])('is not %j', (text) => {
    expect(tokens.verify(text)).toBeUndefined();
  });
});

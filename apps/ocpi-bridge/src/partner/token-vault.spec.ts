import { TokenVault } from './token-vault';

const vault = new TokenVault('0a'.repeat(32));

describe('the token vault', () => {
  it('HSK-7: gives a token back, sealed differently each time and found by the same hash', () => {
    const [first, second] = [vault.seal('secret-token'), vault.seal('secret-token')];
    expect(vault.open(first)).toBe('secret-token');
    expect(first.sealed).not.toBe(second.sealed);
    expect(first.hash).toBe(second.hash);
    expect(first.hash).toBe(vault.hashOf('secret-token'));
    expect(JSON.stringify(first)).not.toContain('secret-token');
  });

  it('does not open what another key sealed, or what was changed', () => {
    const other = new TokenVault('0b'.repeat(32));
    const sealed = other.seal('secret-token');
    expect(() => vault.open(sealed)).toThrow();
    expect(vault.hashOf('secret-token')).not.toBe(sealed.hash);
    const bytes = Buffer.from(vault.seal('secret-token').sealed, 'base64');
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    expect(() => vault.open({ sealed: bytes.toString('base64'), hash: '' })).toThrow();
  });

  it('makes tokens that fit OCPI and never repeat', () => {
    const tokens = Array.from({ length: 100 }, () => vault.newToken());
    expect(new Set(tokens).size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[\x21-\x7e]{40,64}$/);
  });
});

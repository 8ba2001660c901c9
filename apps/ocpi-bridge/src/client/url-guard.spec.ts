import type { LookupAddress } from 'node:dns';
import { UrlGuard } from './url-guard';

const guard = new UrlGuard(false);

describe('the guard of partner addresses', () => {
  it.each(['https://partner.example/ocpi/versions', 'https://8.8.8.8/ocpi', 'https://[2606:4700::1111]/ocpi'])('follows %s', (url) => {
    expect(guard.check(url).href).toContain('ocpi');
  });

  it.each([
    'http://partner.example/ocpi',
    'ftp://partner.example/ocpi',
    'file:///etc/passwd',
    'no address',
    'https://user:secret@partner.example/ocpi',
    'https://127.0.0.1/ocpi',
    'https://2130706433/ocpi',
    'https://0x7f.1/ocpi',
    'https://10.1.2.3/ocpi',
    'https://100.64.0.1/ocpi',
    'https://169.254.169.254/latest',
    'https://172.16.0.1/ocpi',
    'https://192.168.1.1/ocpi',
    'https://0.0.0.0/ocpi',
    'https://[::1]/ocpi',
    'https://[::ffff:127.0.0.1]/ocpi',
    'https://[fd00::1]/ocpi',
    'https://[fe80::1]/ocpi',
    'https://[64:ff9b::7f00:1]/ocpi',
  ])('SEC-1: does not follow %s', (url) => {
    expect(() => guard.check(url)).toThrow('is not followed');
  });

  it('follows everything where it was told to', () => {
    expect(new UrlGuard(true).check('http://127.0.0.1:9230/ocpi').port).toBe('9230');
  });

  it('SEC-1: does not connect to a name that leads inside', async () => {
    const resolve = (by: UrlGuard) =>
      new Promise<string | LookupAddress[]>((resolve, fail) => {
        by.lookup('localhost', { all: true }, (error, addresses) => (error ? fail(error) : resolve(addresses)));
      });
    await expect(resolve(guard)).rejects.toThrow('no public address');
    expect((await resolve(new UrlGuard(true))).length).toBeGreaterThan(0);
  });
});

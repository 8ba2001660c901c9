import { randomBytes } from 'node:crypto';
import { digestOf, joined, open, seal, unwrap, wrap } from './sealing';

const key = (id: string) => ({ id, secret: randomBytes(32) });
const [driver, token, other] = [key('driver'), key('token'), key('other')] as const;

describe('a sealed text', () => {
  it('opens with all of its keys, and with fewer or others not at all', () => {
    const sealed = seal(joined([token, driver]), 'Ada Ludwigsdottir');
    expect(sealed.keys).toEqual(['token', 'driver']);
    expect(open(joined([token, driver]), sealed)).toBe('Ada Ludwigsdottir');
    for (const keys of [[token], [driver], [token, other], []]) expect(() => open(joined(keys), sealed)).toThrow();
  });

  it('says nothing of its content, differs each time, and does not open when it was changed', () => {
    const [first, second] = [seal(joined([driver]), 'Ada'), seal(joined([driver]), 'Ada')];
    expect(first.text).not.toBe(second.text);
    expect(Buffer.from(first.text, 'base64').toString('latin1')).not.toContain('Ada');
    const bytes = Buffer.from(first.text, 'base64');
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    expect(() => open(joined([driver]), { ...first, text: bytes.toString('base64') })).toThrow();
  });

  it('has a digest that is the same under the same keys only', () => {
    expect(digestOf(joined([driver]), 'Ada')).toBe(digestOf(joined([driver]), 'Ada'));
    expect(digestOf(joined([driver]), 'Ada')).not.toBe(digestOf(joined([other]), 'Ada'));
  });
});

describe('a wrapped key', () => {
  it('opens with its master key and for its subject only', () => {
    const [master, secret] = [randomBytes(32), randomBytes(32)];
    const wrapped = wrap(master, secret, 'driver-1');
    expect(unwrap(master, wrapped, 'driver-1')).toEqual(secret);
    expect(() => unwrap(master, wrapped, 'driver-2')).toThrow();
    expect(() => unwrap(randomBytes(32), wrapped, 'driver-1')).toThrow();
  });
});

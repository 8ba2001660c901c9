import { AddressBlocks, clientAddress } from './client-address';

describe('address blocks', () => {
  const blocks = new AddressBlocks(['192.0.2.0/24', '198.51.100.7', '2001:db8::/32']);

  it.each(['192.0.2.1', '192.0.2.255', '198.51.100.7', '2001:db8:1::1', '::ffff:192.0.2.9'])('have %s in them', (address) => {
    expect(blocks.has(address)).toBe(true);
  });

  it.each(['192.0.3.1', '198.51.100.8', '2001:db9::1', '', 'unknown'])('do not have "%s"', (address) => {
    expect(blocks.has(address)).toBe(false);
  });

  it.each(['192.0.2.0/33', '2001:db8::/129', '192.0.2.0/', '192.0.2.0/x', 'example.com', '1.2.3', '192.0.2.0/-1'])(
    'are not "%s"',
    (block) => {
      expect(() => new AddressBlocks([block])).toThrow(RangeError);
    },
  );
});

describe('the address of a client', () => {
  const none = new AddressBlocks([]);
  const proxies = new AddressBlocks(['10.0.0.0/8', '127.0.0.1']);

  it('is the socket’s, whatever anybody writes', () => {
    expect(clientAddress('203.0.113.9', '192.0.2.1', none)).toBe('203.0.113.9');
    expect(clientAddress('203.0.113.9', '192.0.2.1', proxies)).toBe('203.0.113.9');
    expect(clientAddress('::ffff:203.0.113.9', undefined, none)).toBe('203.0.113.9');
  });

  it('is the one that the outermost trusted proxy has seen', () => {
    expect(clientAddress('10.0.0.1', '192.0.2.1', proxies)).toBe('192.0.2.1');
    expect(clientAddress('127.0.0.1', '192.0.2.1, 10.0.0.2', proxies)).toBe('192.0.2.1');
    // What the client itself has written in front is not believed.
    expect(clientAddress('10.0.0.1', '192.0.2.1, 203.0.113.9', proxies)).toBe('203.0.113.9');
  });

  it('is the proxy’s own where the proxy says none', () => {
    expect(clientAddress('10.0.0.1', undefined, proxies)).toBe('10.0.0.1');
    expect(clientAddress('10.0.0.1', 'unknown', proxies)).toBe('10.0.0.1');
  });
});

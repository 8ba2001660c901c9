// Where a request comes from, and whether that is within somebody's address blocks. X-Forwarded-For is anybody's word: of it only what a trusted
// proxy has put there counts, read from the end, and without trusted proxies the address is the socket's.
import { BlockList, isIP } from 'node:net';

export class AddressBlocks {
  private readonly list = new BlockList();

  /** @throws RangeError for a text that is no address and no CIDR block. */
  constructor(blocks: readonly string[]) {
    for (const block of blocks) {
      const [address = '', prefix] = block.split('/', 2);
      const family = isIP(address);
      const longest = family === 4 ? 32 : 128;
      const length = prefix === undefined ? longest : Number(prefix);
      if (family === 0 || !/^\d*$/.test(prefix ?? '') || prefix === '' || length > longest)
        throw new RangeError(`${block} is no address block`);
      this.list.addSubnet(address, length, family === 4 ? 'ipv4' : 'ipv6');
    }
  }

  has(address: string): boolean {
    const plain = withoutMapping(address);
    const family = isIP(plain);
    return family !== 0 && this.list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
  }
}

/** @param forwardedFor the header X-Forwarded-For, as it came. */
export function clientAddress(socketAddress: string, forwardedFor: string | undefined, trustedProxies: AddressBlocks): string {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim());
  let address = withoutMapping(socketAddress);
  while (trustedProxies.has(address)) {
    const before = withoutMapping(hops.pop() ?? '');
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** An IPv4 address on an IPv6 socket (RFC 4291 section 2.5.5.2) is that IPv4 address. */
function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

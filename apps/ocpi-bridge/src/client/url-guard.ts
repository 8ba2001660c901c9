// Addresses that partners give us are followed only into the public internet, and by TLS: otherwise a partner could have us call our own
// network, and hand it a token on the way (server-side request forgery).
import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { OcpiProblem, statusCodes } from '@evenkeel/ocpi';

const notPublic = new BlockList();
// IANA special-purpose address registries (RFC 6890): everything that is not globally reachable, and multicast.
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  notPublic.addSubnet(net, prefix, 'ipv4');
}
for (const [net, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  notPublic.addSubnet(net, prefix, 'ipv6');
}

export class UrlGuard {
  constructor(private readonly allowPrivate: boolean) {}

  /** @throws OcpiProblem 2001 for an address that we do not follow. Names are checked again when they are resolved. */
  check(address: string): URL {
    let url: URL;
    try {
      url = new URL(address);
    } catch {
      throw refusal('an address', 'it is no URL');
    }
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.allowPrivate)) throw refusal(url.origin, 'it is not https');
    if (url.username !== '' || url.password !== '') throw refusal(url.origin, 'it carries a user or a password');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !this.isAllowed(host)) throw refusal(url.origin, 'its address is not public');
    return url;
  }

  /** Resolves a name at the very connection, so that nobody can change the answer between the check and the use. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '');
      const allowed = addresses.filter(({ address }) => this.isAllowed(address));
      const [first] = allowed;
      if (!first) return callback(new Error(`${hostname} has no public address`), '');
      if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };

  private isAllowed(address: string): boolean {
    if (this.allowPrivate) return true;
    // An IPv4 address in IPv6 clothes (::ffff:127.0.0.1) is judged as what it is.
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
    const plain = mapped ?? address;
    return !notPublic.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
  }
}

/** Without the path: it may hold the uid of a token. */
function refusal(origin: string, why: string): OcpiProblem {
  return OcpiProblem.invalid(`${origin.slice(0, 200)} is not followed: ${why}`, statusCodes.invalidParameters);
}

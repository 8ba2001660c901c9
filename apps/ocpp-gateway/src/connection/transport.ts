// What the transport proves about a connection before anybody has said a word: whether it is TLS, and whose client certificate came with it.
// Each listener has its own source of these facts, so that nothing that a client writes can pass for one.
import { createHash, timingSafeEqual, X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Request } from '@evenkeel/contracts';
import { pemBlocks } from '@evenkeel/pki';
import type { ClientCertificates } from './client-certificates';

export type TransportFacts = Required<Pick<Request<'admitStation'>, 'transport'>> & Pick<Request<'admitStation'>, 'certificate'>;

/** @returns nothing for a request that must not come through this listener. */
export type ReadTransport = (request: IncomingMessage) => Promise<TransportFacts | undefined>;

/** Certificates of a client need not be many. */
const LONGEST_CHAIN = 8;

export const readPlain: ReadTransport = async () => ({ transport: 'plain' });

/** TLS ends here. */
export function readTls(certificates: ClientCertificates): ReadTransport {
  return async ({ socket }) => {
    if (!(socket instanceof TLSSocket)) return undefined;
    const presented: X509Certificate[] = [];
    let next = socket.getPeerX509Certificate();
    while (next && presented.length < LONGEST_CHAIN) {
      presented.push(next);
      next = next.issuerCertificate;
    }
    return { transport: 'tls', ...(await certificates.judge(presented)) };
  };
}

/**
 * TLS has ended in a proxy that knows the secret, and tells the client's certificate in the headers of RFC 9440. What a stranger writes
 * into these headers is never read, because the listeners that strangers reach do not look at them.
 */
export function readProxied(certificates: ClientCertificates, secret: string): ReadTransport {
  return async ({ headers }) => {
    if (!isSame(headerOf(headers['x-proxy-secret']), secret)) return undefined;
    const [leaf, ...chain] = [headers['client-cert'], headers['client-cert-chain']].map((header) => certificatesIn(headerOf(header)));
    const presented = [...(leaf ?? []), ...chain.flat()].slice(0, LONGEST_CHAIN);
    return { transport: 'tls', ...(await certificates.judge(presented)) };
  };
}

/** RFC 9440 writes DER in base64 between colons; some proxies can only write PEM with percent escapes. */
function certificatesIn(header: string): X509Certificate[] {
  const encoded = [...header.matchAll(/:([A-Za-z0-9+/=]+):/g)].map(([, base64 = '']) => Buffer.from(base64, 'base64'));
  return (encoded.length > 0 ? encoded : pemBlocks(decodeURIComponent(header))).map((each) => new X509Certificate(each));
}

function headerOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? value.join(', ') : (value ?? '');
}

function isSame(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

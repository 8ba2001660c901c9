// Whether a certificate descends from a root that we trust. TLS itself tells only the last of several errors: a certificate that is expired
// and of an unknown authority would pass for merely expired there.
import type { KeyObject, X509Certificate } from 'node:crypto';

export type ChainVerdict =
  | 'valid'
  /** Everything is right but the time: the one fault that may be forgiven. */
  | 'expired'
  | 'not-yet-valid'
  /** It leads to no root of ours, or over an authority that may not vouch for it now. */
  | 'untrusted'
  /** Its key is too weak, or it is not meant for clients. */
  | 'unfit';

export interface VerifiedChain {
  readonly verdict: ChainVerdict;
  /** Leaf first, as far as it could be followed; ends with the root where one was reached. */
  readonly path: readonly X509Certificate[];
}

/** Longer paths are nobody's PKI. */
const MOST_AUTHORITIES = 5;
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';
const SMALLEST_RSA_BITS = 2_048;
const GOOD_CURVES = ['prime256v1', 'secp224r1', 'secp384r1', 'secp521r1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'];

/** @param presented the leaf first, then what else came with it in any order. */
export function verifyClientChain(
  presented: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: Date,
): VerifiedChain | undefined {
  const [leaf, ...others] = presented;
  if (leaf === undefined) return undefined;
  const path = pathToRoot(leaf, others, roots);
  const [, ...authorities] = path;
  const root = authorities.at(-1);
  if (root === undefined || !roots.includes(root) || authorities.some((each) => timeOf(each, at) !== 'valid')) {
    return { verdict: 'untrusted', path };
  }
  const purposes: readonly string[] | undefined = leaf.keyUsage;
  if (!isStrongKey(leaf.publicKey) || leaf.ca || (purposes !== undefined && !purposes.includes(CLIENT_AUTHENTICATION))) {
    return { verdict: 'unfit', path };
  }
  return { verdict: timeOf(leaf, at), path };
}

export function isStrongKey(key: KeyObject): boolean {
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return (modulusLength ?? 0) >= SMALLEST_RSA_BITS;
  return key.asymmetricKeyType === 'ec' && GOOD_CURVES.includes(namedCurve ?? '');
}

export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function pathToRoot(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
): readonly X509Certificate[] {
  const path = [leaf];
  for (let last = leaf; path.length <= MOST_AUTHORITIES; ) {
    const root = roots.find((each) => isIssuedBy(last, each));
    if (root) return [...path, root];
    const issuer = others.find((each) => !path.includes(each) && isIssuedBy(last, each));
    if (!issuer) return path;
    path.push(issuer);
    last = issuer;
  }
  return path;
}

function timeOf(certificate: X509Certificate, at: Date): 'valid' | 'expired' | 'not-yet-valid' {
  if (at < new Date(certificate.validFrom)) return 'not-yet-valid';
  return at > new Date(certificate.validTo) ? 'expired' : 'valid';
}

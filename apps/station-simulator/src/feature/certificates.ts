// The certificates of a station: roots that the back end installs, and its own, for which it makes the key and asks for a signature.
import { createHash, createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { bitString, der, distinguishedName, objectIdentifier, readAll, sequence, smallInteger } from './der';

export interface CertificateHashData {
  readonly hashAlgorithm: 'SHA256';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export interface InstalledCertificate<Type extends string = string> {
  readonly type: Type;
  readonly hashData: CertificateHashData;
  readonly children: readonly CertificateHashData[];
}

interface SigningRequest {
  readonly key: string;
  readonly csr: string;
}

const COMMON_NAME = '2.5.4.3';
const ORGANIZATION = '2.5.4.10';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
/** Where issuer and public key stand in a TBSCertificate that begins with its version (RFC 5280 section 4.1). */
const ISSUER_INDEX = 3;
const PUBLIC_KEY_INDEX = 6;

export class Certificates {
  private installed: InstalledCertificate[] = [];
  private readonly asked = new Map<string, SigningRequest>();

  /** OCPP 2.0.1 M05: what is no valid certificate is rejected; what does not fit into the store fails. */
  install(type: string, pem: string, mostCertificates: number): 'Accepted' | 'Rejected' | 'Failed' {
    const [certificate] = readChain(pem);
    if (certificate === undefined || Date.parse(certificate.validTo) < Date.now()) return 'Rejected';
    const hashData = hashDataOf(certificate, certificate);
    const others = this.installed.filter((each) => !isSame(each.hashData, hashData) || each.type !== type);
    if (others.length >= mostCertificates) return 'Failed';
    this.installed = [...others, { type, hashData, children: [] }];
    return 'Accepted';
  }

  list(types: readonly string[] | undefined): readonly InstalledCertificate[] {
    return this.installed.filter(({ type }) => types === undefined || types.includes(type));
  }

  /** OCPP 2.0.1 M04: the station's own certificate is not for the back end to delete. */
  remove(hashData: { issuerNameHash: string; issuerKeyHash: string; serialNumber: string }): 'Accepted' | 'NotFound' {
    const rest = this.installed.filter((each) => !isSame(each.hashData, hashData));
    const wasThere = rest.length < this.installed.length;
    this.installed = rest;
    return wasThere ? 'Accepted' : 'NotFound';
  }

  /** A PKCS#10 request (PEM) for a new P-256 key. The same request is repeated until it is answered. */
  signingRequest(purpose: string, commonName: string, organization: string): string {
    const known = this.asked.get(purpose);
    if (known !== undefined) return known.csr;
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const subject = distinguishedName([
      [ORGANIZATION, organization],
      [COMMON_NAME, commonName],
    ]);
    const spki = publicKey.export({ type: 'spki', format: 'der' });
    const noAttributes = der(0xa0);
    const info = sequence(smallInteger(0), subject, spki, noAttributes);
    const request = sequence(info, sequence(objectIdentifier(ECDSA_WITH_SHA256)), bitString(sign('sha256', info, privateKey)));
    const csr = pemOf('CERTIFICATE REQUEST', request);
    this.asked.set(purpose, { csr, key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() });
    return csr;
  }

  /** The key of a signed chain that fits the request, or undefined when the station cannot use it. */
  acceptSigned(purpose: string, chainPem: string): { readonly chain: string; readonly key: string } | undefined {
    const request = this.asked.get(purpose);
    const [leaf, ...issuers] = readChain(chainPem);
    if (request === undefined || leaf === undefined || !leaf.checkPrivateKey(createPrivateKey(request.key))) return undefined;
    this.asked.delete(purpose);
    if (purpose.startsWith('V2G')) this.keepChain(leaf, issuers);
    return { chain: chainPem, key: request.key };
  }

  private keepChain(leaf: X509Certificate, issuers: readonly X509Certificate[]): void {
    const hashData = hashDataOf(leaf, issuers[0] ?? leaf);
    const children = issuers.map((issuer, index) => hashDataOf(issuer, issuers[index + 1] ?? issuer));
    this.installed = [
      ...this.installed.filter(({ type }) => type !== 'V2GCertificateChain'),
      { type: 'V2GCertificateChain', hashData, children },
    ];
  }
}

function readChain(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

/** OCSP's CertID (RFC 6960 section 4.1.1), as OCPP names certificates. */
function hashDataOf(certificate: X509Certificate, issuer: X509Certificate): CertificateHashData {
  return {
    hashAlgorithm: 'SHA256',
    issuerNameHash: sha256(partOf(certificate, ISSUER_INDEX)),
    issuerKeyHash: sha256(publicKeyBits(issuer)),
    serialNumber: certificate.serialNumber.toLowerCase().replace(/^0+(?=.)/, ''),
  };
}

function partOf(certificate: X509Certificate, index: number): Buffer {
  const [whole] = readAll(certificate.raw);
  const [body] = readAll(whole?.content ?? Buffer.alloc(0));
  return readAll(body?.content ?? Buffer.alloc(0))[index]?.encoded ?? Buffer.alloc(0);
}

/** The bit string of the key without its tag, length and count of unused bits. */
function publicKeyBits(certificate: X509Certificate): Buffer {
  const [info] = readAll(partOf(certificate, PUBLIC_KEY_INDEX));
  const bits = readAll(info?.content ?? Buffer.alloc(0))[1]?.content ?? Buffer.alloc(0);
  return bits.subarray(1);
}

function isSame(
  one: { issuerNameHash: string; issuerKeyHash: string; serialNumber: string },
  other: { issuerNameHash: string; issuerKeyHash: string; serialNumber: string },
): boolean {
  const text = (data: typeof one) => [data.issuerNameHash, data.issuerKeyHash, data.serialNumber].join(' ').toLowerCase();
  return text(one) === text(other);
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function pemOf(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}

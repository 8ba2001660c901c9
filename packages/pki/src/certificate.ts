// What a certificate says about its holder, read with Node's own parser: no ASN.1 of ours stands between a station and its admission.
import type { X509Certificate } from 'node:crypto';

export interface CertificateFacts {
  /** Absent when the subject names none, or several: then it names nobody. */
  readonly commonName?: string;
  readonly organization?: string;
  /** Hexadecimal digits without leading zeroes, as OCPP writes serial numbers. */
  readonly serialNumber: string;
  /** SHA-256 over the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** RFC 3339 UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  const { CN: commonName, O: organization } = certificate.toLegacyObject().subject;
  return {
    ...(isSingle(commonName) ? { commonName } : {}),
    ...(isSingle(organization) ? { organization } : {}),
    serialNumber: withoutLeadingZeroes(certificate.serialNumber),
    fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notBefore: new Date(certificate.validFrom).toISOString(),
    notAfter: new Date(certificate.validTo).toISOString(),
  };
}

export function withoutLeadingZeroes(hexadecimal: string): string {
  return hexadecimal.toLowerCase().replace(/^0+(?=.)/, '');
}

/** @returns the blocks of a PEM text, in its order; whatever stands between them is skipped. */
export function pemBlocks(text: string, label = 'CERTIFICATE'): string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, 'g')) ?? [];
}

export function toPem(der: Uint8Array, label = 'CERTIFICATE'): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** A subject that repeats a name is an array here, whatever the declared type says. */
function isSingle(name: unknown): name is string {
  return typeof name === 'string' && name !== '';
}

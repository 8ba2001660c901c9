// How OCPP names a certificate: by hashes of its issuer's name and key, and by its serial number (OCPP 2.0.1 CertificateHashDataType, which
// is the CertID of RFC 6960 section 4.1.1).
import { createHash, type X509Certificate } from 'node:crypto';
import { AsnConvert, AsnSerializer } from '@peculiar/asn1-schema';
import { Certificate } from '@peculiar/asn1-x509';
import { withoutLeadingZeroes } from './certificate';

export type HashAlgorithm = 'SHA256' | 'SHA384' | 'SHA512';

export interface CertificateHashData {
  readonly hashAlgorithm: HashAlgorithm;
  /** Hexadecimal digits. */
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  /** Hexadecimal digits without leading zeroes. */
  readonly serialNumber: string;
}

export function certificateHashData(
  certificate: X509Certificate,
  issuer: X509Certificate,
  hashAlgorithm: HashAlgorithm = 'SHA256',
): CertificateHashData {
  return { ...issuerHashes(issuer, hashAlgorithm), hashAlgorithm, serialNumber: withoutLeadingZeroes(certificate.serialNumber) };
}

export function issuerHashes(issuer: X509Certificate, algorithm: string): Pick<CertificateHashData, 'issuerNameHash' | 'issuerKeyHash'> {
  const { subject, subjectPublicKeyInfo } = AsnConvert.parse(issuer.raw, Certificate).tbsCertificate;
  const hash = (bytes: ArrayBuffer) => createHash(algorithm).update(Buffer.from(bytes)).digest('hex');
  return { issuerNameHash: hash(AsnSerializer.serialize(subject)), issuerKeyHash: hash(subjectPublicKeyInfo.subjectPublicKey) };
}

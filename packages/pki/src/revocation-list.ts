// Certificate revocation lists (RFC 5280 section 5), for authorities that publish one instead of running a responder.
import { verify, X509Certificate } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate, CertificateList } from '@peculiar/asn1-x509';
import { pemBlocks, withoutLeadingZeroes } from './certificate';
import { SIGNATURE_HASHES } from './signature-algorithms';

export class RevocationList {
  private readonly serials: ReadonlySet<string>;

  private constructor(private readonly list: CertificateList) {
    const revoked = list.tbsCertList.revokedCertificates ?? [];
    this.serials = new Set(revoked.map(({ userCertificate }) => withoutLeadingZeroes(Buffer.from(userCertificate).toString('hex'))));
  }

  /** @param pem any number of lists. @throws for a block that is none. */
  static readAll(pem: string): RevocationList[] {
    return pemBlocks(pem, 'X509 CRL').map((block) => {
      const der = Buffer.from(block.replaceAll(/-----[^-]+-----/g, ''), 'base64');
      return new RevocationList(AsnConvert.parse(der, CertificateList));
    });
  }

  /** @returns nothing where the list is not of this issuer, or is out of date and does not name the certificate: revoked is for ever. */
  statusOf(certificate: X509Certificate, issuer: X509Certificate, at: Date): 'good' | 'revoked' | undefined {
    if (!this.isOf(issuer)) return undefined;
    if (this.serials.has(withoutLeadingZeroes(certificate.serialNumber))) return 'revoked';
    const nextUpdate = this.list.tbsCertList.nextUpdate?.getTime();
    return nextUpdate !== undefined && nextUpdate >= at ? 'good' : undefined;
  }

  private isOf(issuer: X509Certificate): boolean {
    const { tbsCertList, tbsCertListRaw, signatureAlgorithm, signature } = this.list;
    const { subject } = AsnConvert.parse(issuer.raw, Certificate).tbsCertificate;
    const bytes = (value: object) => Buffer.from(AsnConvert.serialize(value));
    const hash = SIGNATURE_HASHES[signatureAlgorithm.algorithm];
    if (hash === undefined || !bytes(subject).equals(bytes(tbsCertList.issuer))) return false;
    const signed = tbsCertListRaw === undefined ? bytes(tbsCertList) : Buffer.from(tbsCertListRaw);
    return verify(hash, signed, issuer.publicKey, Buffer.from(signature));
  }
}

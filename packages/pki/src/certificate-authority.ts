// The port to a certificate authority: what the back end asks of one, whether it is the embedded one or a company's own.
import type { CertificateRequest } from './certificate-request';

/** What a station's certificate is for: its connection to us, or its cars (ISO 15118). */
export type CertificatePurpose = 'ChargingStationCertificate' | 'V2GCertificate' | 'V2G20Certificate';

export type RevocationReason = 'superseded' | 'keyCompromise' | 'cessationOfOperation' | 'unspecified';

export interface CertificateAuthority {
  /**
   * @returns PEM, leaf first, without the root.
   * @throws AuthorityUnavailable to be tried again; RequestRejected for good.
   */
  sign(request: CertificateRequest, purpose: CertificatePurpose): Promise<string>;
  /** @param serialNumber hexadecimal digits. */
  revoke(serialNumber: string, reason: RevocationReason): Promise<void>;
  /**
   * @param request DER of an OCSPRequest (RFC 6960).
   * @returns DER of an OCSPResponse, or nothing where the request is about another authority's certificates.
   */
  ocsp(request: Buffer): Promise<Buffer | undefined>;
}

export class AuthorityUnavailable extends Error {
  override readonly name = 'AuthorityUnavailable';
}

/** The authority has looked at the request and will not sign it. */
export class RequestRejected extends Error {
  override readonly name = 'RequestRejected';
}

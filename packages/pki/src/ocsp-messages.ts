// Questions to an OCSP responder and its answers (RFC 6960), as bytes and as values.
import { type KeyObject, sign, verify, X509Certificate } from 'node:crypto';
import {
  BasicOCSPResponse,
  CertID,
  CertStatus,
  id_kp_OCSPSigning,
  id_pkix_ocsp_basic,
  KeyHash,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  Request,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
  TBSRequest,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, CRLReason, CRLReasons } from '@peculiar/asn1-x509';
import { withoutLeadingZeroes } from './certificate';
import { isIssuedBy } from './chain';
import { issuerHashes } from './hash-data';
import { ECDSA_WITH_SHA256, SIGNATURE_HASHES } from './signature-algorithms';

/** A certificate as a responder is asked about it. OCPP stations name it by SHA-2 only; other askers still use SHA-1. */
export interface CertificateId {
  readonly hashAlgorithm: 'SHA1' | 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

export type RevocationStatus =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly at: Date; readonly reason?: CRLReasons }
  | { readonly status: 'unknown' };

export interface ReadAnswer {
  readonly status: RevocationStatus['status'];
  readonly thisUpdate: Date;
  readonly nextUpdate?: Date;
}

const HASHES = {
  SHA1: '1.3.14.3.2.26',
  SHA256: '2.16.840.1.101.3.4.2.1',
  SHA384: '2.16.840.1.101.3.4.2.2',
  SHA512: '2.16.840.1.101.3.4.2.3',
} as const;

export function ocspRequest(id: CertificateId): Buffer {
  const request = new OCSPRequest({ tbsRequest: new TBSRequest({ requestList: [new Request({ reqCert: certId(id) })] }) });
  return Buffer.from(AsnConvert.serialize(request));
}

/** @throws for bytes that are no OCSP request, or one by a hash that is not known here. */
export function readOcspRequest(der: Buffer): CertificateId[] {
  return AsnConvert.parse(der, OCSPRequest).tbsRequest.requestList.map(({ reqCert }) => certificateId(reqCert));
}

/** Answers about one certificate, signed by its issuer with ECDSA over P-256. */
export function ocspResponse(
  id: CertificateId,
  status: RevocationStatus,
  issuer: { readonly certificate: X509Certificate; readonly key: KeyObject },
  validity: { readonly thisUpdate: Date; readonly nextUpdate: Date },
): Buffer {
  const [thisUpdate, nextUpdate] = [wholeSeconds(validity.thisUpdate), wholeSeconds(validity.nextUpdate)];
  const keyHash = Buffer.from(issuerHashes(issuer.certificate, 'sha1').issuerKeyHash, 'hex');
  const tbsResponseData = new ResponseData({
    responderID: new ResponderID({ byKey: new KeyHash(keyHash) }),
    producedAt: thisUpdate,
    responses: [new SingleResponse({ certID: certId(id), certStatus: certStatus(status), thisUpdate, nextUpdate })],
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(tbsResponseData)), issuer.key);
  const basic = new BasicOCSPResponse({
    tbsResponseData,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 }),
    signature: toArrayBuffer(signature),
  });
  const responseBytes = new ResponseBytes({
    responseType: id_pkix_ocsp_basic,
    response: new OctetString(AsnConvert.serialize(basic)),
  });
  return Buffer.from(AsnConvert.serialize(new OCSPResponse({ responseStatus: OCSPResponseStatus.successful, responseBytes })));
}

/**
 * @param issuer whose word, or whose delegate's, the answer must be; absent: the signature is left to whoever gets the answer.
 * @throws for anything but a successful answer about this certificate that is in force.
 */
export function readOcspResponse(der: Buffer, id: CertificateId, issuer: X509Certificate | undefined, at: Date): ReadAnswer {
  const { responseStatus, responseBytes } = AsnConvert.parse(der, OCSPResponse);
  if (responseStatus !== OCSPResponseStatus.successful || responseBytes?.responseType !== id_pkix_ocsp_basic) {
    throw new Error(`the responder answered with status ${responseStatus}`);
  }
  const basic = AsnConvert.parse(responseBytes.response.buffer, BasicOCSPResponse);
  if (issuer !== undefined) verifySignature(basic, issuer, at);
  const single = basic.tbsResponseData.responses.find(({ certID }) => isSame(certificateId(certID), id));
  if (!single) throw new Error('the responder answered about another certificate');
  const { certStatus: said, thisUpdate, nextUpdate } = single;
  if (nextUpdate !== undefined && nextUpdate < at) throw new Error('the answer of the responder is out of date');
  const status = said.revoked ? 'revoked' : said.good !== undefined ? 'good' : 'unknown';
  return { status, thisUpdate, ...(nextUpdate === undefined ? {} : { nextUpdate }) };
}

function verifySignature(basic: BasicOCSPResponse, issuer: X509Certificate, at: Date): void {
  const algorithm = SIGNATURE_HASHES[basic.signatureAlgorithm.algorithm];
  const signed = Buffer.from(basic.tbsResponseDataRaw ?? AsnConvert.serialize(basic.tbsResponseData));
  const delegates = (basic.certs ?? [])
    .map((certificate) => new X509Certificate(Buffer.from(AsnConvert.serialize(certificate))))
    .filter((each) => isDelegate(each, issuer, at));
  const keys = [issuer, ...delegates].map(({ publicKey }) => publicKey);
  const signature = Buffer.from(basic.signature);
  if (algorithm === undefined || !keys.some((key) => verify(algorithm, signed, key, signature))) {
    throw new Error('the answer of the responder is not signed by the issuer or its delegate');
  }
}

/** RFC 6960 section 4.2.2.2: named by the issuer itself to answer for it. */
function isDelegate(certificate: X509Certificate, issuer: X509Certificate, at: Date): boolean {
  const purposes: readonly string[] | undefined = certificate.keyUsage;
  const inForce = new Date(certificate.validFrom) <= at && at <= new Date(certificate.validTo);
  return inForce && purposes?.includes(id_kp_OCSPSigning) === true && isIssuedBy(certificate, issuer);
}

function certId({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: CertificateId): CertID {
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: HASHES[hashAlgorithm], parameters: null }),
    issuerNameHash: new OctetString(Buffer.from(issuerNameHash, 'hex')),
    issuerKeyHash: new OctetString(Buffer.from(issuerKeyHash, 'hex')),
    serialNumber: toArrayBuffer(positiveInteger(serialNumber)),
  });
}

function certificateId({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: CertID): CertificateId {
  const known = (Object.keys(HASHES) as (keyof typeof HASHES)[]).find((name) => HASHES[name] === hashAlgorithm.algorithm);
  if (!known) throw new Error(`hash algorithm ${hashAlgorithm.algorithm} is not known`);
  const hex = (bytes: ArrayBuffer) => Buffer.from(bytes).toString('hex');
  return {
    hashAlgorithm: known,
    issuerNameHash: hex(issuerNameHash.buffer),
    issuerKeyHash: hex(issuerKeyHash.buffer),
    serialNumber: withoutLeadingZeroes(hex(serialNumber)),
  };
}

function isSame(one: CertificateId, other: CertificateId): boolean {
  return (['hashAlgorithm', 'issuerNameHash', 'issuerKeyHash', 'serialNumber'] as const).every(
    (part) => one[part].toLowerCase() === other[part].toLowerCase(),
  );
}

function certStatus(status: RevocationStatus): CertStatus {
  if (status.status === 'revoked') {
    const revocationReason = status.reason === undefined ? undefined : new CRLReason(status.reason);
    return new CertStatus({
      revoked: new RevokedInfo({ revocationTime: wholeSeconds(status.at), ...(revocationReason ? { revocationReason } : {}) }),
    });
  }
  return new CertStatus(status.status === 'good' ? { good: null } : { unknown: null });
}

/** A DER integer whose first bit is set would be negative. */
function positiveInteger(hexadecimal: string): Buffer {
  const digits = hexadecimal.length % 2 === 0 ? hexadecimal : `0${hexadecimal}`;
  const bytes = Buffer.from(digits, 'hex');
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

/** RFC 5280 section 4.1.2.5.2: no fractions. */
function wholeSeconds(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1_000) * 1_000);
}

function toArrayBuffer(bytes: Buffer): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

export { type CertificateFacts, factsOf, pemBlocks, toPem } from './certificate';
export {
  AuthorityUnavailable,
  type CertificateAuthority,
  type CertificatePurpose,
  RequestRejected,
  type RevocationReason,
} from './certificate-authority';
export { type CertificateRequest, type ExpectedSubject, type RequestRefusal, readCertificateRequest } from './certificate-request';
export { type ChainVerdict, isIssuedBy, type VerifiedChain, verifyClientChain } from './chain';
export { EmbeddedAuthority, type EmbeddedAuthorityOptions, type ServerIdentity } from './embedded-authority';
export { type CertificateHashData, certificateHashData, type HashAlgorithm } from './hash-data';
export { type OcspAnswer, OcspClient, type OcspClientOptions, respondersOf } from './ocsp-client';
export { type CertificateId, ocspRequest, type ReadAnswer, readOcspResponse } from './ocsp-messages';
export { RemoteAuthority, type RemoteAuthorityOptions } from './remote-authority';
export { RevocationList } from './revocation-list';
export { type KeyKind, newStationKeys, type StationKeys } from './station-keys';

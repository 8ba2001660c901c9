// Certificates of stations, as an operator sees them.
import { type Static, Type } from '@sinclair/typebox';
import { Instant, Text } from './values';

export const CertificateType = Type.Union([
  Type.Literal('ChargingStationCertificate'),
  Type.Literal('V2GCertificate'),
  Type.Literal('V2G20Certificate'),
]);
export type CertificateType = Static<typeof CertificateType>;

export const RevocationReason = Type.Union([
  Type.Literal('superseded'),
  Type.Literal('keyCompromise'),
  Type.Literal('cessationOfOperation'),
  Type.Literal('unspecified'),
]);

/** A certificate that was issued for a station, or that it came with. */
export const StationCertificate = Type.Object({
  stationId: Type.String(),
  certificateType: CertificateType,
  /** SHA-256, hexadecimal digits. */
  fingerprint: Type.String(),
  serialNumber: Type.String(),
  notAfter: Instant,
  /** Whether the station has connected with it. */
  used: Type.Boolean(),
  revoked: Type.Optional(RevocationReason),
});
export type StationCertificate = Static<typeof StationCertificate>;

/** OCPP 2.0.1 CertificateHashDataType. */
export const CertificateHashData = Type.Object({
  hashAlgorithm: Type.Union([Type.Literal('SHA256'), Type.Literal('SHA384'), Type.Literal('SHA512')]),
  issuerNameHash: Text(128),
  issuerKeyHash: Text(128),
  serialNumber: Text(40),
});
export type CertificateHashData = Static<typeof CertificateHashData>;

/** What is in a station's store (OCPP GetInstalledCertificateIds). */
export const InstalledCertificate = Type.Object({ certificateType: Text(50), hashData: CertificateHashData });
export type InstalledCertificate = Static<typeof InstalledCertificate>;

export const StationCertificates = Type.Object({
  certificates: Type.Array(StationCertificate),
  installed: Type.Array(InstalledCertificate),
});

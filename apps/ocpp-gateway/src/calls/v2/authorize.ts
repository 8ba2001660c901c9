// OCPP 2.0.1 C01, C07. Nothing happened yet, so there is nothing to record.
import type { ContractCertificates } from '@evenkeel/contracts';
import type { StationRequest } from '@evenkeel/ocpp';
import type { HandlerV2 } from '../call';
import { judgeIdToken } from './id-token-info';

export const authorize: HandlerV2<'Authorize'> = async ({ station, payload, ocppVersion }, desk) => {
  const contract = contractOf(payload);
  const { idTokenInfo, contractStatus, stationTariff } = await judgeIdToken(desk, station, payload.idToken, {
    purpose: 'authorize',
    ...(contract ? { contract } : {}),
  });
  return {
    idTokenInfo,
    ...(contractStatus ? { certificateStatus: contractStatus } : {}),
    ...(stationTariff && ocppVersion === '2.1' ? { tariff: stationTariff } : {}),
  };
};

function contractOf({ certificate, iso15118CertificateHashData }: StationRequest<'2.1', 'Authorize'>): ContractCertificates | undefined {
  if (certificate === undefined && iso15118CertificateHashData === undefined) return undefined;
  const hashes = iso15118CertificateHashData?.map(({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber, responderURL }) => ({
    hashAlgorithm,
    issuerNameHash,
    issuerKeyHash,
    serialNumber,
    responderURL,
  }));
  return { ...(certificate === undefined ? {} : { certificate }), ...(hashes ? { hashes } : {}) };
}

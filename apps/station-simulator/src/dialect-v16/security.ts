// Certificates in OCPP 1.6 (security whitepaper A02, M03 to M05).
import type { Response } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Handlers16 } from './handlers';

type HashData = NonNullable<Response<'1.6', 'GetInstalledCertificateIds'>['certificateHashData']>;

export function securityCommands(host: StationHost) {
  const { certificates, settings } = host;
  return {
    InstallCertificate({ certificateType, certificate }) {
      return { answer: { status: certificates.install(certificateType, certificate, settings.number('CertificateStoreMaxLength', 10)) } };
    },
    DeleteCertificate({ certificateHashData }) {
      return { answer: { status: certificates.remove(certificateHashData) } };
    },
    GetInstalledCertificateIds({ certificateType }) {
      const [first, ...rest] = certificates.list([certificateType]).map(({ hashData }) => hashData);
      if (first === undefined) return { answer: { status: 'NotFound' } };
      const certificateHashData: HashData = [first, ...rest];
      return { answer: { status: 'Accepted', certificateHashData } };
    },
    CertificateSigned({ certificateChain }) {
      const signed = certificates.acceptSigned('ChargePoint', certificateChain);
      if (signed === undefined) {
        const type = 'InvalidChargePointCertificate';
        const afterwards = () => host.say('SecurityEventNotification', { type, timestamp: host.timestamp() });
        return { answer: { status: 'Rejected' }, afterwards };
      }
      return { answer: { status: 'Accepted' }, afterwards: () => host.useClientCertificate(signed.chain, signed.key) };
    },
  } satisfies Handlers16;
}

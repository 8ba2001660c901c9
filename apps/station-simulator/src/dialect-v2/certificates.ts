// Certificates in OCPP 2.x (A02, M03 to M05).
import type { Response } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

type Installed = NonNullable<Response<'2.1', 'GetInstalledCertificateIds'>['certificateHashDataChain']>[number];

export function certificateCommands(host: StationHost) {
  const { certificates, settings } = host;
  const entries = 'SecurityCtrlr/CertificateEntries';
  const count = () => settings.measure(entries, String(certificates.list(undefined).length));
  return {
    InstallCertificate({ certificateType, certificate }) {
      const status = certificates.install(certificateType, certificate, settings.definitionOf(entries)?.most ?? 10);
      count();
      return { answer: { status } };
    },
    DeleteCertificate({ certificateHashData }) {
      const status = certificates.remove(certificateHashData);
      count();
      return { answer: { status } };
    },
    GetInstalledCertificateIds({ certificateType }) {
      const found = certificates.list(certificateType);
      if (found.length === 0) return { answer: { status: 'NotFound' } };
      const certificateHashDataChain = found.map(({ type, hashData, children }) => ({
        certificateType: type as Installed['certificateType'],
        certificateHashData: hashData,
        ...(children.length === 0 ? {} : { childCertificateHashData: [...children] }),
      }));
      return { answer: { status: 'Accepted', certificateHashDataChain } };
    },
    CertificateSigned({ certificateChain, certificateType = 'ChargingStationCertificate' }) {
      const signed = certificates.acceptSigned(certificateType, certificateChain);
      if (signed === undefined) {
        const event = { type: 'InvalidChargingStationCertificate', timestamp: host.timestamp() };
        return { answer: { status: 'Rejected' }, afterwards: () => host.say('SecurityEventNotification', event) };
      }
      if (certificateType !== 'ChargingStationCertificate') return { answer: { status: 'Accepted' } };
      return { answer: { status: 'Accepted' }, afterwards: () => host.useClientCertificate(signed.chain, signed.key) };
    },
  } satisfies Handlers2;
}

/** O is the operator and CN the station (OCPP 2.0.1 A02.FR.02). */
export function askForCertificate(host: StationHost, certificateType: string): void {
  const csr = host.certificates.signingRequest(certificateType, host.identity, host.settings.get('SecurityCtrlr/OrganizationName') ?? '');
  host.say('SignCertificate', { csr, certificateType });
}

// Tells the certificate authority which certificates are revoked, at least once, so that everybody who asks it hears it too.
import { type EventStore, Relay } from '@evenkeel/event-store';
import type { CertificateAuthority } from '@evenkeel/pki';
import { certificateCodec, certificateStreamPrefix } from '../certificate/certificate';

export function revocationRelay(
  store: EventStore,
  authority: Pick<CertificateAuthority, 'revoke'>,
  onFailure: (error: unknown) => void,
): Relay {
  return new Relay({
    store,
    name: 'registry-revocations',
    streamPrefixes: [certificateStreamPrefix],
    eventTypes: ['CertificateRevoked'],
    say: async (events) => {
      for (const stored of events) {
        const event = certificateCodec.decode(stored);
        if (event.type === 'CertificateRevoked') await authority.revoke(event.data.serialNumber, event.data.reason);
      }
    },
    onFailure,
  });
}

// What the station knows about a customer, told or forgotten (OCPP 2.0.1 N09, N10).
import type { StationHost } from '../station/host';
import { type Handlers2, inParts } from './handlers';

const CHARACTERS_PER_PART = 512;

export function customerCommands(host: StationHost) {
  return {
    CustomerInformation({ requestId, report, clear, idToken, customerIdentifier, customerCertificate }) {
      const named = [idToken, customerIdentifier, customerCertificate].filter((name) => name !== undefined);
      // OCPP 2.0.1 N09.FR.09: exactly one of them names the customer.
      if (named.length !== 1) return { answer: { status: 'Invalid' } };
      if (!report && !clear) return { answer: { status: 'Rejected' } };
      const token = idToken?.idToken ?? customerIdentifier ?? '';
      const verdict = host.localList.verdictOn(token);
      const data = report && verdict !== undefined ? `${token}: ${verdict} by the local list or cache` : '';
      if (clear) host.localList.forget(token);
      return { answer: { status: 'Accepted' }, afterwards: () => tell(host, requestId, data) };
    },
  } satisfies Handlers2;
}

function tell(host: StationHost, requestId: number, text: string): void {
  const parts = inParts([...text], CHARACTERS_PER_PART);
  for (const [seqNo, characters] of parts.entries()) {
    const data = characters.join('');
    host.say('NotifyCustomerInformation', { requestId, seqNo, tbc: seqNo < parts.length - 1, generatedAt: host.timestamp(), data });
  }
}

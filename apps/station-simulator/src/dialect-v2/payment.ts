// Ad hoc payment of OCPP 2.1 (C25): while a driver pays on the web page, nobody else may have the EVSE.
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

export function paymentCommands(host: StationHost) {
  return {
    NotifyWebPaymentStarted({ evseId, timeout }) {
      const connector = host.connectors.get(evseId);
      if (connector !== undefined) connector.heldUntil = host.now() + timeout * 1000;
      return { answer: {} };
    },
  } satisfies Handlers2;
}

// Starting, stopping, unlocking and asking about transactions from afar (OCPP 2.0.1 F01 to F05, E14).
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';
import { installProfile } from './smart-charging';

export function remoteControlCommands(host: StationHost) {
  return {
    RequestStartTransaction({ idToken, evseId, remoteStartId, chargingProfile }) {
      const authorizeFirst = host.settings.boolean('AuthCtrlr/AuthorizeRemoteStart');
      const plan = { token: idToken.idToken, tokenType: idToken.type, remoteStartId, authorizeFirst };
      const session = host.remoteStart(evseId === undefined ? plan : { ...plan, connectorId: evseId });
      if (session === undefined) return { answer: { status: 'Rejected' } };
      if (chargingProfile !== undefined) installProfile(host, session.plan.connectorId, chargingProfile);
      return { answer: { status: 'Accepted' } };
    },
    RequestStopTransaction({ transactionId }) {
      const session = host.sessionOf(transactionId);
      session?.stop('Remote');
      return { answer: { status: session === undefined ? 'Rejected' : 'Accepted' } };
    },
    UnlockConnector({ evseId, connectorId }) {
      const connector = connectorId === 1 ? host.connectors.get(evseId) : undefined;
      if (connector === undefined) return { answer: { status: 'UnknownConnector' } };
      if (connector.session !== undefined) return { answer: { status: 'OngoingAuthorizedTransaction' } };
      return { answer: { status: (host.outcomes.unlock ?? 'Unlocked') === 'Unlocked' ? 'Unlocked' : 'UnlockFailed' } };
    },
    GetTransactionStatus({ transactionId }) {
      const messagesInQueue = host.unconfirmedMessages > 0;
      if (transactionId === undefined) return { answer: { messagesInQueue } };
      return { answer: { ongoingIndicator: host.sessionOf(transactionId) !== undefined, messagesInQueue } };
    },
    DataTransfer({ vendorId, messageId, data }) {
      if (vendorId !== 'Evenkeel') return { answer: { status: 'UnknownVendorId' } };
      if (messageId !== undefined && messageId !== 'Echo') return { answer: { status: 'UnknownMessageId' } };
      return { answer: data === undefined ? { status: 'Accepted' } : { status: 'Accepted', data } };
    },
  } satisfies Handlers2;
}

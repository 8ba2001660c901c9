// The commands of the Core profile of OCPP 1.6 that are not about configuration: starting, stopping, resetting, availability, unlocking.
import { changeAvailability } from '../feature/availability';
import type { StationHost } from '../station/host';
import type { Handlers16 } from './handlers';
import { installProfile } from './smart-charging';

export function coreCommands(host: StationHost) {
  return {
    RemoteStartTransaction({ idTag, connectorId, chargingProfile }) {
      const authorizeFirst = host.settings.boolean('AuthorizeRemoteTxRequests');
      const plan = { token: idTag, authorizeFirst, ...(connectorId === undefined ? {} : { connectorId }) };
      const session = host.remoteStart(plan);
      if (session !== undefined && chargingProfile !== undefined) installProfile(host, session.plan.connectorId, chargingProfile);
      return { answer: { status: session === undefined ? 'Rejected' : 'Accepted' } };
    },
    RemoteStopTransaction({ transactionId }) {
      const session = host.sessionOf(String(transactionId));
      session?.stop('Remote');
      return { answer: { status: session === undefined ? 'Rejected' : 'Accepted' } };
    },
    Reset({ type }) {
      const how = type === 'Hard' ? 'HardReset' : 'SoftReset';
      return { answer: { status: 'Accepted' }, afterwards: () => host.reset(how, 'RemoteReset') };
    },
    ChangeAvailability({ connectorId, type }) {
      const meant = [...host.connectors.values()].filter(({ id }) => connectorId === 0 || id === connectorId);
      if (meant.length === 0) return { answer: { status: 'Rejected' } };
      const { status, afterwards } = changeAvailability(host, meant, type === 'Operative');
      return { answer: { status }, afterwards };
    },
    UnlockConnector({ connectorId }) {
      const connector = host.connectors.get(connectorId);
      if (connector === undefined) return { answer: { status: 'NotSupported' } };
      const status = host.outcomes.unlock ?? 'Unlocked';
      // OCPP 1.6 section 5.18: unlocking ends the transaction.
      return status === 'Unlocked'
        ? { answer: { status }, afterwards: () => connector.session?.stop('UnlockCommand') }
        : { answer: { status } };
    },
    ClearCache() {
      host.localList.clearCache();
      return { answer: { status: host.settings.boolean('AuthorizationCacheEnabled') ? 'Accepted' : 'Rejected' } };
    },
    DataTransfer({ vendorId, messageId, data }) {
      if (vendorId !== 'Evenkeel') return { answer: { status: 'UnknownVendorId' } };
      if (messageId !== undefined && messageId !== 'Echo') return { answer: { status: 'UnknownMessageId' } };
      return { answer: data === undefined ? { status: 'Accepted' } : { status: 'Accepted', data } };
    },
  } satisfies Handlers16;
}

// ChangeAvailability and Reset of OCPP 2.x (G03, G04, B11, B12).
import { changeAvailability } from '../feature/availability';
import type { Connector } from '../station/connector';
import type { StationHost } from '../station/host';
import type { Handlers2, Version2 } from './handlers';

const EVSE_RESET_SECONDS = 2;

export function availabilityCommands(host: StationHost, version: Version2) {
  return {
    ChangeAvailability({ evse, operationalStatus }) {
      const isOperative = operationalStatus === 'Operative';
      const meant = [...host.connectors.values()].filter(({ id }) => evse === undefined || evse.id === id);
      if (meant.length === 0 || (evse?.connectorId ?? 1) !== 1) return { answer: { status: 'Rejected' } };
      const { status, afterwards } = changeAvailability(host, meant, isOperative);
      return { answer: { status }, afterwards };
    },
    Reset({ type, evseId }) {
      if (type === 'ImmediateAndResume') {
        if (version === '2.0.1' || evseId !== undefined) return { answer: { status: 'Rejected' } };
        return { answer: { status: 'Accepted' }, afterwards: () => host.resetAndResume('RemoteReset') };
      }
      if (evseId !== undefined) return resetEvse(host, host.connectors.get(evseId), type);
      if (type === 'OnIdle' && host.busy) {
        return { answer: { status: 'Scheduled' }, afterwards: () => host.reset('whenIdle', 'ScheduledReset') };
      }
      return { answer: { status: 'Accepted' }, afterwards: () => host.reset('HardReset', 'RemoteReset') };
    },
  } satisfies Handlers2;
}

/** OCPP 2.0.1 B11.FR.08, B12.FR.08: an EVSE alone is reset without a boot; the others go on. */
function resetEvse(host: StationHost, connector: Connector | undefined, type: 'Immediate' | 'OnIdle') {
  if (connector === undefined) return { answer: { status: 'Rejected' as const } };
  const { session } = connector;
  const restart = () => {
    if (connector.session !== undefined) {
      host.later(1, restart);
      return;
    }
    host.setStatus(connector.id, 'Unavailable');
    host.later(EVSE_RESET_SECONDS, () => host.restConnector(connector));
  };
  if (type === 'Immediate') session?.stop('HardReset');
  const status = session !== undefined && type === 'OnIdle' ? ('Scheduled' as const) : ('Accepted' as const);
  return { answer: { status }, afterwards: restart };
}

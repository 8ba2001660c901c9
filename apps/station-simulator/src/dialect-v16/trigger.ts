// Messages that the back end asks for: TriggerMessage of OCPP 1.6 (section 5.17) and ExtendedTriggerMessage (security whitepaper F06).
import type { StationHost } from '../station/host';
import type { Works16 } from './firmware';
import type { Handlers16 } from './handlers';

export function triggerCommands(host: StationHost, { works }: { readonly works: Works16 }) {
  const plain: Readonly<Record<string, (connectorId?: number) => void>> = {
    BootNotification: () => host.boot(),
    Heartbeat: () => host.sendHeartbeat(),
    StatusNotification: (connectorId) => host.reportStatus(connectorId),
    MeterValues: (connectorId) => tellMeters(host, connectorId),
    FirmwareStatusNotification: () => works.tellFirmware(),
    DiagnosticsStatusNotification: () => works.tellDiagnostics(),
  };
  const extended: typeof plain = {
    ...plain,
    FirmwareStatusNotification: () => works.tellSignedFirmware(),
    LogStatusNotification: () => works.tellLog(),
    SignChargePointCertificate: () => askForCertificate(host),
  };
  const trigger = (table: typeof plain, message: string, connectorId: number | undefined) => {
    const tell = table[message];
    if (tell === undefined) return { answer: { status: 'NotImplemented' as const } };
    const isUnknown = connectorId !== undefined && connectorId !== 0 && !host.connectors.has(connectorId);
    if (isUnknown) return { answer: { status: 'Rejected' as const } };
    return { answer: { status: 'Accepted' as const }, afterwards: () => tell(connectorId) };
  };
  return {
    TriggerMessage: ({ requestedMessage, connectorId }) => trigger(plain, requestedMessage, connectorId),
    ExtendedTriggerMessage: ({ requestedMessage, connectorId }) => trigger(extended, requestedMessage, connectorId),
  } satisfies Handlers16;
}

function tellMeters(host: StationHost, only: number | undefined): void {
  for (const connector of host.connectors.values()) {
    if (only !== undefined && only !== 0 && only !== connector.id) continue;
    if (connector.session !== undefined) {
      connector.session.sampleNow();
      continue;
    }
    const sampledValue = [
      { value: String(connector.registerWh), context: 'Trigger', measurand: 'Energy.Active.Import.Register', unit: 'Wh' },
    ];
    host.say('MeterValues', { connectorId: connector.id, meterValue: [{ timestamp: host.timestamp(), sampledValue }] });
  }
}

/** O is the operator and CN the station, as security whitepaper A02 asks. */
function askForCertificate(host: StationHost): void {
  const csr = host.certificates.signingRequest('ChargePoint', host.identity, host.settings.get('CpoName') ?? 'Evenkeel');
  host.say('SignCertificate', { csr });
}

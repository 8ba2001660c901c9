// Messages that the back end asks for (OCPP 2.0.1 F06).
import type { Request } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import { askForCertificate } from './certificates';
import type { FirmwareWorks } from './firmware';
import type { Handlers2, Version2 } from './handlers';
import type { LogWorks } from './logs';

type Asked = Request<'2.1', 'TriggerMessage'>;
type Message = Asked['requestedMessage'];

/** What the station says when it is asked for this custom message. */
const CUSTOM_TRIGGER = 'Hello';

interface Works {
  readonly firmware: FirmwareWorks;
  readonly logs: LogWorks;
}

export function triggerCommands(host: StationHost, version: Version2, works: Works) {
  const triggers = { ...triggersOf201(host, works), ...(version === '2.1' ? triggersOf21(host) : {}) };
  return {
    TriggerMessage({ requestedMessage, customTrigger, evse }) {
      const tell = requestedMessage === 'CustomTrigger' && customTrigger !== CUSTOM_TRIGGER ? undefined : triggers[requestedMessage];
      if (tell === undefined) return { answer: { status: 'NotImplemented' } };
      const isUnknown = evse !== undefined && !host.connectors.has(evse.id);
      const hasNothingToTell = requestedMessage === 'TransactionEvent' && !runningAt(host, evse?.id);
      if (isUnknown || hasNothingToTell) return { answer: { status: 'Rejected' } };
      return { answer: { status: 'Accepted' }, afterwards: () => tell(evse?.id) };
    },
  } satisfies Handlers2;
}

type Triggers = Partial<Record<Message, (evseId?: number) => void>>;

function triggersOf201(host: StationHost, { firmware, logs }: Works): Triggers {
  return {
    BootNotification: () => host.boot('Triggered'),
    Heartbeat: () => host.sendHeartbeat(),
    StatusNotification: (evseId) => host.reportStatus(evseId),
    MeterValues: (evseId) => tellMeters(host, evseId),
    TransactionEvent: (evseId) => {
      for (const { id, session } of host.connectors.values()) if (evseId === undefined || evseId === id) session?.sampleNow();
    },
    FirmwareStatusNotification: () => firmware.tellUpdate(),
    PublishFirmwareStatusNotification: () => firmware.tellPublishing(),
    LogStatusNotification: () => logs.tell(),
    SignChargingStationCertificate: () => askForCertificate(host, 'ChargingStationCertificate'),
    SignV2GCertificate: () => askForCertificate(host, 'V2GCertificate'),
    SignCombinedCertificate: () => host.say('SignCertificate', { csr: combinedRequest(host) }),
  };
}

function triggersOf21(host: StationHost): Triggers {
  return {
    SignV2G20Certificate: () => askForCertificate(host, 'V2G20Certificate'),
    CustomTrigger: () => host.say('DataTransfer', { vendorId: 'Evenkeel', messageId: CUSTOM_TRIGGER, data: host.identity }),
  };
}

/** OCPP 2.0.1 A02.FR.18: one request for both uses names neither. */
function combinedRequest(host: StationHost): string {
  const organization = host.settings.get('SecurityCtrlr/OrganizationName') ?? '';
  return host.certificates.signingRequest('ChargingStationCertificate', host.identity, organization);
}

function runningAt(host: StationHost, evseId: number | undefined): boolean {
  return [...host.connectors.values()].some(({ id, session }) => (evseId === undefined || evseId === id) && session !== undefined);
}

function tellMeters(host: StationHost, only: number | undefined): void {
  for (const { id, registerWh, session } of host.connectors.values()) {
    if (only !== undefined && only !== id) continue;
    const payload: Request<'2.0.1', 'MeterValues'> = {
      evseId: id,
      meterValue: [
        {
          timestamp: host.timestamp(),
          sampledValue: [{ value: session?.registerWh ?? registerWh, context: 'Trigger', measurand: 'Energy.Active.Import.Register' }],
        },
      ],
    };
    host.say('MeterValues', payload);
  }
}

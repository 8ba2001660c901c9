// A station that speaks OCPP 2.0.1 or 2.1: one dialect, in which 2.1 has more commands, SEND and CALLRESULTERROR.
// Each EVSE has one connector, number 1.
import type { Request, Response } from '@evenkeel/ocpp';
import { definitionsByName, type SettingDefinition } from '../feature/settings';
import type { Commands, Dialect } from '../station/dialect';
import { rfc3339 } from '../station/dialect';
import type { StationHost } from '../station/host';
import { authorizationCommands } from './authorization';
import { availabilityCommands } from './availability';
import { batterySwapCommands } from './battery-swap';
import { certificateCommands } from './certificates';
import { customerCommands } from './customer';
import { derCommands } from './der-control';
import { deviceModelCommands } from './device-model';
import { displayCommands } from './display';
import { dynamicChargingCommands } from './dynamic-charging';
import { EventStreams, eventStreamCommands } from './event-streams';
import { firmwareCommands } from './firmware';
import type { Version2 } from './handlers';
import { logCommands } from './logs';
import { Monitors, monitoringCommands } from './monitoring';
import { networkProfileCommands } from './network-profiles';
import { paymentCommands } from './payment';
import { remoteControlCommands } from './remote-control';
import { reservationCommands } from './reservation';
import { smartChargingCommands } from './smart-charging';
import { costCommands, tariffCommands } from './tariffs';
import { CONNECTOR_STATUS, idToken, Transaction2 } from './transaction';
import { triggerCommands } from './trigger';
import { variables } from './variables';

export const dialect201: Dialect = dialectOf('2.0.1', 'ocpp2.0.1');
export const dialect21: Dialect = dialectOf('2.1', 'ocpp2.1');

function dialectOf(version: Version2, subprotocol: string): Dialect {
  /** Shared by all stations with as many EVSEs. */
  const tables = new Map<number, ReadonlyMap<string, SettingDefinition>>();
  return {
    subprotocol,
    hasUnconfirmedMessages: version === '2.1',

    settingNames: {
      pingInterval: 'OCPPCommCtrlr/WebSocketPingInterval',
      waitMinimum: 'OCPPCommCtrlr/RetryBackOffWaitMinimum',
      randomRange: 'OCPPCommCtrlr/RetryBackOffRandomRange',
      repeatTimes: 'OCPPCommCtrlr/RetryBackOffRepeatTimes',
      authorizeOffline: 'AuthCtrlr/LocalAuthorizeOffline',
      preAuthorize: 'AuthCtrlr/LocalPreAuthorize',
      useCache: 'AuthCacheCtrlr/Enabled',
    },

    settings(evses) {
      const known = tables.get(evses) ?? definitionsByName(variables(version, evses));
      tables.set(evses, known);
      return known;
    },

    live({ id, status, powerW }) {
      return [
        [`EVSE@${id}/AvailabilityState`, CONNECTOR_STATUS[status]],
        [`Connector@${id}.1/AvailabilityState`, CONNECTOR_STATUS[status]],
        [`EVSE@${id}/Power`, String(powerW)],
      ];
    },

    boot({ serialNumber, firmwareVersion }, reason) {
      const chargingStation = { vendorName: 'Evenkeel', model: 'Simulator', serialNumber, firmwareVersion };
      const payload: Request<'2.0.1', 'BootNotification'> = { reason, chargingStation };
      return { action: 'BootNotification', payload };
    },

    readBoot(answer) {
      const { status, interval } = answer as Response<'2.0.1', 'BootNotification'>;
      return { status, intervalSeconds: interval };
    },

    status(evseId, status, atMilliseconds) {
      const payload: Request<'2.0.1', 'StatusNotification'> = {
        timestamp: rfc3339(atMilliseconds),
        connectorStatus: CONNECTOR_STATUS[status],
        evseId,
        connectorId: 1,
      };
      return { action: 'StatusNotification', payload };
    },

    authorize(token, tokenType) {
      const payload: Request<'2.0.1', 'Authorize'> = { idToken: idToken(token, tokenType) };
      return { action: 'Authorize', payload };
    },

    readAuthorize: (answer) => (answer as Response<'2.0.1', 'Authorize'>).idTokenInfo.status,

    transaction: (plan, delivery, ear) => new Transaction2(plan, delivery, ear),

    commands: (host) => commandsOf(version, host),
  };
}

function commandsOf(version: Version2, host: StationHost): Commands {
  const firmware = firmwareCommands(host);
  const logs = logCommands(host);
  const streams = new EventStreams(host);
  const monitors = new Monitors(host, streams);
  const handlers = {
    ...authorizationCommands(host),
    ...availabilityCommands(host, version),
    ...certificateCommands(host),
    ...costCommands(host),
    ...customerCommands(host),
    ...deviceModelCommands(host),
    ...displayCommands(host, version),
    ...firmware.commands,
    ...logs.commands,
    ...monitoringCommands(host, monitors),
    ...networkProfileCommands(host),
    ...remoteControlCommands(host),
    ...reservationCommands(host),
    ...smartChargingCommands(host),
    ...triggerCommands(host, version, { firmware: firmware.works, logs: logs.works }),
    ...(version === '2.1' ? commandsOf21(host, streams) : {}),
  };
  return handlers as Commands;
}

function commandsOf21(host: StationHost, streams: EventStreams) {
  return {
    ...batterySwapCommands(host),
    ...derCommands(host),
    ...dynamicChargingCommands(host),
    ...eventStreamCommands(streams),
    ...paymentCommands(host),
    ...tariffCommands(host),
  };
}

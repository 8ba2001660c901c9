// A station that speaks OCPP 1.6J with the security extensions.
import type { Request, Response } from '@evenkeel/ocpp';
import { definitionsByName, type SettingDefinition } from '../feature/settings';
import type { Commands, Dialect } from '../station/dialect';
import type { StationHost } from '../station/host';
import { configurationCommands } from './configuration';
import { configurationKeys } from './configuration-keys';
import { coreCommands } from './core-profile';
import { firmwareCommands } from './firmware';
import { localListCommands } from './local-list';
import { reservationCommands } from './reservation';
import { securityCommands } from './security';
import { smartChargingCommands } from './smart-charging';
import { statusNotification, Transaction16 } from './transaction';
import { triggerCommands } from './trigger';

export const dialect16: Dialect = {
  subprotocol: 'ocpp1.6',
  hasUnconfirmedMessages: false,

  // The names of OCPP 2.x for the back-off: OCPP 1.6 has none, and a vendor may call a key as it likes.
  settingNames: {
    pingInterval: 'WebSocketPingInterval',
    waitMinimum: 'RetryBackOffWaitMinimum',
    randomRange: 'RetryBackOffRandomRange',
    repeatTimes: 'RetryBackOffRepeatTimes',
    authorizeOffline: 'LocalAuthorizeOffline',
    preAuthorize: 'LocalPreAuthorize',
    useCache: 'AuthorizationCacheEnabled',
  },

  settings(connectors) {
    const known = tables.get(connectors) ?? definitionsByName(configurationKeys(connectors));
    tables.set(connectors, known);
    return known;
  },

  live: () => [],

  boot({ serialNumber, firmwareVersion }) {
    const payload: Request<'1.6', 'BootNotification'> = {
      chargePointVendor: 'Evenkeel',
      chargePointModel: 'Simulator',
      chargePointSerialNumber: serialNumber,
      firmwareVersion,
    };
    return { action: 'BootNotification', payload };
  },

  readBoot(answer) {
    const { status, interval } = answer as Response<'1.6', 'BootNotification'>;
    return { status, intervalSeconds: interval };
  },

  status: statusNotification,

  authorize(token) {
    const payload: Request<'1.6', 'Authorize'> = { idTag: token };
    return { action: 'Authorize', payload };
  },

  readAuthorize: (answer) => (answer as Response<'1.6', 'Authorize'>).idTagInfo.status,

  transaction: (plan, delivery) => new Transaction16(plan, delivery),

  commands,
};

/** Shared by all stations with as many connectors. */
const tables = new Map<number, ReadonlyMap<string, SettingDefinition>>();

function commands(host: StationHost): Commands {
  const firmware = firmwareCommands(host);
  const handlers = {
    ...coreCommands(host),
    ...configurationCommands(host),
    ...localListCommands(host),
    ...reservationCommands(host),
    ...smartChargingCommands(host),
    ...firmware.commands,
    ...securityCommands(host),
    ...triggerCommands(host, firmware),
  };
  return handlers as Commands;
}

// GetConfiguration and ChangeConfiguration (OCPP 1.6 sections 5.3 and 5.8).
import type { SettingChange, SettingDefinition } from '../feature/settings';
import type { StationHost } from '../station/host';
import type { Handlers16 } from './handlers';

const STATUSES = {
  Accepted: 'Accepted',
  RebootRequired: 'RebootRequired',
  Rejected: 'Rejected',
  ReadOnly: 'Rejected',
  Unknown: 'NotSupported',
} as const satisfies Record<SettingChange, string>;

const HEXADECIMAL = /^([0-9a-f]{2}){16,}$/i;

export function configurationCommands(host: StationHost) {
  const { settings } = host;
  const told = ({ name, mutability }: SettingDefinition) => {
    const key = { key: name, readonly: mutability === 'ReadOnly' };
    return mutability === 'WriteOnly' ? key : { ...key, value: settings.get(name) ?? '' };
  };
  return {
    GetConfiguration({ key: asked = [] }) {
      if (asked.length === 0) return { answer: { configurationKey: [...settings.all()].map(told) } };
      if (asked.length > settings.number('GetConfigurationMaxKeys', asked.length)) return { errorCode: 'OccurenceConstraintViolation' };
      const configurationKey = asked.flatMap((name) => settings.definitionOf(name) ?? []).map(told);
      const unknownKey = asked.filter((name) => settings.definitionOf(name) === undefined);
      return { answer: unknownKey.length === 0 ? { configurationKey } : { configurationKey, unknownKey } };
    },
    ChangeConfiguration({ key, value }) {
      if (key === 'SecurityProfile' && Number(value) < settings.number('SecurityProfile', 0)) return { answer: { status: 'Rejected' } };
      const status = STATUSES[settings.set(key, value)];
      if (key !== 'AuthorizationKey' || status !== 'Accepted') return { answer: { status } };
      // Security whitepaper A01: the station comes back with the new key, whose bytes are sent as hexadecimal text.
      const password = HEXADECIMAL.test(value) ? Buffer.from(value, 'hex') : value;
      return { answer: { status }, afterwards: () => host.changePassword(password) };
    },
  } satisfies Handlers16;
}

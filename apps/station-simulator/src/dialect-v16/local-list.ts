// The local authorization list of OCPP 1.6 (sections 5.10 and 5.15).
import type { StationHost } from '../station/host';
import type { Handlers16 } from './handlers';

export function localListCommands({ localList, settings }: StationHost) {
  return {
    GetLocalListVersion() {
      return { answer: { listVersion: settings.boolean('LocalAuthListEnabled') ? localList.version : -1 } };
    },
    SendLocalList({ listVersion, updateType, localAuthorizationList = [] }) {
      if (!settings.boolean('LocalAuthListEnabled')) return { answer: { status: 'NotSupported' } };
      if (localAuthorizationList.length > settings.number('SendLocalListMaxLength', 100)) return { answer: { status: 'Failed' } };
      const entries = localAuthorizationList.map(({ idTag, idTagInfo }) => ({
        token: idTag,
        ...(idTagInfo === undefined ? {} : { status: idTagInfo.status }),
        ...(idTagInfo?.parentIdTag === undefined ? {} : { group: idTagInfo.parentIdTag }),
      }));
      const most = settings.number('LocalAuthListMaxLength', 1000);
      return { answer: { status: localList.update(listVersion, updateType, entries, most) } };
    },
  } satisfies Handlers16;
}

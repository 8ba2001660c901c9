// Local authorization in OCPP 2.x: the cache (C11) and the list (D01, D02).
import type { Request } from '@evenkeel/ocpp';
import type { StationHost } from '../station/host';
import type { Handlers2 } from './handlers';

type Entry = NonNullable<Request<'2.1', 'SendLocalList'>['localAuthorizationList']>[number];

export function authorizationCommands({ localList, settings }: StationHost) {
  return {
    ClearCache() {
      localList.clearCache();
      return { answer: { status: settings.boolean('AuthCacheCtrlr/Enabled') ? 'Accepted' : 'Rejected' } };
    },
    GetLocalListVersion() {
      return { answer: { versionNumber: settings.boolean('LocalAuthListCtrlr/Enabled') ? localList.version : 0 } };
    },
    SendLocalList({ versionNumber, updateType, localAuthorizationList = [] }) {
      const most = settings.number('LocalAuthListCtrlr/ItemsPerMessage', 100);
      if (localAuthorizationList.length > most) return { errorCode: 'OccurrenceConstraintViolation' };
      if (!settings.boolean('LocalAuthListCtrlr/Enabled')) return { answer: { status: 'Failed' } };
      const capacity = settings.definitionOf('LocalAuthListCtrlr/Entries')?.most ?? most;
      const status = localList.update(versionNumber, updateType, localAuthorizationList.map(listed), capacity);
      settings.measure('LocalAuthListCtrlr/Entries', String(localList.size));
      return { answer: { status } };
    },
  } satisfies Handlers2;
}

function listed({ idToken, idTokenInfo }: Entry) {
  return {
    token: idToken.idToken,
    ...(idTokenInfo === undefined ? {} : { status: idTokenInfo.status }),
    ...(idTokenInfo?.groupIdToken === undefined ? {} : { group: idTokenInfo.groupIdToken.idToken }),
  };
}

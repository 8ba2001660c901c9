// What a 1.6 station is told about a token (OCPP 1.6 section 7.27).
import type { TokenVerdict } from '@evenkeel/contracts';
import type { Response } from '@evenkeel/ocpp';
import type { Station } from '../../connection/station';
import { ID_TAG_LENGTH, tokenFrom16 } from '../../facts/from-v16';
import type { CallDesk, Occasion, TokenAuthorization } from '../call-desk';

export type IdTagInfo = Response<'1.6', 'Authorize'>['idTagInfo'];

/** OCPP 1.6 has no word for an empty account or a wrong place: the token is known and may not charge. */
const STATUS: Readonly<Record<TokenVerdict, IdTagInfo['status']>> = {
  Accepted: 'Accepted',
  Blocked: 'Blocked',
  Expired: 'Expired',
  Invalid: 'Invalid',
  NoCredit: 'Blocked',
  NotAtThisLocation: 'Blocked',
  NotAllowedTypeEVSE: 'Blocked',
  ConcurrentTx: 'ConcurrentTx',
};

/** @throws Problem when the registry is silent. */
export async function judgeIdTag(desk: CallDesk, station: Station, idTag: string, occasion: Occasion): Promise<IdTagInfo> {
  const token = tokenFrom16(idTag);
  return token ? idTagInfo(await desk.authorize(station, token, occasion)) : { status: 'Invalid' };
}

export function idTagInfo({ verdict, groupId, expiresAt }: TokenAuthorization): IdTagInfo {
  return {
    status: STATUS[verdict],
    ...(expiresAt === undefined ? {} : { expiryDate: expiresAt }),
    // A group name that is too long for the wire cannot be told.
    ...(groupId === undefined || groupId.length > ID_TAG_LENGTH ? {} : { parentIdTag: groupId }),
  };
}

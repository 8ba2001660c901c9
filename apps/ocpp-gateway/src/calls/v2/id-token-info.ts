// What a 2.x station is told about a token (OCPP 2.0.1 Part 2, IdTokenInfoType).
import type { Request, Response } from '@evenkeel/ocpp';
import type { Station } from '../../connection/station';
import { tokenFromV2 } from '../../facts/from-v2';
import type { CallDesk, TokenAuthorization } from '../call-desk';

export type IdToken = Request<'2.1', 'Authorize'>['idToken'];
export type IdTokenInfo = Response<'2.0.1', 'Authorize'>['idTokenInfo'];

const LONGEST_GROUP_ID = 36;

/** @throws Problem when the registry is silent. */
export async function judgeIdToken(desk: CallDesk, station: Station, idToken: IdToken, evseId?: number): Promise<IdTokenInfo> {
  // C02.FR.02: a start button stands for no token and is always welcome.
  if (idToken.type === 'NoAuthorization') return { status: 'Accepted' };
  const token = tokenFromV2(idToken);
  return token ? idTokenInfo(await desk.authorize(station, token, evseId)) : { status: 'Invalid' };
}

/** Our verdicts are all literals of AuthorizationStatusEnumType. */
export function idTokenInfo({ verdict, groupId, expiresAt }: TokenAuthorization): IdTokenInfo {
  return {
    status: verdict,
    ...(expiresAt === undefined ? {} : { cacheExpiryDateTime: expiresAt }),
    ...(groupId === undefined || groupId.length > LONGEST_GROUP_ID ? {} : { groupIdToken: { idToken: groupId, type: 'Central' } }),
  };
}

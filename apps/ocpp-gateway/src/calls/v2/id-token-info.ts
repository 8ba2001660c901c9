// What a 2.x station is told about a token (OCPP 2.0.1 Part 2, IdTokenInfoType).
import type { ContractStatus, TransactionLimits } from '@evenkeel/contracts';
import { printTimestamp, type Request, type Response } from '@evenkeel/ocpp';
import type { Station } from '../../connection/station';
import { tokenFromV2 } from '../../facts/from-v2';
import type { CallDesk, Occasion, TokenAuthorization } from '../call-desk';

export type IdToken = Request<'2.1', 'Authorize'>['idToken'];
export type IdTokenInfo = Response<'2.0.1', 'Authorize'>['idTokenInfo'];

export interface Judged {
  readonly idTokenInfo: IdTokenInfo;
  readonly limits?: TransactionLimits;
  readonly contractStatus?: ContractStatus;
  readonly stationTariff?: Record<string, unknown>;
}

const LONGEST_GROUP_ID = 36;

/** @throws Problem when the registry is silent. */
export async function judgeIdToken(desk: CallDesk, station: Station, idToken: IdToken, occasion: Occasion): Promise<Judged> {
  // C02.FR.02: a start button stands for no token and is always welcome.
  if (idToken.type === 'NoAuthorization') return { idTokenInfo: { status: 'Accepted' } };
  const token = tokenFromV2(idToken);
  if (token === undefined) return { idTokenInfo: { status: 'Invalid' } };
  const authorization = await desk.authorize(station, token, occasion);
  const { verdict, limits, contractStatus, stationTariff } = authorization;
  return {
    idTokenInfo: idTokenInfo(authorization),
    ...(verdict === 'Accepted' && limits ? { limits } : {}),
    ...(contractStatus ? { contractStatus } : {}),
    ...(stationTariff ? { stationTariff } : {}),
  };
}

/** Our verdicts are all literals of AuthorizationStatusEnumType. */
export function idTokenInfo({ verdict, groupId, expiresAt, uncached, evseIds: [first, ...others] = [] }: TokenAuthorization): IdTokenInfo {
  // C17.FR.02: of a prepaid token the station keeps nothing.
  const expiry = uncached ? printTimestamp(Date.now()) : expiresAt;
  return {
    status: verdict,
    ...(expiry === undefined ? {} : { cacheExpiryDateTime: expiry }),
    // C01.FR.19, C01.FR.20: only where it is not every EVSE.
    ...(first === undefined ? {} : { evseId: [first, ...others] }),
    ...(groupId === undefined || groupId.length > LONGEST_GROUP_ID ? {} : { groupIdToken: { idToken: groupId, type: 'Central' } }),
  };
}

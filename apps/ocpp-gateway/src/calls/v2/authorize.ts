// OCPP 2.0.1 C01. Nothing happened yet, so there is nothing to record.
import type { HandlerV2 } from '../call';
import { judgeIdToken } from './id-token-info';

export const authorize: HandlerV2<'Authorize'> = async ({ station, payload }, desk) => ({
  idTokenInfo: (await judgeIdToken(desk, station, payload.idToken)).idTokenInfo,
});

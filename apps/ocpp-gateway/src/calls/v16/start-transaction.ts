// OCPP 1.6 section 4.8. The back end cannot refuse that a transaction happened, only its token: the answer always has a transactionId.
// Next: apps/ocpp-gateway/src/facts/from-v16.ts
import { startFrom16, startKeyFrom16 } from '../../facts/from-v16';
import type { Handler } from '../call';
import { judgeIdTag } from './id-tag-info';
import { openAnswer, sealAnswer } from './remembered-answer';

export const startTransaction: Handler<'1.6', 'StartTransaction'> = async (call, desk) => {
  const { station, payload } = call;
  // The token is judged again even right after Authorize, because offline starts skip that.
  const judged = await judgeIdTag(desk, station, payload.idTag, { purpose: 'start', evseId: payload.connectorId });
  const startKey = startKeyFrom16(call, payload);
  // A repetition gets its number and its idTagInfo again, byte for byte: another verdict now would stop the car that it let in.
  const sealKey = { identity: desk.identity, startKey, idTag: payload.idTag };
  const { transactionId, remembered } = await desk.issueTransactionId(startKey, sealAnswer(judged, sealKey));
  const idTagInfo = openAnswer(remembered, sealKey);
  await call.record(startFrom16(call, payload, { startKey, transactionId, verdict: idTagInfo.status }));
  return { transactionId, idTagInfo };
};

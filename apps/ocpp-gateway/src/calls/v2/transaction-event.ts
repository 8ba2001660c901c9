// OCPP 2.0.1 E01 to E15. Any event may come first, late or twice, and each is answered; the session is put together from the set of them.
// Next: apps/ocpp-gateway/src/facts/from-v2.ts
import { transactionEventFromV2 } from '../../facts/from-v2';
import type { HandlerV2 } from '../call';
import { judgeIdToken } from './id-token-info';
import { transactionLimit } from './transaction-limit';

export const transactionEvent: HandlerV2<'TransactionEvent'> = async (call, desk) => {
  const { idToken, evse, eventType, triggerReason } = call.payload;
  const isStop = eventType === 'Ended' || triggerReason === 'StopAuthorized';
  // E01.FR.09, E05: the token is judged in the answer to each event that carries one, and only there.
  const judged = idToken && (await judgeIdToken(desk, call.station, idToken, { purpose: isStop ? 'stop' : 'start', evseId: evse?.id }));
  const fact = transactionEventFromV2(call, call.payload, judged?.idTokenInfo.status);
  await call.record(fact);
  const cost = desk.costs.isDue(fact, Date.now()) ? await desk.costAfter(fact) : undefined;
  const limit = call.ocppVersion === '2.1' ? transactionLimit(call.payload, judged?.limits) : undefined;
  return {
    ...(judged ? { idTokenInfo: judged.idTokenInfo } : {}),
    // I03.FR.02: free is 0, and what is not known is left out.
    ...(cost ? { totalCost: Number(cost.amount) } : {}),
    ...(limit ? { transactionLimit: limit } : {}),
  };
};

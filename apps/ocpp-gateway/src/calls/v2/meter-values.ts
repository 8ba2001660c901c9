// OCPP 2.0.1 J01. Readings within a transaction come with TransactionEvent.
import { meterValuesFromV2 } from '../../facts/from-v2';
import type { HandlerV2 } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const meterValues: HandlerV2<'MeterValues'> = async (call) => {
  await call.record(meterValuesFromV2(call, call.payload));
  return EMPTY_ANSWER;
};

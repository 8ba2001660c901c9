// OCPP 2.0.1 J01. Readings within a transaction come with TransactionEvent.
import { meterValuesFrom201 } from '../../facts/from-v201';
import type { Handler } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const meterValues: Handler<'2.0.1', 'MeterValues'> = async (call) => {
  await call.record(meterValuesFrom201(call, call.payload));
  return EMPTY_ANSWER;
};

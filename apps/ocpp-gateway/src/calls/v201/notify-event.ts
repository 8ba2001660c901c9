// OCPP 2.0.1 N07: kept as said.
import { notifyEventFrom201 } from '../../facts/from-v201';
import type { Handler } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const notifyEvent: Handler<'2.0.1', 'NotifyEvent'> = async (call) => {
  await call.record(notifyEventFrom201(call, call.payload));
  return EMPTY_ANSWER;
};

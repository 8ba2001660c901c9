// OCPP 2.0.1 G01.
import { statusFrom201 } from '../../facts/from-v201';
import type { Handler } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const statusNotification: Handler<'2.0.1', 'StatusNotification'> = async (call) => {
  await call.record(statusFrom201(call, call.payload));
  return EMPTY_ANSWER;
};

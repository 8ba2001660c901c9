// OCPP 2.0.1 G01.
import { statusFromV2 } from '../../facts/from-v2';
import type { HandlerV2 } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const statusNotification: HandlerV2<'StatusNotification'> = async (call) => {
  await call.record(statusFromV2(call, call.payload));
  return EMPTY_ANSWER;
};

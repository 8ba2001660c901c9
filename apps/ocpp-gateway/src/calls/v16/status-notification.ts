// OCPP 1.6 section 4.9. It may overtake transaction messages that the station has queued.
import { statusFrom16 } from '../../facts/from-v16';
import type { Handler } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const statusNotification: Handler<'1.6', 'StatusNotification'> = async (call) => {
  await call.record(statusFrom16(call, call.payload));
  return EMPTY_ANSWER;
};

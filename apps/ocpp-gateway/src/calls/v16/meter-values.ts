// OCPP 1.6 section 4.7. Confirmed whatever transaction it names, also one that has ended: a station that gets an error repeats for ever.
import { meterValuesFrom16 } from '../../facts/from-v16';
import type { Handler } from '../call';
import { EMPTY_ANSWER } from '../empty-answer';

export const meterValues: Handler<'1.6', 'MeterValues'> = async (call) => {
  await call.record(meterValuesFrom16(call, call.payload));
  return EMPTY_ANSWER;
};

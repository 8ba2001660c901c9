// What becomes of a CALL: the text of its result, or the CALLERROR for what went wrong.
import { Problem } from '@evenkeel/contracts';
import { OperationalError } from '@evenkeel/messaging';
import { callResultText } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import { CallRefusal } from '../calls/call';
import { EMPTY_ANSWER } from '../calls/empty-answer';
import type { Station } from './station';

export function resultText(id: string, answer: object): string {
  return answer === EMPTY_ANSWER ? `[3,${JSON.stringify(id)},{}]` : callResultText(id, answer);
}

/** A failure of ours is an InternalError, upon which the station repeats the message. The log names no payload: it may hold secrets. */
export function refusalOf(error: unknown, action: string, { stationId }: Station, log: Log): CallRefusal {
  if (error instanceof CallRefusal) return error;
  const expected = error instanceof OperationalError || error instanceof Problem;
  if (expected) log.warn({ stationId, action, reason: error.message }, 'a message could not be handled now');
  else log.error({ stationId, action, error }, 'a message could not be handled');
  return new CallRefusal('InternalError', 'Try again later.');
}

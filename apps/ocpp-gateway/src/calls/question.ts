// Calls whose answer only the registry knows: asked there in the words of OCPP 2.1, whose payloads are also those of the older versions for
// these actions. What the registry has to remember of the question is durable when it answers.
import { type Response, readResponse, type StationAction } from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';
import type { Handler } from './call';

/** The handler throws a Problem when the registry is silent and a TypeError for an answer that the schema does not allow: the station repeats. */
export function question<V extends SpokenVersion, A extends StationAction<V>>(version: V, action: A): Handler<V, A> {
  return async (call, desk) => {
    const answer = readResponse(version, action, await desk.ask(call, action, call.payload as object), 'strict');
    if (!answer.readable) throw new TypeError(`the answer to ${action} cannot be sent: ${answer.description}`);
    return answer.payload as Response<V, A> & object;
  };
}

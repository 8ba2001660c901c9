// Reports that ask nothing: recorded, then confirmed with an empty answer, whatever they say. A report is never refused for a reason of
// business, because nothing in its answer could say so.

import { type Notice, noticeFact } from '../facts/notice';
import type { Call } from './call';
import { EMPTY_ANSWER } from './empty-answer';

export function notice<P>(inNewestWords: (payload: P) => Notice): (call: Call<P>) => Promise<Record<string, never>> {
  return async (call) => {
    await call.record(noticeFact(call, inNewestWords(call.payload)));
    return EMPTY_ANSWER;
  };
}

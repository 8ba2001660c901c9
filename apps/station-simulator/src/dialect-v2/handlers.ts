// The shape of OCPP 2.x command handlers: an action's payload in, its answer out, as the schemas of 2.1 have them, which are those of 2.0.1
// with more in them. What 2.0.1 does not know is left out by the handlers that take the version.
import type { CsmsAction, Request, Response } from '@evenkeel/ocpp';
import type { CommandReply } from '../wire/connection';

export type Version2 = '2.0.1' | '2.1';

export type Handlers2 = {
  readonly [A in CsmsAction<'2.1'>]?: (payload: Request<'2.1', A>) => CommandReply<Response<'2.1', A>>;
};

/** In parts of at most so many; at least one part, even of nothing. */
export function inParts<T>(items: readonly T[], most: number): T[][] {
  const parts = Array.from({ length: Math.max(1, Math.ceil(items.length / most)) }, (_, index) => index * most);
  return parts.map((start) => items.slice(start, start + most));
}

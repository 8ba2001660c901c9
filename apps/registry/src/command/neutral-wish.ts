// One CALL that is wanted of a station, in the words of OCPP 2.1.
import type { CsmsAction, Request } from '@evenkeel/ocpp';

type Action = CsmsAction<'2.1'>;
export type NeutralWish = { [A in Action]: { readonly kind: 'neutral'; readonly action: A; readonly request: Request<'2.1', A> } }[Action];

export function call<A extends Action>(action: A, request: Request<'2.1', A>): NeutralWish {
  return { kind: 'neutral', action, request } as NeutralWish;
}

// The shape of OCPP 1.6 command handlers: an action's payload in, its answer out, both as the schemas have them.
import type { CsmsAction, Request, Response } from '@evenkeel/ocpp';
import type { CommandReply } from '../wire/connection';

export type Handlers16 = {
  readonly [A in CsmsAction<'1.6'>]?: (payload: Request<'1.6', A>) => CommandReply<Response<'1.6', A>>;
};

// Charging sessions, as the ledger tells them.
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class SessionsController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('listSessions')
  list({ query }: Input<'listSessions'>): Promise<Output<'listSessions'>> {
    return this.services.ask('listSessions', query);
  }

  @Operate('getSession')
  get({ params }: Input<'getSession'>): Promise<Output<'getSession'>> {
    return this.services.ask('getSession', params);
  }

  @Operate('sessionTimeline')
  timeline({ params }: Input<'sessionTimeline'>): Promise<Output<'sessionTimeline'>> {
    return this.services.ask('sessionTimeline', params);
  }

  @Operate('releaseSession')
  release({ params, body }: Input<'releaseSession'>, { username }: Caller<'releaseSession'>): Promise<Output<'releaseSession'>> {
    return this.services.ask('releaseSession', { actor: { operator: username }, ...params, command: body });
  }

  @Operate('denySession')
  deny({ params, body }: Input<'denySession'>, { username }: Caller<'denySession'>): Promise<Output<'denySession'>> {
    return this.services.ask('denySession', { actor: { operator: username }, ...params, command: body });
  }
}

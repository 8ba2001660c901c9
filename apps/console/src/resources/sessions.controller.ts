// Charging sessions, as the ledger tells them.
import { Problem } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class SessionsController {
  constructor(private readonly services: Requester<'console'>) {}

  /** Sessions know cards by their keys only; the registry tells the key of a card. */
  @Operate('listSessions')
  async list({ query: { tokenUid, ...query } }: Input<'listSessions'>): Promise<Output<'listSessions'>> {
    if (tokenUid === undefined) return this.services.ask('listSessions', query);
    const { key } = await this.services.ask('tokenKey', { uid: tokenUid });
    if (query.tokenKey !== undefined && query.tokenKey !== key) throw new Problem('invalid', 'tokenUid and tokenKey are two tokens');
    return this.services.ask('listSessions', { ...query, tokenKey: key });
  }

  @Operate('getSession')
  get({ params }: Input<'getSession'>): Promise<Output<'getSession'>> {
    return this.services.ask('getSession', params);
  }

  @Operate('sessionTimeline')
  timeline({ params, query }: Input<'sessionTimeline'>): Promise<Output<'sessionTimeline'>> {
    return this.services.ask('sessionTimeline', { ...params, ...query });
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

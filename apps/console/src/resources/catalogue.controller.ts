// What a network is made of beside its stations: locations, tariffs, drivers, tokens.
import { splitPartyKey, type Tariff } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Controller, Inject } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';
import type { ConsoleSettings } from '../config';

@Controller()
export class CatalogueController {
  constructor(
    private readonly services: Requester<'console'>,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Operate('listLocations')
  listLocations({ query }: Input<'listLocations'>): Promise<Output<'listLocations'>> {
    return this.services.ask('listLocations', query);
  }

  @Operate('registerLocation')
  registerLocation({ body }: Input<'registerLocation'>, { username }: Caller<'registerLocation'>): Promise<Output<'registerLocation'>> {
    return this.services.ask('registerLocation', { actor: { operator: username }, location: this.owned(body) });
  }

  @Operate('listTariffs')
  listTariffs({ query }: Input<'listTariffs'>): Promise<Output<'listTariffs'>> {
    return this.services.ask('listTariffs', query);
  }

  @Operate('registerTariff')
  registerTariff({ body }: Input<'registerTariff'>, { username }: Caller<'registerTariff'>): Promise<Output<'registerTariff'>> {
    return this.services.ask('registerTariff', { actor: { operator: username }, tariff: this.dated(body) });
  }

  @Operate('checkTariff')
  checkTariff({ body: { tariff, context } }: Input<'checkTariff'>): Promise<Output<'checkTariff'>> {
    return this.services.ask('checkTariff', { tariff: this.dated(tariff), ...(context ? { context } : {}) });
  }

  @Operate('simulateTariff')
  simulateTariff({ body: { tariff, ...sessions } }: Input<'simulateTariff'>): Promise<Output<'simulateTariff'>> {
    return this.services.ask('simulateTariff', { tariff: this.dated(tariff), ...sessions });
  }

  @Operate('rerateSessions')
  rerateSessions({ body }: Input<'rerateSessions'>, { username }: Caller<'rerateSessions'>): Promise<Output<'rerateSessions'>> {
    return this.services.ask('rerateSessions', { actor: { operator: username }, ...this.owned(body) });
  }

  @Operate('tariffFindings')
  tariffFindings({ params: { tariffId }, query: { party } }: Input<'tariffFindings'>): Promise<Output<'tariffFindings'>> {
    return this.services.ask('tariffFindings', { party: party ?? this.settings.PARTY, tariffId });
  }

  @Operate('listDrivers')
  listDrivers({ query }: Input<'listDrivers'>): Promise<Output<'listDrivers'>> {
    return this.services.ask('listDrivers', query);
  }

  @Operate('registerDriver')
  registerDriver({ body }: Input<'registerDriver'>, { username }: Caller<'registerDriver'>): Promise<Output<'registerDriver'>> {
    return this.services.ask('registerDriver', { actor: { operator: username }, driver: this.owned(body) });
  }

  @Operate('eraseDriver')
  eraseDriver({ params }: Input<'eraseDriver'>, { username }: Caller<'eraseDriver'>): Promise<Output<'eraseDriver'>> {
    return this.services.ask('eraseDriver', { actor: { operator: username }, party: this.settings.PARTY, ...params });
  }

  @Operate('listTokens')
  listTokens({ query }: Input<'listTokens'>): Promise<Output<'listTokens'>> {
    return this.services.ask('listTokens', query);
  }

  @Operate('eraseToken')
  eraseToken({ params }: Input<'eraseToken'>, { username }: Caller<'eraseToken'>): Promise<Output<'eraseToken'>> {
    return this.services.ask('eraseToken', { actor: { operator: username }, token: params });
  }

  @Operate('tokenAccount')
  tokenAccount({ params }: Input<'tokenAccount'>): Promise<Output<'tokenAccount'>> {
    return this.services.ask('tokenAccount', { token: params });
  }

  @Operate('setTokenBalance')
  setTokenBalance({ params, body }: Input<'setTokenBalance'>, { username }: Caller<'setTokenBalance'>): Promise<Output<'setTokenBalance'>> {
    return this.services.ask('setTokenBalance', { actor: { operator: username }, token: params, balance: body });
  }

  @Operate('topUpToken')
  topUpToken({ params, body }: Input<'topUpToken'>, { username }: Caller<'topUpToken'>): Promise<Output<'topUpToken'>> {
    return this.services.ask('topUpToken', { actor: { operator: username }, token: params, topUp: body });
  }

  @Operate('registerToken')
  registerToken({ body }: Input<'registerToken'>, { username }: Caller<'registerToken'>): Promise<Output<'registerToken'>> {
    return this.services.ask('registerToken', { actor: { operator: username }, token: this.owned(body) });
  }

  /** As the registry is to know it: whose it is, and since when. */
  private dated(body: Input<'registerTariff'>['body']): Tariff {
    const { party, ...terms } = this.owned(body);
    return { ...terms, ...splitPartyKey(party), lastUpdated: new Date().toISOString() };
  }

  private owned<B extends { party?: string }>(body: B): B & { party: string } {
    return { ...body, party: body.party ?? this.settings.PARTY };
  }
}

// Stations: registered, changed, looked up.
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Controller, Inject } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';
import type { ConsoleSettings } from '../config';

@Controller()
export class StationsController {
  constructor(
    private readonly services: Requester<'console'>,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Operate('listStations')
  list({ query }: Input<'listStations'>): Promise<Output<'listStations'>> {
    return this.services.ask('listStations', query);
  }

  @Operate('registerStation')
  register({ body }: Input<'registerStation'>, { username }: Caller<'registerStation'>): Promise<Output<'registerStation'>> {
    const station = { ...body, party: body.party ?? this.settings.PARTY };
    return this.services.ask('registerStation', { actor: { operator: username }, station });
  }

  @Operate('getStation')
  get({ params }: Input<'getStation'>): Promise<Output<'getStation'>> {
    return this.services.ask('getStation', params);
  }

  @Operate('quoteSession')
  quote({ params, query: { startsAt = new Date().toISOString(), ...plan } }: Input<'quoteSession'>): Promise<Output<'quoteSession'>> {
    return this.services.ask('quoteSession', { party: this.settings.PARTY, ...params, startsAt, ...plan });
  }

  @Operate('changeStation')
  change({ params, body }: Input<'changeStation'>, { username }: Caller<'changeStation'>): Promise<Output<'changeStation'>> {
    return this.services.ask('changeStation', { actor: { operator: username }, ...params, change: body });
  }
}

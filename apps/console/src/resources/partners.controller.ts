// Roaming partners, as the OCPI bridge tells them.
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class PartnersController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('listPartners')
  list(): Promise<Output<'listPartners'>> {
    return this.services.ask('listPartners', {});
  }

  @Operate('introducePartner')
  introduce({ body }: Input<'introducePartner'>, { username }: Caller<'introducePartner'>): Promise<Output<'introducePartner'>> {
    return this.services.ask('introducePartner', { actor: { operator: username }, partner: body });
  }
}

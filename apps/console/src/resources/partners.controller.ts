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

  @Operate('getPartner')
  get({ params }: Input<'getPartner'>): Promise<Output<'getPartner'>> {
    return this.services.ask('getPartner', params);
  }

  @Operate('changePartner')
  change({ params, body }: Input<'changePartner'>, { username }: Caller<'changePartner'>): Promise<Output<'changePartner'>> {
    return this.services.ask('changePartner', { actor: { operator: username }, ...params, change: body });
  }

  @Operate('unregisterPartner')
  unregister(
    { params, query }: Input<'unregisterPartner'>,
    { username }: Caller<'unregisterPartner'>,
  ): Promise<Output<'unregisterPartner'>> {
    return this.services.ask('unregisterPartner', { actor: { operator: username }, ...params, ...query });
  }

  @Operate('rotatePartner')
  rotate({ params }: Input<'rotatePartner'>, { username }: Caller<'rotatePartner'>): Promise<Output<'rotatePartner'>> {
    return this.services.ask('rotatePartner', { actor: { operator: username }, ...params });
  }

  @Operate('listDeliveries')
  listDeliveries({ params, query }: Input<'listDeliveries'>): Promise<Output<'listDeliveries'>> {
    return this.services.ask('listDeliveries', { ...params, ...query });
  }

  @Operate('retryDelivery')
  retry({ params }: Input<'retryDelivery'>, { username }: Caller<'retryDelivery'>): Promise<Output<'retryDelivery'>> {
    return this.services.ask('retryDelivery', { actor: { operator: username }, ...params });
  }

  @Operate('redeliver')
  redeliver({ params, body }: Input<'redeliver'>, { username }: Caller<'redeliver'>): Promise<Output<'redeliver'>> {
    return this.services.ask('redeliver', { actor: { operator: username }, ...params, ...body });
  }

  @Operate('listPartnerMessages')
  listMessages({ params, query }: Input<'listPartnerMessages'>): Promise<Output<'listPartnerMessages'>> {
    return this.services.ask('listPartnerMessages', { ...params, ...query });
  }

  @Operate('findPartnerPlaces')
  findPlaces({ query }: Input<'findPartnerPlaces'>): Promise<Output<'findPartnerPlaces'>> {
    return this.services.ask('findPartnerPlaces', query);
  }
}

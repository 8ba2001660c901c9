// What is wanted of many stations at once: lists of tokens, configuration templates, firmware campaigns.
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class FleetController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('listLocalLists')
  listLocalLists({ query }: Input<'listLocalLists'>): Promise<Output<'listLocalLists'>> {
    return this.services.ask('listLocalLists', query);
  }

  @Operate('putLocalList')
  putLocalList({ body }: Input<'putLocalList'>, { username }: Caller<'putLocalList'>): Promise<Output<'putLocalList'>> {
    return this.services.ask('putLocalList', { actor: { operator: username }, list: body });
  }

  @Operate('removeLocalList')
  removeLocalList({ params }: Input<'removeLocalList'>, { username }: Caller<'removeLocalList'>): Promise<Output<'removeLocalList'>> {
    return this.services.ask('removeLocalList', { actor: { operator: username }, ...params });
  }

  @Operate('listStationLocalLists')
  listStationLocalLists({ query }: Input<'listStationLocalLists'>): Promise<Output<'listStationLocalLists'>> {
    return this.services.ask('listStationLocalLists', query);
  }

  @Operate('listTemplates')
  listTemplates({ query }: Input<'listTemplates'>): Promise<Output<'listTemplates'>> {
    return this.services.ask('listTemplates', query);
  }

  @Operate('putTemplate')
  putTemplate({ body }: Input<'putTemplate'>, { username }: Caller<'putTemplate'>): Promise<Output<'putTemplate'>> {
    return this.services.ask('putTemplate', { actor: { operator: username }, template: body });
  }

  @Operate('removeTemplate')
  removeTemplate({ params }: Input<'removeTemplate'>, { username }: Caller<'removeTemplate'>): Promise<Output<'removeTemplate'>> {
    return this.services.ask('removeTemplate', { actor: { operator: username }, ...params });
  }

  @Operate('applyTemplate')
  applyTemplate({ params, body }: Input<'applyTemplate'>, { username }: Caller<'applyTemplate'>): Promise<Output<'applyTemplate'>> {
    return this.services.ask('applyTemplate', { actor: { operator: username }, ...params, ...body });
  }

  @Operate('templateDrift')
  templateDrift({ params, query }: Input<'templateDrift'>): Promise<Output<'templateDrift'>> {
    return this.services.ask('templateDrift', { ...params, ...query });
  }

  @Operate('listCampaigns')
  listCampaigns({ query }: Input<'listCampaigns'>): Promise<Output<'listCampaigns'>> {
    return this.services.ask('listCampaigns', query);
  }

  @Operate('beginCampaign')
  beginCampaign({ body }: Input<'beginCampaign'>, { username }: Caller<'beginCampaign'>): Promise<Output<'beginCampaign'>> {
    return this.services.ask('beginCampaign', { actor: { operator: username }, plan: body });
  }

  @Operate('getCampaign')
  getCampaign({ params }: Input<'getCampaign'>): Promise<Output<'getCampaign'>> {
    return this.services.ask('getCampaign', params);
  }

  @Operate('campaignStations')
  campaignStations({ params, query }: Input<'campaignStations'>): Promise<Output<'campaignStations'>> {
    return this.services.ask('campaignStations', { ...params, ...query });
  }

  @Operate('orderCampaign')
  orderCampaign({ params, body }: Input<'orderCampaign'>, { username }: Caller<'orderCampaign'>): Promise<Output<'orderCampaign'>> {
    return this.services.ask('orderCampaign', { actor: { operator: username }, ...params, ...body });
  }

  @Operate('customerInformation')
  customerInformation({ params }: Input<'customerInformation'>): Promise<Output<'customerInformation'>> {
    const { stationId, requestId } = params;
    return this.services.ask('customerInformation', { stationId, requestId: Number(requestId) });
  }
}

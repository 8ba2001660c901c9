// Answers what operators ask about many stations at once: parse, call, map.
import type { Answers, fleetRequests, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { CampaignDesk } from '../campaign/campaign-desk';
import { CampaignView } from '../campaign/campaign-view';
import { ConfigurationDesk } from '../configuration/configuration-desk';
import { CustomerInformationDesk } from '../customer/customer-information';
import { FleetDesk } from '../fleet/fleet-desk';
import { FleetView } from '../fleet/fleet-view';
import { commandOf } from './command-of';

@Controller()
export class FleetAnswers implements Pick<Answers<'registry'>, keyof typeof fleetRequests> {
  constructor(
    private readonly plans: FleetDesk,
    private readonly view: FleetView,
    private readonly configuration: ConfigurationDesk,
    private readonly campaigns: CampaignDesk,
    private readonly campaignView: CampaignView,
    private readonly customers: CustomerInformationDesk,
  ) {}

  @AnswerTo('putLocalList')
  putLocalList({ actor, list }: Request<'putLocalList'>): Promise<Reply<'putLocalList'>> {
    return this.plans.put({ kind: 'local-list', planId: list.listId, document: list }, commandOf(actor));
  }

  @AnswerTo('removeLocalList')
  removeLocalList({ actor, listId }: Request<'removeLocalList'>): Promise<Reply<'removeLocalList'>> {
    return this.plans.remove('local-list', listId, commandOf(actor));
  }

  @AnswerTo('listLocalLists')
  listLocalLists(query: Request<'listLocalLists'>): Promise<Reply<'listLocalLists'>> {
    return this.view.list('local-list', query);
  }

  @AnswerTo('listStationLocalLists')
  listStationLocalLists(query: Request<'listStationLocalLists'>): Promise<Reply<'listStationLocalLists'>> {
    return this.view.stationLists(query);
  }

  @AnswerTo('putTemplate')
  putTemplate({ actor, template }: Request<'putTemplate'>): Promise<Reply<'putTemplate'>> {
    return this.configuration.put(template, commandOf(actor));
  }

  @AnswerTo('removeTemplate')
  removeTemplate({ actor, templateId }: Request<'removeTemplate'>): Promise<Reply<'removeTemplate'>> {
    return this.plans.remove('configuration-template', templateId, commandOf(actor));
  }

  @AnswerTo('listTemplates')
  listTemplates(query: Request<'listTemplates'>): Promise<Reply<'listTemplates'>> {
    return this.view.list('configuration-template', query);
  }

  @AnswerTo('applyTemplate')
  applyTemplate(request: Request<'applyTemplate'>): Promise<Reply<'applyTemplate'>> {
    return this.configuration.apply(request, commandOf(request.actor));
  }

  @AnswerTo('templateDrift')
  templateDrift(query: Request<'templateDrift'>): Promise<Reply<'templateDrift'>> {
    return this.configuration.drift(query);
  }

  @AnswerTo('beginCampaign')
  beginCampaign({ actor, plan }: Request<'beginCampaign'>): Promise<Reply<'beginCampaign'>> {
    return this.campaigns.begin(plan, commandOf(actor));
  }

  @AnswerTo('orderCampaign')
  orderCampaign({ actor, campaignId, order }: Request<'orderCampaign'>): Promise<Reply<'orderCampaign'>> {
    return this.campaigns.order(campaignId, order, commandOf(actor));
  }

  @AnswerTo('getCampaign')
  getCampaign({ campaignId }: Request<'getCampaign'>): Promise<Reply<'getCampaign'>> {
    return this.campaignView.get(campaignId);
  }

  @AnswerTo('listCampaigns')
  listCampaigns(query: Request<'listCampaigns'>): Promise<Reply<'listCampaigns'>> {
    return this.campaignView.list(query);
  }

  @AnswerTo('campaignStations')
  campaignStations(query: Request<'campaignStations'>): Promise<Reply<'campaignStations'>> {
    return this.campaignView.stations(query);
  }

  @AnswerTo('customerInformation')
  customerInformation({ stationId, requestId }: Request<'customerInformation'>): Promise<Reply<'customerInformation'>> {
    return this.customers.read(stationId, requestId);
  }
}

// Answers what operators ask about many stations at once: parse, call, map.
import type { Answers, fleetRequests, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { ConfigurationDesk } from '../configuration/configuration-desk';
import { FleetDesk } from '../fleet/fleet-desk';
import { FleetView } from '../fleet/fleet-view';
import { commandOf } from './command-of';

@Controller()
export class FleetAnswers implements Pick<Answers<'registry'>, keyof typeof fleetRequests> {
  constructor(
    private readonly plans: FleetDesk,
    private readonly view: FleetView,
    private readonly configuration: ConfigurationDesk,
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
}

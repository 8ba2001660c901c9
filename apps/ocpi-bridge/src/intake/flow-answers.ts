// Answers the registry's and the console's requests about partners.
import { type Answers, Problem, type partnerCommandRequests, type paymentRequests, type Reply, type Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Authorizer } from '../client/authorizer';
import { DeliveryCare } from '../delivery/delivery-care';
import { Withdrawal } from '../delivery/withdrawal';
import { Handshake } from '../partner/handshake';
import { OurCredentials } from '../partner/our-credentials';
import { PartnerDirectory } from '../partner/partner-directory';
import { PlaceSearch } from '../received/place-search';
import { SelfTest } from '../self-test/self-test';
import { TrafficView } from '../traffic/traffic-view';

@Controller()
export class FlowAnswers implements Omit<Answers<'ocpi-bridge'>, keyof typeof partnerCommandRequests | keyof typeof paymentRequests> {
  constructor(
    private readonly handshake: Handshake,
    private readonly directory: PartnerDirectory,
    private readonly authorizer: Authorizer,
    private readonly withdrawal: Withdrawal,
    private readonly credentials: OurCredentials,
    private readonly care: DeliveryCare,
    private readonly traffic: TrafficView,
    private readonly places: PlaceSearch,
    private readonly selfTest: SelfTest,
  ) {}

  @AnswerTo('authorizeWithPartner')
  authorizeWithPartner(request: Request<'authorizeWithPartner'>): Promise<Reply<'authorizeWithPartner'>> {
    return this.authorizer.authorize(request);
  }

  @AnswerTo('withdrawTokens')
  async withdrawTokens({ tokens }: Request<'withdrawTokens'>): Promise<Reply<'withdrawTokens'>> {
    return { notTold: await this.withdrawal.withdraw(tokens) };
  }

  @AnswerTo('listPartners')
  async listPartners(_: Request<'listPartners'>): Promise<Reply<'listPartners'>> {
    return { items: await this.directory.list() };
  }

  /** Without an address and token A we invite; with both we accept the partner's invitation and go through the handshake. */
  @AnswerTo('introducePartner')
  async introducePartner({ actor, partner }: Request<'introducePartner'>): Promise<Reply<'introducePartner'>> {
    const { name, versionsUrl, tokenA } = partner;
    const introduction = { name, operator: actor.operator };
    if (versionsUrl === undefined && tokenA === undefined) {
      const invited = await this.handshake.invite(introduction);
      return { ...this.directory.introduced(invited.partner), versionsUrl: this.handshake.versionsUrl, tokenA: invited.tokenA };
    }
    if (versionsUrl === undefined || tokenA === undefined) throw new Problem('invalid', 'an invitation is an address and a token A');
    return this.directory.introduced(await this.handshake.accept(introduction, versionsUrl, tokenA));
  }

  @AnswerTo('getPartner')
  getPartner({ partnerId }: Request<'getPartner'>): Promise<Reply<'getPartner'>> {
    return this.directory.details(partnerId);
  }

  @AnswerTo('changePartner')
  async changePartner({ actor, partnerId, change }: Request<'changePartner'>): Promise<Reply<'changePartner'>> {
    await this.credentials.allowAddresses(partnerId, change.allowedAddresses, actor.operator);
    return this.directory.details(partnerId);
  }

  @AnswerTo('rotatePartner')
  async rotatePartner({ actor, partnerId }: Request<'rotatePartner'>): Promise<Reply<'rotatePartner'>> {
    await this.credentials.rotate(partnerId, actor.operator);
    return this.directory.details(partnerId);
  }

  @AnswerTo('unregisterPartner')
  async unregisterPartner({ actor, partnerId, force }: Request<'unregisterPartner'>): Promise<Reply<'unregisterPartner'>> {
    await this.credentials.unregister(partnerId, force, actor.operator);
    return this.directory.details(partnerId);
  }

  @AnswerTo('listDeliveries')
  async listDeliveries({ partnerId, ...query }: Request<'listDeliveries'>): Promise<Reply<'listDeliveries'>> {
    return this.care.page(await this.directory.partiesOf(partnerId), query);
  }

  @AnswerTo('retryDelivery')
  async retryDelivery({ actor, partnerId, deliveryId }: Request<'retryDelivery'>): Promise<Reply<'retryDelivery'>> {
    return this.care.retry(await this.directory.partiesOf(partnerId), deliveryId, actor.operator);
  }

  @AnswerTo('redeliver')
  async redeliver({ actor, partnerId, ...terms }: Request<'redeliver'>): Promise<Reply<'redeliver'>> {
    return this.care.repeat(await this.directory.partiesOf(partnerId), terms, actor.operator);
  }

  @AnswerTo('testPartner')
  testPartner({ partnerId }: Request<'testPartner'>): Promise<Reply<'testPartner'>> {
    return this.selfTest.run(partnerId);
  }

  @AnswerTo('findPartnerPlaces')
  findPartnerPlaces(query: Request<'findPartnerPlaces'>): Promise<Reply<'findPartnerPlaces'>> {
    return this.places.find(query);
  }

  @AnswerTo('listPartnerMessages')
  async listPartnerMessages({ partnerId, ...page }: Request<'listPartnerMessages'>): Promise<Reply<'listPartnerMessages'>> {
    await this.directory.partiesOf(partnerId);
    return this.traffic.messages(partnerId, page);
  }
}

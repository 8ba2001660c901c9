// Answers the registry's and the console's requests about partners.
import { type Answers, Problem, type partnerCommandRequests, type Reply, type Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Authorizer } from '../client/authorizer';
import { Withdrawal } from '../delivery/withdrawal';
import { Handshake } from '../partner/handshake';
import { PartnerDirectory } from '../partner/partner-directory';

@Controller()
export class FlowAnswers implements Omit<Answers<'ocpi-bridge'>, keyof typeof partnerCommandRequests> {
  constructor(
    private readonly handshake: Handshake,
    private readonly directory: PartnerDirectory,
    private readonly authorizer: Authorizer,
    private readonly withdrawal: Withdrawal,
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
}

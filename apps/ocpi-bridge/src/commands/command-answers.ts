// Answers what operators ask about commands to partners: parse, call, map.
import type { Answers, partnerCommandRequests, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { ActiveProfiles } from '../profiles/active-profiles';
import { CommandSender } from './command-sender';

@Controller()
export class CommandAnswers implements Pick<Answers<'ocpi-bridge'>, keyof typeof partnerCommandRequests> {
  constructor(
    private readonly sender: CommandSender,
    private readonly profiles: ActiveProfiles,
  ) {}

  @AnswerTo('sendPartnerCommand')
  sendPartnerCommand(request: Request<'sendPartnerCommand'>): Promise<Reply<'sendPartnerCommand'>> {
    return this.sender.send(request);
  }

  @AnswerTo('getPartnerCommand')
  getPartnerCommand(request: Request<'getPartnerCommand'>): Promise<Reply<'getPartnerCommand'>> {
    return this.sender.get(request);
  }

  @AnswerTo('getPartnerProfile')
  getPartnerProfile({ partner, sessionId }: Request<'getPartnerProfile'>): Promise<Reply<'getPartnerProfile'>> {
    return this.profiles.get(partner, sessionId);
  }
}

// Answers what operators ask about commands to partners: parse, call, map.
import type { Answers, partnerCommandRequests, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { CommandSender } from './command-sender';

@Controller()
export class CommandAnswers implements Pick<Answers<'ocpi-bridge'>, keyof typeof partnerCommandRequests> {
  constructor(private readonly sender: CommandSender) {}

  @AnswerTo('sendPartnerCommand')
  sendPartnerCommand(request: Request<'sendPartnerCommand'>): Promise<Reply<'sendPartnerCommand'>> {
    return this.sender.send(request);
  }

  @AnswerTo('getPartnerCommand')
  getPartnerCommand(request: Request<'getPartnerCommand'>): Promise<Reply<'getPartnerCommand'>> {
    return this.sender.get(request);
  }
}

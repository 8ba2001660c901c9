// Answers what operators ask about payment terminals and what was captured at them: parse, call, map.
import type { Answers, paymentRequests, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { canonical } from '@evenkeel/ocpi';
import { Controller } from '@nestjs/common';
import { PaymentObjects } from './payment-objects';
import { TerminalTeller } from './terminal-teller';

@Controller()
export class PaymentAnswers implements Pick<Answers<'ocpi-bridge'>, keyof typeof paymentRequests> {
  constructor(
    private readonly objects: PaymentObjects,
    private readonly teller: TerminalTeller,
  ) {}

  @AnswerTo('listPaymentTerminals')
  async listPaymentTerminals({ partner, ...page }: Request<'listPaymentTerminals'>): Promise<Reply<'listPaymentTerminals'>> {
    const { objects, ...rest } = await this.objects.page('terminal', partner, page);
    return { items: objects.map((terminal) => ({ partner, ...canonical.terminal.read(terminal) })), ...rest };
  }

  @AnswerTo('listFinancialAdvice')
  async listFinancialAdvice(request: Request<'listFinancialAdvice'>): Promise<Reply<'listFinancialAdvice'>> {
    const { partner, authorizationReference: reference, ...page } = request;
    const { objects, ...rest } = await this.objects.page('confirmation', partner, {
      ...page,
      ...(reference === undefined ? {} : { reference }),
    });
    return { items: objects.map((confirmation) => ({ partner, ...canonical.financialAdvice.read(confirmation) })), ...rest };
  }

  @AnswerTo('activatePaymentTerminal')
  activatePaymentTerminal(request: Request<'activatePaymentTerminal'>): Promise<Reply<'activatePaymentTerminal'>> {
    return this.teller.activate(request);
  }

  @AnswerTo('deactivatePaymentTerminal')
  deactivatePaymentTerminal(request: Request<'deactivatePaymentTerminal'>): Promise<Reply<'deactivatePaymentTerminal'>> {
    return this.teller.deactivate(request);
  }

  @AnswerTo('placePaymentTerminal')
  placePaymentTerminal(request: Request<'placePaymentTerminal'>): Promise<Reply<'placePaymentTerminal'>> {
    return this.teller.place(request);
  }

  @AnswerTo('changePaymentTerminal')
  changePaymentTerminal(request: Request<'changePaymentTerminal'>): Promise<Reply<'changePaymentTerminal'>> {
    return this.teller.change(request);
  }
}

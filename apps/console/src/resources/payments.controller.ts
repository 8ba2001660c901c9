// Payment terminals of providers and what was captured at them, as the OCPI bridge knows them.
import type { Actor } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class PaymentsController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('listPaymentTerminals')
  terminals({ params, query }: Input<'listPaymentTerminals'>): Promise<Output<'listPaymentTerminals'>> {
    return this.services.ask('listPaymentTerminals', { partner: params.party, ...query });
  }

  @Operate('activatePaymentTerminal')
  activate(
    { params, body: activation }: Input<'activatePaymentTerminal'>,
    caller: Caller<'activatePaymentTerminal'>,
  ): Promise<Output<'activatePaymentTerminal'>> {
    return this.services.ask('activatePaymentTerminal', { actor: actorOf(caller), partner: params.party, activation });
  }

  @Operate('deactivatePaymentTerminal')
  deactivate(
    { params: { party: partner, terminalId } }: Input<'deactivatePaymentTerminal'>,
    caller: Caller<'deactivatePaymentTerminal'>,
  ): Promise<Output<'deactivatePaymentTerminal'>> {
    return this.services.ask('deactivatePaymentTerminal', { actor: actorOf(caller), partner, terminalId });
  }

  @Operate('placePaymentTerminal')
  place(
    { params: { party: partner, terminalId }, body: places }: Input<'placePaymentTerminal'>,
    caller: Caller<'placePaymentTerminal'>,
  ): Promise<Output<'placePaymentTerminal'>> {
    return this.services.ask('placePaymentTerminal', { actor: actorOf(caller), partner, terminalId, places });
  }

  @Operate('changePaymentTerminal')
  change(
    { params: { party: partner, terminalId }, body: change }: Input<'changePaymentTerminal'>,
    caller: Caller<'changePaymentTerminal'>,
  ): Promise<Output<'changePaymentTerminal'>> {
    return this.services.ask('changePaymentTerminal', { actor: actorOf(caller), partner, terminalId, change });
  }

  @Operate('listFinancialAdvice')
  advice({ params, query }: Input<'listFinancialAdvice'>): Promise<Output<'listFinancialAdvice'>> {
    return this.services.ask('listFinancialAdvice', { partner: params.party, ...query });
  }
}

function actorOf({ username }: Caller<'changePaymentTerminal'>): Actor {
  return { operator: username };
}

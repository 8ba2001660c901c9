// Disputes with partners, as billing tells them.
import { Requester } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';

@Controller()
export class DisputesController {
  constructor(private readonly services: Requester<'console'>) {}

  @Operate('listDisputes')
  list({ query }: Input<'listDisputes'>): Promise<Output<'listDisputes'>> {
    return this.services.ask('listDisputes', query);
  }

  @Operate('acceptDispute')
  accept({ params, body }: Input<'acceptDispute'>, { username }: Caller<'acceptDispute'>): Promise<Output<'acceptDispute'>> {
    return this.services.ask('acceptDispute', { actor: { operator: username }, ...params, acceptance: body });
  }
}

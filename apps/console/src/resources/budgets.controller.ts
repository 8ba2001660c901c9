// The power that what charges at a site shares.
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Controller, Inject } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';
import type { ConsoleSettings } from '../config';

@Controller()
export class BudgetsController {
  constructor(
    private readonly services: Requester<'console'>,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Operate('listChargingBudgets')
  listChargingBudgets(): Promise<Output<'listChargingBudgets'>> {
    return this.services.ask('listChargingBudgets', {});
  }

  @Operate('getChargingBudget')
  getChargingBudget({ params }: Input<'getChargingBudget'>): Promise<Output<'getChargingBudget'>> {
    return this.services.ask('getChargingBudget', params);
  }

  @Operate('setChargingBudget')
  setChargingBudget(
    { params, body }: Input<'setChargingBudget'>,
    { username }: Caller<'setChargingBudget'>,
  ): Promise<Output<'setChargingBudget'>> {
    const budget = { ...body, ...params, party: body.party ?? this.settings.PARTY };
    return this.services.ask('setChargingBudget', { actor: { operator: username }, budget });
  }

  @Operate('removeChargingBudget')
  removeChargingBudget(
    { params }: Input<'removeChargingBudget'>,
    { username }: Caller<'removeChargingBudget'>,
  ): Promise<Output<'removeChargingBudget'>> {
    return this.services.ask('removeChargingBudget', { actor: { operator: username }, ...params });
  }
}

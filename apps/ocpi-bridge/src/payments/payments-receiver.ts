// Terminals and financial advice confirmations that their providers push to a CPO (OCPI 2.3.0 with mod_payments, Receiver). Neither is of any other
// version, and neither may come from anybody else.
import { OcpiProblem, statusCodes } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { bodyOf } from '../http/ownership';
import { CalledBy } from '../http/request';
import type { Caller } from '../partner/partner-view';
import { PaymentDesk, providerIn, type SpeakingProvider } from './payment-desk';
import { PaymentObjects } from './payment-objects';

@Controller('ocpi/cpo/:version/payments')
export class PaymentsReceiver {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly objects: PaymentObjects,
  ) {}

  @Get('terminals/:id')
  async terminal(@CalledBy() caller: Caller, @Param('id') id: string): Promise<OcpiAnswer> {
    const { party, payments } = providerOf(caller);
    return found(payments.terminal.show((await this.objects.one('terminal', party, id)) ?? missing(id)));
  }

  @Post('terminals')
  async postTerminal(@CalledBy() caller: Caller, @Body() body: unknown): Promise<OcpiAnswer> {
    const provider = providerOf(caller);
    const terminal = bodyOf(provider.payments.terminal.read(body, { owner: provider.party }));
    const before = await this.objects.one('terminal', provider.party, terminal.terminal_id);
    await this.desk.takeTerminals(provider, [terminal]);
    return stored(before === undefined);
  }

  @Get('financial-advice-confirmations/:id')
  async confirmation(@CalledBy() caller: Caller, @Param('id') id: string): Promise<OcpiAnswer> {
    const { party, payments } = providerOf(caller);
    return found(payments.confirmation.show((await this.objects.one('confirmation', party, id)) ?? missing(id)));
  }

  @Post('financial-advice-confirmations')
  async postConfirmation(@CalledBy() caller: Caller, @Body() body: unknown): Promise<OcpiAnswer> {
    const provider = providerOf(caller);
    const confirmation = bodyOf(provider.payments.confirmation.read(body, { owner: provider.party }));
    const taken = await this.desk.takeConfirmation(provider, confirmation);
    if (taken === 'differs') throw OcpiProblem.invalid(`confirmation ${confirmation.id} is here already and says something else`);
    return stored(taken === 'new');
  }
}

/** @throws OcpiProblem 404 for whoever is no provider, and in a version that has none. */
function providerOf({ partner }: Caller): SpeakingProvider {
  const provider = providerIn(partner);
  if (provider) return provider;
  throw OcpiProblem.missing('the calling platform is no payment terminal provider of OCPI 2.3.0', statusCodes.invalidParameters);
}

function missing(id: string): never {
  throw OcpiProblem.missing(`there is no ${id}`);
}

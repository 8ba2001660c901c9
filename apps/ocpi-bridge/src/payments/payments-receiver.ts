// Terminals and financial advice confirmations that their providers push to a CPO (OCPI 2.3.0 with mod_payments, Receiver). Neither is of any other
// version, and neither may come from anybody else.
import { OcpiProblem } from '@evenkeel/ocpi';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { found, type OcpiAnswer, stored } from '../http/answer';
import { CalledBy } from '../http/request';
import { Described } from '../openapi/described';
import type { Caller } from '../partner/partner-view';
import { PaymentDesk, providerOf } from './payment-desk';
import { PaymentObjects } from './payment-objects';

@Controller('ocpi/cpo/:version/payments')
export class PaymentsReceiver {
  constructor(
    private readonly desk: PaymentDesk,
    private readonly objects: PaymentObjects,
  ) {}

  @Described({ summary: 'A terminal as we have it', shows: 'payments.terminal' })
  @Get('terminals/:id')
  async terminal(@CalledBy() { partner }: Caller, @Param('id') id: string): Promise<OcpiAnswer> {
    const { party, payments } = providerOf(partner);
    return found(payments.terminal.show((await this.objects.one('terminal', party, id)) ?? missing(id)));
  }

  @Described({ summary: 'Tell us of a terminal', takes: ['payments.terminal'], mayCreate: true })
  @Post('terminals')
  async postTerminal(@CalledBy() { partner }: Caller, @Body() body: unknown): Promise<OcpiAnswer> {
    return stored(await this.desk.takeTerminal(partner, body));
  }

  @Described({ summary: 'A financial advice confirmation as we have it', shows: 'payments.confirmation' })
  @Get('financial-advice-confirmations/:id')
  async confirmation(@CalledBy() { partner }: Caller, @Param('id') id: string): Promise<OcpiAnswer> {
    const { party, payments } = providerOf(partner);
    return found(payments.confirmation.show((await this.objects.one('confirmation', party, id)) ?? missing(id)));
  }

  @Described({ summary: 'Tell us what a terminal has captured for a session', takes: ['payments.confirmation'], mayCreate: true })
  @Post('financial-advice-confirmations')
  async postConfirmation(@CalledBy() { partner }: Caller, @Body() body: unknown): Promise<OcpiAnswer> {
    return stored(await this.desk.takeConfirmation(partner, body));
  }
}

function missing(id: string): never {
  throw OcpiProblem.missing(`there is no ${id}`);
}

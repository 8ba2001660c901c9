// Charge detail records, as billing tells them.
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Controller, Inject } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Input, Output } from '../api/operations';
import type { ConsoleSettings } from '../config';
import { invoiceOf } from '../invoice/invoice';
import { invoiceDocument } from '../invoice/invoice-document';

@Controller()
export class CdrsController {
  constructor(
    private readonly services: Requester<'console'>,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Operate('listCdrs')
  list({ query }: Input<'listCdrs'>): Promise<Output<'listCdrs'>> {
    return this.services.ask('listCdrs', query);
  }

  @Operate('getCdr')
  get({ params }: Input<'getCdr'>): Promise<Output<'getCdr'>> {
    return this.services.ask('getCdr', params);
  }

  @Operate('explainCdr')
  explain({ params, query }: Input<'explainCdr'>): Promise<Output<'explainCdr'>> {
    return this.services.ask('explainCdr', { ...params, ...query });
  }

  @Operate('cdrInvoice')
  async invoice({ params }: Input<'cdrInvoice'>): Promise<Output<'cdrInvoice'>> {
    const view = await this.services.ask('getCdr', params);
    return invoiceDocument(invoiceOf(view, this.settings.INVOICE_SELLERS));
  }
}

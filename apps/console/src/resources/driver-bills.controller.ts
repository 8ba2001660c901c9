// What our own drivers pay at partners' stations, as billing tells it.
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Controller, Inject } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Caller, Input, Output } from '../api/operations';
import type { ConsoleSettings } from '../config';
import { invoiceOfBill } from '../invoice/invoice';
import { invoiceDocument } from '../invoice/invoice-document';

@Controller()
export class DriverBillsController {
  constructor(
    private readonly services: Requester<'console'>,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Operate('listRetailTariffs')
  listRetailTariffs({ query }: Input<'listRetailTariffs'>): Promise<Output<'listRetailTariffs'>> {
    return this.services.ask('listRetailTariffs', this.owned(query));
  }

  @Operate('setRetailTariff')
  setRetailTariff(
    { params, query, body }: Input<'setRetailTariff'>,
    { username }: Caller<'setRetailTariff'>,
  ): Promise<Output<'setRetailTariff'>> {
    return this.services.ask('setRetailTariff', { actor: { operator: username }, ...this.owned(query), ...params, ...body });
  }

  @Operate('removeRetailTariff')
  removeRetailTariff(
    { params, query }: Input<'removeRetailTariff'>,
    { username }: Caller<'removeRetailTariff'>,
  ): Promise<Output<'removeRetailTariff'>> {
    return this.services.ask('removeRetailTariff', { actor: { operator: username }, ...this.owned(query), ...params });
  }

  @Operate('listDriverBills')
  list({ query }: Input<'listDriverBills'>): Promise<Output<'listDriverBills'>> {
    return this.services.ask('listDriverBills', query);
  }

  @Operate('getDriverBill')
  get({ params }: Input<'getDriverBill'>): Promise<Output<'getDriverBill'>> {
    return this.services.ask('getDriverBill', params);
  }

  @Operate('explainDriverBill')
  explain({ params, query }: Input<'explainDriverBill'>): Promise<Output<'explainDriverBill'>> {
    return this.services.ask('explainDriverBill', { ...params, ...query });
  }

  @Operate('driverBillInvoice')
  async invoice({ params }: Input<'driverBillInvoice'>): Promise<Output<'driverBillInvoice'>> {
    const bill = await this.services.ask('getDriverBill', params);
    return invoiceDocument(invoiceOfBill(bill, this.settings.INVOICE_SELLERS));
  }

  @Operate('listUnbilled')
  listUnbilled({ query }: Input<'listUnbilled'>): Promise<Output<'listUnbilled'>> {
    return this.services.ask('listUnbilled', query);
  }

  @Operate('billPurchase')
  billPurchase({ params }: Input<'billPurchase'>, { username }: Caller<'billPurchase'>): Promise<Output<'billPurchase'>> {
    return this.services.ask('billPurchase', { actor: { operator: username }, ...params });
  }

  private owned({ party }: { party?: string }): { party: string } {
    return { party: party ?? this.settings.PARTY };
  }
}

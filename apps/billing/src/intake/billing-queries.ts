// Answers the console's questions about CDRs, drivers' bills and the books.
import type { Answers, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { DisputeDesk } from '../dispute/dispute-desk';
import { DisputeView } from '../dispute/dispute-view';
import { DriverBillDesk } from '../driver-bill/driver-bill-desk';
import { DriverBillView } from '../driver-bill/driver-bill-view';
import { RetailDesk } from '../retail/retail-desk';
import { CdrView } from '../view/cdr-view';
import { StatementView } from '../view/statement-view';
import { TrialBalanceView } from '../view/trial-balance-view';

@Controller()
export class BillingQueries implements Answers<'billing'> {
  constructor(
    private readonly view: CdrView,
    private readonly balances: TrialBalanceView,
    private readonly statements: StatementView,
    private readonly disputeList: DisputeView,
    private readonly disputes: DisputeDesk,
    private readonly retail: RetailDesk,
    private readonly driverBillList: DriverBillView,
    private readonly driverBills: DriverBillDesk,
  ) {}

  @AnswerTo('listCdrs')
  listCdrs(query: Request<'listCdrs'>): Promise<Reply<'listCdrs'>> {
    return this.view.list(query);
  }

  @AnswerTo('getCdr')
  getCdr({ cdrId }: Request<'getCdr'>): Promise<Reply<'getCdr'>> {
    return this.view.get(cdrId);
  }

  @AnswerTo('explainCdr')
  explainCdr(request: Request<'explainCdr'>): Promise<Reply<'explainCdr'>> {
    return this.view.explain(request);
  }

  @AnswerTo('listDisputes')
  listDisputes(query: Request<'listDisputes'>): Promise<Reply<'listDisputes'>> {
    return this.disputeList.list(query);
  }

  @AnswerTo('acceptDispute')
  acceptDispute(request: Request<'acceptDispute'>): Promise<Reply<'acceptDispute'>> {
    return this.disputes.accept(request);
  }

  @AnswerTo('trialBalance')
  trialBalance(request: Request<'trialBalance'>): Promise<Reply<'trialBalance'>> {
    return this.balances.get(request);
  }

  @AnswerTo('settlementStatement')
  settlementStatement(request: Request<'settlementStatement'>): Promise<Reply<'settlementStatement'>> {
    return this.statements.get(request);
  }

  @AnswerTo('listRetailTariffs')
  listRetailTariffs(request: Request<'listRetailTariffs'>): Promise<Reply<'listRetailTariffs'>> {
    return this.retail.list(request);
  }

  @AnswerTo('setRetailTariff')
  setRetailTariff(request: Request<'setRetailTariff'>): Promise<Reply<'setRetailTariff'>> {
    return this.retail.set(request);
  }

  @AnswerTo('removeRetailTariff')
  removeRetailTariff(request: Request<'removeRetailTariff'>): Promise<Reply<'removeRetailTariff'>> {
    return this.retail.remove(request);
  }

  @AnswerTo('listDriverBills')
  listDriverBills(request: Request<'listDriverBills'>): Promise<Reply<'listDriverBills'>> {
    return this.driverBillList.list(request);
  }

  @AnswerTo('getDriverBill')
  getDriverBill(request: Request<'getDriverBill'>): Promise<Reply<'getDriverBill'>> {
    return this.driverBillList.get(request.billId);
  }

  @AnswerTo('explainDriverBill')
  explainDriverBill(request: Request<'explainDriverBill'>): Promise<Reply<'explainDriverBill'>> {
    return this.driverBillList.explain(request);
  }

  @AnswerTo('listUnbilled')
  listUnbilled(request: Request<'listUnbilled'>): Promise<Reply<'listUnbilled'>> {
    return this.driverBillList.listUnbilled(request);
  }

  @AnswerTo('billPurchase')
  billPurchase(request: Request<'billPurchase'>): Promise<Reply<'billPurchase'>> {
    return this.driverBills.billPurchase(request);
  }
}

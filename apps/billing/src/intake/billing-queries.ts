// Answers the console's questions about CDRs and about the books.
import type { Answers, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { DisputeDesk } from '../dispute/dispute-desk';
import { DisputeView } from '../dispute/dispute-view';
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
}

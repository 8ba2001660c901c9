// Answers the console's questions about CDRs and about the books.
import type { Answers, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { CdrView } from '../view/cdr-view';
import { StatementView } from '../view/statement-view';
import { TrialBalanceView } from '../view/trial-balance-view';

@Controller()
export class BillingQueries implements Answers<'billing'> {
  constructor(
    private readonly view: CdrView,
    private readonly balances: TrialBalanceView,
    private readonly statements: StatementView,
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

  @AnswerTo('trialBalance')
  trialBalance(request: Request<'trialBalance'>): Promise<Reply<'trialBalance'>> {
    return this.balances.get(request);
  }

  @AnswerTo('settlementStatement')
  settlementStatement(request: Request<'settlementStatement'>): Promise<Reply<'settlementStatement'>> {
    return this.statements.get(request);
  }
}

// Answers the console's questions about CDRs.
import type { Answers, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { CdrView } from '../view/cdr-view';

@Controller()
export class BillingQueries implements Answers<'billing'> {
  constructor(private readonly view: CdrView) {}

  @AnswerTo('listCdrs')
  listCdrs(query: Request<'listCdrs'>): Promise<Reply<'listCdrs'>> {
    return this.view.list(query);
  }

  @AnswerTo('getCdr')
  getCdr({ cdrId }: Request<'getCdr'>): Promise<Reply<'getCdr'>> {
    return this.view.get(cdrId);
  }

  @AnswerTo('explainCdr')
  explainCdr({ cdrId }: Request<'explainCdr'>): Promise<Reply<'explainCdr'>> {
    return this.view.explain(cdrId);
  }
}

// Answers questions about sessions, and takes an operator's word on those that are held.
import type { Answers, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { CostDesk } from '../cost/cost-desk';
import { QuoteDesk } from '../quote/quote-desk';
import { OperatorDecisions } from '../session/operator-decisions';
import { Rerater } from '../simulation/rerater';
import { TariffSimulator } from '../simulation/tariff-simulator';
import { SessionView } from '../view/session-view';
import { SignedEvidence } from '../view/signed-evidence';

@Controller()
export class SessionQueries implements Answers<'session-ledger'> {
  constructor(
    private readonly view: SessionView,
    private readonly decisions: OperatorDecisions,
    private readonly costs: CostDesk,
    private readonly simulator: TariffSimulator,
    private readonly rerater: Rerater,
    private readonly quotes: QuoteDesk,
    private readonly signed: SignedEvidence,
  ) {}

  @AnswerTo('listSessions')
  listSessions(query: Request<'listSessions'>): Promise<Reply<'listSessions'>> {
    return this.view.list(query);
  }

  @AnswerTo('getSession')
  getSession({ sessionId }: Request<'getSession'>): Promise<Reply<'getSession'>> {
    return this.view.get(sessionId);
  }

  @AnswerTo('sessionTimeline')
  sessionTimeline({ sessionId, ...query }: Request<'sessionTimeline'>): Promise<Reply<'sessionTimeline'>> {
    return this.view.timeline(sessionId, query);
  }

  @AnswerTo('sessionsOfToken')
  async sessionsOfToken({ key }: Request<'sessionsOfToken'>): Promise<Reply<'sessionsOfToken'>> {
    return { sessions: await this.view.runningOf(key) };
  }

  @AnswerTo('sessionCost')
  sessionCost(request: Request<'sessionCost'>): Promise<Reply<'sessionCost'>> {
    return this.costs.answer(request);
  }

  @AnswerTo('simulateTariff')
  simulateTariff(request: Request<'simulateTariff'>): Promise<Reply<'simulateTariff'>> {
    return this.simulator.simulate(request);
  }

  @AnswerTo('rerateSessions')
  rerateSessions(request: Request<'rerateSessions'>): Promise<Reply<'rerateSessions'>> {
    return this.rerater.rerate(request);
  }

  @AnswerTo('quoteSession')
  quoteSession(request: Request<'quoteSession'>): Promise<Reply<'quoteSession'>> {
    return this.quotes.quote(request);
  }

  @AnswerTo('signedReadings')
  signedReadings(request: Request<'signedReadings'>): Promise<Reply<'signedReadings'>> {
    return this.signed.readings(request);
  }

  @AnswerTo('releaseSession')
  releaseSession({ sessionId, command, actor }: Request<'releaseSession'>): Promise<Reply<'releaseSession'>> {
    return this.decisions.take(sessionId, { kind: 'release', ...command }, actor.operator);
  }

  @AnswerTo('denySession')
  denySession({ sessionId, command, actor }: Request<'denySession'>): Promise<Reply<'denySession'>> {
    return this.decisions.take(sessionId, { kind: 'deny', ...command }, actor.operator);
  }
}

// Answers the console's questions about sessions.
import type { Answers, Reply, Request } from '@evenkeel/contracts';
import { AnswerTo } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { SessionView } from '../view/session-view';

@Controller()
export class SessionQueries implements Answers<'session-ledger'> {
  constructor(private readonly view: SessionView) {}

  @AnswerTo('listSessions')
  listSessions(query: Request<'listSessions'>): Promise<Reply<'listSessions'>> {
    return this.view.list(query);
  }

  @AnswerTo('getSession')
  getSession({ sessionId }: Request<'getSession'>): Promise<Reply<'getSession'>> {
    return this.view.get(sessionId);
  }

  @AnswerTo('sessionTimeline')
  sessionTimeline({ sessionId }: Request<'sessionTimeline'>): Promise<Reply<'sessionTimeline'>> {
    return this.view.timeline(sessionId);
  }
}

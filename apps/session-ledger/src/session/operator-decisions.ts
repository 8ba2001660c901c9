// An operator's word on a session that is held, or on a bill that is wrong. The operator's name is kept with the event.
import { idOf, Problem } from '@evenkeel/contracts';
import type { SessionCommand } from './session';
import type { SessionBook } from './session-book';

export class OperatorDecisions {
  constructor(private readonly book: SessionBook) {}

  /** @throws Problem `not-found` for an unknown session, `conflict` with the reason where the decider refuses. */
  async take(
    sessionId: string,
    command: Extract<SessionCommand, { kind: 'release' | 'deny' | 'rerate' }>,
    operator: string,
  ): Promise<{ sessionId: string }> {
    const state = await this.book.stateOf(sessionId);
    if (state.opened === undefined) throw new Problem('not-found', `there is no session ${sessionId}`);
    const cause = idOf('operator', sessionId, operator, JSON.stringify(command), state.revision);
    const handled = await this.book.decide(sessionId, command, { cause, operator });
    if (!handled.accepted) throw new Problem('conflict', handled.rejection.text);
    return { sessionId };
  }
}

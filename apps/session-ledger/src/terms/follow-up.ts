// What must happen once facts are durable, and need not happen before they are acknowledged: the terms are asked for, and the end of the
// settle window is looked for. Both are found again after a crash, by the read model.
import type { Recorded } from '../session/session-book';
import type { SettleWindows } from '../watch/settle-windows';
import type { StatusDesk } from '../watch/status-desk';
import type { TermsDesk } from './terms-desk';

export class FollowUp {
  constructor(
    private readonly terms: TermsDesk,
    private readonly windows: SettleWindows,
    private readonly statuses: Pick<StatusDesk, 'ask'>,
  ) {}

  after(recorded: Recorded): void {
    this.windows.expect(recorded);
    for (const sessionId of recorded.readyForTerms) void this.terms.agree(sessionId);
    for (const sessionId of recorded.unclear) void this.statuses.ask(sessionId);
  }
}

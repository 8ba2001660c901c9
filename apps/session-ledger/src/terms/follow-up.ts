// What must happen once facts are durable, and need not happen before they are acknowledged: the terms are asked for, and the end of the
// settle window is looked for. Both are found again after a crash, by the read model.
import type { Recorded } from '../session/session-book';
import type { SettleWindows } from '../watch/settle-windows';
import type { TermsDesk } from './terms-desk';

export class FollowUp {
  constructor(
    private readonly terms: TermsDesk,
    private readonly windows: SettleWindows,
  ) {}

  after(recorded: Recorded): void {
    this.windows.expect(recorded);
    for (const sessionId of recorded.readyForTerms) void this.terms.agree(sessionId);
  }
}

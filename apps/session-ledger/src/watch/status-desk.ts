// Asks stations about transactions of which something is missing, or of which nothing has been heard for long. The answer is an event of
// the session, so that the same is asked once; a station that cannot be reached is asked again with the next fact or look, not at once.
import { idOf, Problem } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { SessionBook } from '../session/session-book';
import { statusToAsk } from '../session/transaction-status';
import type { SettleWindows } from './settle-windows';

const RETRY_AFTER_MS = 60_000;

export class StatusDesk {
  /** Epoch milliseconds before which a session's station is not asked again. */
  private readonly notBefore = new Map<string, number>();

  constructor(
    private readonly book: Pick<SessionBook, 'stateOf' | 'tell'>,
    private readonly requester: Pick<Requester<'session-ledger'>, 'ask'>,
    private readonly windows: SettleWindows,
    private readonly now: () => number,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** Never fails: what cannot be told now is asked again. */
  async ask(sessionId: string): Promise<void> {
    const nowMs = this.now();
    if (nowMs < (this.notBefore.get(sessionId) ?? 0)) return;
    this.forgetBefore(nowMs);
    this.notBefore.set(sessionId, nowMs + RETRY_AFTER_MS);
    try {
      const question = statusToAsk(await this.book.stateOf(sessionId));
      if (question !== undefined) {
        const { about, ...asked } = question;
        const answer = await this.requester.ask('transactionStatus', { ...asked, cause: idOf('ask', sessionId, about, nowMs) });
        this.windows.expect(await this.book.tell(sessionId, { about, ...answer }));
      }
      this.notBefore.delete(sessionId);
    } catch (error) {
      const isAbsent = error instanceof Problem && error.code === 'offline';
      if (!isAbsent) this.log.warn({ error, sessionId }, 'a station could not be asked about its transaction; it will be');
    }
  }

  private forgetBefore(nowMs: number): void {
    for (const [sessionId, at] of this.notBefore) if (at <= nowMs) this.notBefore.delete(sessionId);
  }
}

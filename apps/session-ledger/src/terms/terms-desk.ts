// Agrees the terms of sessions: asks the registry who pays, where and at what price, and freezes the answer in the session's stream. A
// session whose terms cannot be agreed now keeps recording its facts and is asked for again until they can: a missing tariff is a fault
// to be mended, never a price of 0.
import { isDeepStrictEqual } from 'node:util';
import type { ChargingTermsRequest } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { Log, Metrics } from '@evenkeel/service';
import type { SessionBook } from '../session/session-book';
import { termsToAsk } from '../session/terms-to-ask';
import type { SettleWindows } from '../watch/settle-windows';

export class TermsDesk {
  private readonly asking = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private lastRetried = '';

  constructor(
    private readonly book: SessionBook,
    private readonly requester: Pick<Requester<'session-ledger'>, 'ask'>,
    private readonly windows: SettleWindows,
    /** The next ids, in key order, of sessions without terms. */
    private readonly pendingAfter: (sessionId: string) => Promise<string[]>,
    private readonly log: Pick<Log, 'warn'>,
    private readonly metrics: Pick<Metrics, 'count'>,
  ) {}

  start(everyMs: number): void {
    this.timer = setInterval(() => void this.retryPending(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Never fails: what cannot be agreed now is asked again later. */
  async agree(sessionId: string): Promise<void> {
    if (this.asking.has(sessionId)) return;
    this.asking.add(sessionId);
    try {
      let asked: ChargingTermsRequest | undefined;
      // A token that came while the terms were asked for without it makes the answer out of date: then they are asked for once more.
      for (;;) {
        const request = termsToAsk(await this.book.stateOf(sessionId));
        if (request === undefined || isDeepStrictEqual(request, asked)) return;
        asked = request;
        this.windows.expect(await this.book.agree(sessionId, await this.requester.ask('chargingTerms', request)));
      }
    } catch (error) {
      this.metrics.count('evenkeel_terms_failures_total', 'Sessions whose terms could not be agreed at an attempt');
      this.log.warn({ error, sessionId }, 'the terms of a session could not be agreed; it will be asked again');
    } finally {
      this.asking.delete(sessionId);
    }
  }

  private async retryPending(): Promise<void> {
    try {
      const waiting = await this.pendingAfter(this.lastRetried);
      // After the last page comes the first one again.
      this.lastRetried = waiting.at(-1) ?? '';
      for (const sessionId of waiting) await this.agree(sessionId);
    } catch (error) {
      this.log.warn({ error }, 'sessions without terms could not be listed');
    }
  }
}

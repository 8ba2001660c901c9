// Stops sessions before they go further than they may. Stations of OCPP 2.1 are told their limits and keep them; of the others nobody but us
// watches, and of those of 2.1 we watch that they do. Which sessions are running is known from what stations say, so that another process, or
// the next one, goes on.
import { idOf, type PartyKey, type StationFact, sessionIdOf } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { SessionBook } from '../session/session-book';

export interface LimitDeskParts {
  readonly book: Pick<SessionBook, 'limitBy'>;
  readonly requester: Pick<Requester<'session-ledger'>, 'ask'>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Pick<Log, 'info' | 'warn'>;
}

const LOOK_EVERY_MS = 5_000;
/** Until a station has stopped: our next look, its answer, its relay. */
const STOPS_WITHIN_MS = 20_000;
/** A station that keeps its limits itself has stopped, and said so, by then. */
const OWN_LIMIT_GRACE_MS = 60_000;
const ASK_AGAIN_MS = 30_000;

interface Running {
  readonly party: PartyKey;
  readonly stationId: string;
  readonly transactionId: string;
  readonly leadMs: number;
  attempts: number;
  askAgainAtMs: number;
}

export class LimitDesk {
  private readonly running = new Map<string, Running>();
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;

  constructor(private readonly parts: LimitDeskParts) {}

  start(): void {
    this.timer = setInterval(() => {
      this.working ??= this.look().finally(() => {
        this.working = undefined;
      });
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  /** After facts are durable. Never fails. */
  after(facts: readonly StationFact[]): void {
    for (const fact of facts) {
      if (fact.kind !== 'transaction-reported') continue;
      const { stationId, transactionId, phase, ocppVersion } = fact;
      const party = fact.party as PartyKey;
      const sessionId = sessionIdOf(party, stationId, transactionId);
      if (phase === 'ended') this.running.delete(sessionId);
      else if (!this.running.has(sessionId)) {
        const leadMs = ocppVersion === '2.1' ? -OWN_LIMIT_GRACE_MS : STOPS_WITHIN_MS;
        this.running.set(sessionId, { party, stationId, transactionId, leadMs, attempts: 0, askAgainAtMs: 0 });
      }
    }
  }

  async look(): Promise<void> {
    for (const [sessionId, running] of this.running) {
      try {
        await this.lookAt(sessionId, running);
      } catch (error) {
        this.parts.log.warn({ error, sessionId }, 'the limits of a session could not be looked at; the next look comes by itself');
      }
    }
  }

  private async lookAt(sessionId: string, running: Running): Promise<void> {
    const nowMs = this.parts.now();
    if (nowMs < running.askAgainAtMs) return;
    const { isOpen, reached } = await this.parts.book.limitBy(sessionId, new Date(nowMs + running.leadMs).toISOString());
    if (!isOpen) this.running.delete(sessionId);
    if (reached === undefined) return;
    running.attempts += 1;
    running.askAgainAtMs = nowMs + ASK_AGAIN_MS;
    void this.ask(sessionId, running, reached.limit);
  }

  /** Its own time is the station's; until the session has ended it is asked again. */
  private async ask(sessionId: string, { party, stationId, transactionId, attempts }: Running, limit: string): Promise<void> {
    const cause = idOf('limit', sessionId, String(attempts));
    try {
      const { stopped } = await this.parts.requester.ask('stopTransaction', { party, stationId, transactionId, cause });
      this.parts.log.info({ sessionId, stationId, limit, stopped }, 'a session reached its limit');
    } catch (error) {
      this.parts.log.warn({ error, sessionId, stationId, limit }, 'a session that reached its limit could not be stopped yet');
    }
  }
}

// Tells what sessions cost: a gateway while a station waits for its answer, and later the stations whose answer left without it. Stations of
// OCPP 1.6 have no place for costs in any answer, so they are told by themselves, as often as they may be.
import { idOf, type PartyKey, type Reply, type Request, type StationFact, type StationFactOf, sessionIdOf } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { Log } from '@evenkeel/service';
import type { CostAtFact, SessionBook } from '../session/session-book';

/** The gateway waits a little longer. */
const ANSWER_WITHIN_MS = 600;
const FIRST_PAUSE_MS = 20;
/** After this another process is suspected to have recorded the fact. */
const LOOK_ANEW_AFTER_MS = 100;
const TELL_WITHIN_MS = 60_000;
const FIRST_LATE_PAUSE_MS = 500;
/** A station that shows no costs is not asked again for so long. */
const UNABLE_FOR_MS = 10 * 60_000;

export interface CostDeskParts {
  readonly book: Pick<SessionBook, 'costAt' | 'currentCost'>;
  readonly requester: Pick<Requester<'session-ledger'>, 'ask'>;
  /** The least time between two costs that a 1.6 station is told of a running session. */
  readonly everySeconds: number;
  readonly now: () => number;
  readonly pause: (ms: number) => Promise<void>;
  readonly log: Pick<Log, 'info'>;
}

type TransactionFact = StationFactOf<'transaction-reported'>;
type Transaction = Pick<Request<'sessionCost'>, 'party' | 'stationId' | 'transactionId'>;

export class CostDesk {
  /** Epoch milliseconds before which a session, or a station, is not told. */
  private readonly notBefore = new Map<string, number>();

  constructor(private readonly parts: CostDeskParts) {}

  /** What is not known in time is told to the station later. */
  async answer({ factId, ...transaction }: Request<'sessionCost'>): Promise<Reply<'sessionCost'>> {
    const { isKnown, cost } = await this.wait(sessionOf(transaction), factId, ANSWER_WITHIN_MS, FIRST_PAUSE_MS);
    if (!isKnown) void this.tellLater(transaction, factId);
    return cost ? { cost } : {};
  }

  /** After facts are durable: OCPP 1.6 stations are told. Never fails. */
  after(facts: readonly StationFact[]): void {
    for (const fact of facts) {
      if (fact.kind !== 'transaction-reported' || fact.ocppVersion !== '1.6' || fact.phase === 'started') continue;
      if (this.isDue(fact)) void this.tellLater(fact, fact.factId);
    }
  }

  private async tellLater({ party, stationId, transactionId }: Transaction, factId: string): Promise<void> {
    const sessionId = sessionOf({ party, stationId, transactionId });
    try {
      const { cost } = await this.wait(sessionId, factId, TELL_WITHIN_MS, FIRST_LATE_PAUSE_MS);
      const current = cost && (await this.parts.book.currentCost(sessionId));
      if (!current) return;
      const request = { party, stationId, transactionId, ...current, cost, cause: idOf('show-cost', sessionId, factId) };
      const { shown } = await this.parts.requester.ask('showCost', request);
      if (!shown) this.notBefore.set(stationOf({ party, stationId }), this.parts.now() + UNABLE_FOR_MS);
    } catch (error) {
      this.parts.log.info({ error, sessionId }, 'a station was not told what a session costs');
    }
  }

  private async wait(sessionId: string, factId: string, withinMs: number, firstPauseMs: number): Promise<CostAtFact> {
    const { book, now, pause } = this.parts;
    const fromMs = now();
    for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
      const waitedMs = now() - fromMs;
      const found = await book.costAt(sessionId, factId, waitedMs >= LOOK_ANEW_AFTER_MS);
      if (found.isKnown || waitedMs + pauseMs > withinMs) return found;
      await pause(pauseMs);
    }
  }

  /** An end is always told; in between, not more often than the station may be. */
  private isDue({ party, stationId, transactionId, phase }: TransactionFact): boolean {
    const nowMs = this.parts.now();
    for (const [key, until] of this.notBefore) if (until <= nowMs) this.notBefore.delete(key);
    if (this.notBefore.has(stationOf({ party, stationId }))) return false;
    const key = `${stationOf({ party, stationId })}/${transactionId}`;
    if (phase === 'ended') this.notBefore.delete(key);
    else if (this.notBefore.has(key)) return false;
    else this.notBefore.set(key, nowMs + this.parts.everySeconds * 1_000);
    return true;
  }
}

function sessionOf({ party, stationId, transactionId }: Transaction): string {
  return sessionIdOf(party as PartyKey, stationId, transactionId);
}

function stationOf({ party, stationId }: Pick<Transaction, 'party' | 'stationId'>): string {
  return `${party}/${stationId.toLowerCase()}`;
}

// Looks at sessions when time alone may have changed something: a settle window is over, a connector has been free for long, a stop never
// came. What is due is durable in the read model, so that a crash or another pod changes nothing; a window that this pod opened is also
// kept in memory, because the state of that session is here and seconds matter.
import { idOf } from '@evenkeel/contracts';
import type { Log, Metrics } from '@evenkeel/service';
import { nextLook } from '../session/attention';
import { isWaitingStray } from '../session/orphan';
import type { SessionState } from '../session/session';
import { nothingRecorded, type SessionBook } from '../session/session-book';
import type { SessionPolicy } from '../session/session-policy';
import { termsToAsk } from '../session/terms-to-ask';
import { statusToAsk } from '../session/transaction-status';
import type { FollowUp } from '../terms/follow-up';
import type { SettleWindows } from './settle-windows';
import type { StrayDesk } from './stray-desk';

const TICK_MS = 250;
const DUE_EVERY_MS = 1_000;
const SUPERSEDED_EVERY_MS = 30_000;
const PAYER_RETRY_MS = 30_000;
/** A look that failed is due again after this, not only when its claim has run out. */
const FAILED_RETRY_MS = 5_000;
/** Looks at once: each may read a stream. */
const LOOKS_AT_ONCE = 32;

/** Where it stands when each session must be looked at; `WatchList` keeps it in the read model. */
export interface Looks {
  /** Sessions that are due, claimed so that no other pod looks at them as well. */
  claimDue(): Promise<Claimed[]>;
  /** Sets the next look, unless an event has set it meanwhile; none is needed when it is undefined. */
  lookedAt(sessionId: string, claimedUntil: string, next: string | undefined): Promise<void>;
  /** Running sessions at whose EVSE a later one has begun. */
  superseded(): Promise<Superseded[]>;
}

export interface Claimed {
  sessionId: string;
  claimedUntil: string;
}

export interface Superseded {
  sessionId: string;
  /** The session that has begun at the same connector since. */
  by: string;
}

export interface WatchdogParts {
  book: SessionBook;
  strays: StrayDesk;
  list: Looks;
  /** Epoch milliseconds. */
  now: () => number;
  policyOf: (party: string) => SessionPolicy;
  windows: SettleWindows;
  followUp: FollowUp;
  log: Pick<Log, 'warn'>;
  metrics: Pick<Metrics, 'count'>;
}

export class Watchdog {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private lastDueAt = 0;
  private lastSupersededAt = 0;

  constructor(private readonly parts: WatchdogParts) {}

  start(): void {
    this.timer = setInterval(() => {
      this.working ??= this.round().finally(() => {
        this.working = undefined;
      });
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.working;
  }

  /** One round: windows that are over, and every now and then what is due and what was superseded. */
  async round(): Promise<void> {
    const nowMs = this.parts.now();
    await this.inTurns(this.parts.windows.takeOver(nowMs), (sessionId) => this.look(sessionId));
    if (nowMs - this.lastDueAt >= DUE_EVERY_MS) {
      this.lastDueAt = nowMs;
      await this.guarded('due sessions could not be listed', () => this.lookAtDue());
    }
    if (nowMs - this.lastSupersededAt >= SUPERSEDED_EVERY_MS) {
      this.lastSupersededAt = nowMs;
      await this.guarded('superseded sessions could not be listed', () => this.closeSuperseded());
    }
  }

  private async lookAtDue(): Promise<void> {
    const { list, policyOf } = this.parts;
    const claimed = await list.claimDue();
    await this.inTurns(claimed, async ({ sessionId, claimedUntil }) => {
      const state = await this.look(sessionId).catch(async (error) => {
        await list.lookedAt(sessionId, claimedUntil, this.later(FAILED_RETRY_MS));
        throw error;
      });
      if (state?.opened === undefined) return list.lookedAt(sessionId, claimedUntil, undefined);
      const next = lacksPayer(state) ? this.later(PAYER_RETRY_MS) : nextLook(state, this.later(0), policyOf(state.opened.party));
      await list.lookedAt(sessionId, claimedUntil, next);
    });
  }

  private later(ms: number): string {
    return new Date(this.parts.now() + ms).toISOString();
  }

  private async look(sessionId: string): Promise<SessionState | undefined> {
    const { book, strays, policyOf, followUp, metrics } = this.parts;
    metrics.count('evenkeel_session_looks_total', 'Sessions that were looked at because time had passed');
    const state = await book.watch(sessionId);
    const { opened, facts } = state;
    if (opened === undefined) return undefined;
    if (lacksPayer(state)) followUp.after({ ...nothingRecorded(), readyForTerms: new Set([sessionId]) });
    if (statusToAsk(state)) followUp.after({ ...nothingRecorded(), unclear: new Set([sessionId]) });
    if (!isWaitingStray(state)) return state;
    const patienceMs = policyOf(opened.party).strayMatchSeconds * 1_000;
    const heardAt = facts.firstHeardAt;
    if (heardAt === undefined || this.parts.now() - Date.parse(heardAt) < patienceMs) return state;
    const recorded = await strays.resolve(state);
    if (recorded) followUp.after(recorded);
    return book.stateOf(sessionId);
  }

  /** A session at whose connector another one has begun is over, though its stop never came (TX-18). */
  private async closeSuperseded(): Promise<void> {
    const { list, book } = this.parts;
    await this.inTurns(await list.superseded(), async ({ sessionId, by }: Superseded) => {
      const closure = await book.supersession(sessionId, by);
      if (closure === undefined) return;
      await book.decide(sessionId, { kind: 'close', closure }, { cause: idOf('superseded', sessionId, by) });
      await this.look(sessionId);
    });
  }

  /** A failing look must not keep the others waiting. */
  private async inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
    const waiting = [...items];
    const next = async (): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        const one = item;
        await this.guarded('a session could not be looked at', () => work(one));
      }
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, next));
  }

  private async guarded(failure: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.parts.metrics.count('evenkeel_session_look_failures_total', 'Looks at sessions that failed and will be tried again');
      this.parts.log.warn({ error }, failure);
    }
  }
}

/** Sessions without any terms are asked about by the terms desk; one whose payer became known only later is found here. */
function lacksPayer(state: SessionState): boolean {
  return state.terms !== undefined && termsToAsk(state) !== undefined;
}

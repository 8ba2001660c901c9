// Finds the session that a stop without a known transaction belongs to, once there was time for everything that it may have overtaken. What
// is nobody's stays as a stray for a person to look at: it is never billed by guess.
import { idOf, type PartyKey } from '@evenkeel/contracts';
import type { SessionState } from '../session/session';
import { nothingRecorded, type Recorded, type SessionBook } from '../session/session-book';
import { matchStray } from '../session/stray-match';
import { termsToAsk } from '../session/terms-to-ask';

/** Sessions of a station that run or have ended lately, as the read model knows them. */
export type RecentSessions = (party: PartyKey, stationId: string) => Promise<string[]>;

export class StrayDesk {
  constructor(
    private readonly book: SessionBook,
    private readonly recentSessions: RecentSessions,
  ) {}

  /** @param stray the state of an orphan whose patience is over. */
  async resolve(stray: SessionState): Promise<Recorded | undefined> {
    const { opened, facts } = stray;
    if (opened === undefined) return undefined;
    const cause = idOf('stray', opened.sessionId, facts.size);
    const stop = facts.end;
    if (stop === undefined) {
      const text =
        'Readings name a transaction that was never started here; they were given to the session at their connector, if one ran.';
      await this.book.decide(opened.sessionId, { kind: 'stray', text }, { cause });
      return undefined;
    }
    const ids = (await this.recentSessions(opened.party, opened.stationId)).filter((id) => id !== opened.sessionId);
    const match = matchStray(stop, await Promise.all(ids.map((id) => this.book.stateOf(id))));
    if (match === undefined) {
      const text = `A stop names transaction ${opened.transactionId}, which was never started here, and no session is certainly its own.`;
      const { state } = await this.book.decide(opened.sessionId, { kind: 'stray', text }, { cause });
      // A stop that carries the readings of both edges and a token is enough for a bill of its own.
      return { ...nothingRecorded(), readyForTerms: new Set(termsToAsk(state) ? [opened.sessionId] : []) };
    }
    // First the session has its stop, then the stray is closed. After a crash in between, the session that has the stop is found again.
    const recorded = await this.book.recordMatched(match.into, stop, match.rule);
    await this.book.decide(opened.sessionId, { kind: 'merge', into: match.into, rule: match.rule }, { cause });
    return recorded;
  }
}

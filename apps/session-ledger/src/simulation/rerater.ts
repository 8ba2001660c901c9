// Bills sessions that are over by another tariff: a price was wrong when they began, and has been put right since. Each session whose price
// changes gets the tariff and an amendment in its stream, from which follow a credit CDR and a new CDR. What was billed anew once comes to the
// same at the next time, so that an interrupted run is simply asked for again.
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import type { OperatorDecisions } from '../session/operator-decisions';
import type { SessionCommand } from '../session/session';
import { type Compared, sumOf, type TariffComparison } from './tariff-comparison';

const USUAL_SESSIONS = 500;

type Rerate = Extract<SessionCommand, { kind: 'rerate' }>;

export class Rerater {
  constructor(
    private readonly comparison: TariffComparison,
    private readonly decisions: Pick<OperatorDecisions, 'take'>,
    private readonly requester: Pick<Requester<'session-ledger'>, 'ask'>,
    /** RFC 3339 UTC. */
    private readonly now: () => string,
  ) {}

  /** @throws Problem for an unknown tariff, and for a span that has no length. */
  async rerate({
    actor,
    party,
    tariffId,
    reason,
    insteadOf,
    sessions = USUAL_SESSIONS,
    ...span
  }: Request<'rerateSessions'>): Promise<Reply<'rerateSessions'>> {
    const tariff = await this.requester.ask('tariffInForce', { party, tariffId, at: this.now() });
    const which = { ...span, party, sessions, ...(insteadOf === undefined ? {} : { tariffId: insteadOf }) };
    const { compared, notPriced, next } = await this.comparison.of(tariff, which);
    const changed: Compared[] = [];
    const refused: (typeof notPriced)[number][] = [];
    for (const session of compared.filter(({ same }) => !same)) {
      const refusal = await this.rerateOne(session.sessionId, { kind: 'rerate', tariff, reason }, actor.operator);
      if (refusal === undefined) changed.push(session);
      else refused.push({ reason: `${session.sessionId}: ${refusal}`, sessions: 1 });
    }
    return {
      currency: tariff.currency,
      tariffLastUpdated: tariff.lastUpdated,
      rerated: changed.length,
      before: sumOf(changed, 'actual', tariff.currency),
      now: sumOf(changed, 'other', tariff.currency),
      same: compared.filter(({ same }) => same).length,
      notPriced: [...notPriced, ...refused],
      ...(next === undefined ? {} : { next }),
    };
  }

  /** @returns why it was not done: the bill has come into doubt since the list was made, or waits for news. */
  private async rerateOne(sessionId: string, command: Rerate, operator: string): Promise<string | undefined> {
    try {
      await this.decisions.take(sessionId, command, operator);
      return undefined;
    } catch (error) {
      if (error instanceof Problem && error.code === 'conflict') return error.message;
      throw error;
    }
  }
}

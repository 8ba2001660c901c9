// What sessions that are over would have cost under another tariff. Each is measured anew from its recorded facts, because the tariff decides where
// its periods are cut: pricing the periods of the old one by the new one would be wrong wherever the new one asks for another hour or amount.
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import { Money } from '@evenkeel/money';
import { amountDue } from '@evenkeel/tariff';
import type { SessionBook } from '../session/session-book';
import { priceUnder } from '../session/session-cost';
import type { SessionView } from '../view/session-view';

const USUAL_SESSIONS = 1_000;
const LARGEST_CHANGES = 10;
/** Read at once; each is a stream. */
const AT_ONCE = 16;

interface Compared {
  readonly sessionId: string;
  readonly actual: Money;
  readonly simulated: Money;
}

export class TariffSimulator {
  constructor(
    private readonly book: Pick<SessionBook, 'stateOf'>,
    private readonly view: Pick<SessionView, 'billedIn'>,
    private readonly freeWithoutEnergy: boolean,
  ) {}

  /** @throws Problem for a span that has no length. */
  async simulate({ tariff, from, to, insteadOf, sessions = USUAL_SESSIONS }: Request<'simulateTariff'>): Promise<Reply<'simulateTariff'>> {
    if (from >= to) throw new Problem('invalid', 'the sessions must begin from a time on, and before a later one');
    const { currency } = tariff;
    const ids = await this.view.billedIn({ from, to, sessions, ...(insteadOf === undefined ? {} : { tariffId: insteadOf }) });
    const compared: Compared[] = [];
    const notPriced = new Map<string, number>();
    for (let index = 0; index < ids.length; index += AT_ONCE) {
      const results = await Promise.all(ids.slice(index, index + AT_ONCE).map((sessionId) => this.compare(sessionId, tariff)));
      for (const result of results) {
        if (typeof result === 'string') notPriced.set(result, (notPriced.get(result) ?? 0) + 1);
        else compared.push(result);
      }
    }
    const changes = compared.map((each) => ({ ...each, change: each.simulated.subtract(each.actual) }));
    const size = ({ change }: (typeof changes)[number]) => (change.isNegative ? change.negate() : change);
    const largest = changes
      .filter(({ change }) => !change.isZero)
      .sort((a, b) => size(b).compare(size(a)) || (a.sessionId < b.sessionId ? -1 : 1));
    const sumOf = (side: 'actual' | 'simulated') =>
      Money.sum(
        compared.map((each) => each[side]),
        currency,
      ).toString();
    return {
      currency,
      sessions: compared.length,
      actual: sumOf('actual'),
      simulated: sumOf('simulated'),
      dearer: changes.filter(({ change }) => !change.isZero && !change.isNegative).length,
      cheaper: changes.filter(({ change }) => change.isNegative).length,
      same: changes.filter(({ change }) => change.isZero).length,
      notPriced: [...notPriced].map(([reason, count]) => ({ reason, sessions: count })),
      largestChanges: largest.slice(0, LARGEST_CHANGES).map(({ sessionId, actual, simulated }) => ({
        sessionId,
        actual: actual.toString(),
        simulated: simulated.toString(),
      })),
    };
  }

  /** @returns in words why it cannot be compared. */
  private async compare(sessionId: string, tariff: Request<'simulateTariff'>['tariff']): Promise<Compared | string> {
    const state = await this.book.stateOf(sessionId);
    const { terms } = state;
    if (terms === undefined) return 'its terms are not agreed';
    if (terms.tariff.currency !== tariff.currency) return `it was billed in ${terms.tariff.currency}`;
    try {
      const actual = priceUnder(state, terms, this.freeWithoutEnergy);
      const simulated = priceUnder(state, { ...terms, tariff }, this.freeWithoutEnergy);
      if (actual === undefined || simulated === undefined) return 'it is not known when it began';
      const money = (amount: string) => Money.parse(amount, tariff.currency);
      return { sessionId, actual: money(amountDue(actual.total)), simulated: money(amountDue(simulated.total)) };
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  }
}

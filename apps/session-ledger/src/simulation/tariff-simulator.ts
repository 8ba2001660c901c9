// What sessions that are over would have cost under another tariff. Nothing is written.
import type { Reply, Request } from '@evenkeel/contracts';
import { sumOf, type TariffComparison } from './tariff-comparison';

const USUAL_SESSIONS = 1_000;
const LARGEST_CHANGES = 10;

export class TariffSimulator {
  constructor(private readonly comparison: TariffComparison) {}

  /** @throws Problem for a span that has no length. */
  async simulate({ tariff, from, to, insteadOf, sessions = USUAL_SESSIONS }: Request<'simulateTariff'>): Promise<Reply<'simulateTariff'>> {
    const { currency } = tariff;
    const which = { from, to, sessions, ...(insteadOf === undefined ? {} : { tariffId: insteadOf }) };
    const { compared, notPriced } = await this.comparison.of(tariff, which);
    const changes = compared.map((each) => ({ ...each, change: each.other.subtract(each.actual) }));
    const size = ({ change }: (typeof changes)[number]) => (change.isNegative ? change.negate() : change);
    const largest = changes
      .filter(({ change }) => !change.isZero)
      .sort((a, b) => size(b).compare(size(a)) || (a.sessionId < b.sessionId ? -1 : 1));
    return {
      currency,
      sessions: compared.length,
      actual: sumOf(compared, 'actual', currency),
      simulated: sumOf(compared, 'other', currency),
      dearer: changes.filter(({ change }) => !change.isZero && !change.isNegative).length,
      cheaper: changes.filter(({ change }) => change.isNegative).length,
      same: changes.filter(({ change }) => change.isZero).length,
      notPriced: [...notPriced],
      largestChanges: largest.slice(0, LARGEST_CHANGES).map(({ sessionId, actual, other }) => ({
        sessionId,
        actual: actual.toString(),
        simulated: other.toString(),
      })),
    };
  }
}

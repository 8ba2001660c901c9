// Sessions that were billed, each priced by its own tariff and by another one. Each is measured anew from its recorded facts, because the tariff
// decides where its periods are cut: pricing the periods of the old one by the new one would be wrong wherever the new one asks for another
// hour or amount.
import { Problem, type Tariff } from '@evenkeel/contracts';
import { Money } from '@evenkeel/money';
import { amountDue, type Cost } from '@evenkeel/tariff';
import type { SessionBook } from '../session/session-book';
import { priceUnder } from '../session/session-cost';
import type { BilledIn, SessionView } from '../view/session-view';

/** Read at once; each is a stream. */
const AT_ONCE = 16;

export interface Compared {
  readonly sessionId: string;
  readonly actual: Money;
  readonly other: Money;
  /** On both sides of tax. */
  readonly same: boolean;
}

export interface Comparison {
  readonly compared: readonly Compared[];
  /** The reason in words. */
  readonly notPriced: readonly { readonly reason: string; readonly sessions: number }[];
  /** There are more sessions: after this one. */
  readonly next?: string;
}

export class TariffComparison {
  constructor(
    private readonly book: Pick<SessionBook, 'stateOf'>,
    private readonly view: Pick<SessionView, 'billedIn'>,
    private readonly freeWithoutEnergy: boolean,
  ) {}

  /** @throws Problem for a span that has no length, or a place to go on from that is none. */
  async of(tariff: Tariff, which: BilledIn): Promise<Comparison> {
    if (which.from >= which.to) throw new Problem('invalid', 'the sessions must begin from a time on, and before a later one');
    const { sessionIds, next } = await this.view.billedIn(which);
    const compared: Compared[] = [];
    const notPriced = new Map<string, number>();
    for (let index = 0; index < sessionIds.length; index += AT_ONCE) {
      const results = await Promise.all(sessionIds.slice(index, index + AT_ONCE).map((sessionId) => this.compare(sessionId, tariff)));
      for (const result of results) {
        if (typeof result === 'string') notPriced.set(result, (notPriced.get(result) ?? 0) + 1);
        else compared.push(result);
      }
    }
    const reasons = [...notPriced].map(([reason, sessions]) => ({ reason, sessions }));
    return { compared, notPriced: reasons, ...(next === undefined ? {} : { next }) };
  }

  /** @returns in words why it cannot be compared. */
  private async compare(sessionId: string, tariff: Tariff): Promise<Compared | string> {
    const state = await this.book.stateOf(sessionId);
    const { terms } = state;
    if (terms === undefined) return 'its terms are not agreed';
    if (terms.tariff.currency !== tariff.currency) return `it was billed in ${terms.tariff.currency}`;
    try {
      const actual = priceUnder(state, terms, this.freeWithoutEnergy);
      const other = priceUnder(state, { ...terms, tariff }, this.freeWithoutEnergy);
      if (actual === undefined || other === undefined) return 'it is not known when it began';
      const due = ({ total }: { total: Cost }) => Money.parse(amountDue(total), tariff.currency);
      const same = actual.total.beforeTaxes === other.total.beforeTaxes && actual.total.afterTaxes === other.total.afterTaxes;
      return { sessionId, actual: due(actual), other: due(other), same };
    } catch (error) {
      if (error instanceof RangeError) return error.message;
      throw error;
    }
  }
}

/** What they come to on one side, as text. */
export function sumOf(compared: readonly Compared[], side: 'actual' | 'other', currency: string): string {
  return Money.sum(
    compared.map((each) => each[side]),
    currency,
  ).toString();
}

// The price before the start: what a planned session will come to at a connector, by the tariff that is in force there then.
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import { amountDue, explain } from '@evenkeel/tariff';
import { priceUnder } from '../session/session-cost';
import { endOf, plannedState } from './planned-session';

export class QuoteDesk {
  constructor(
    private readonly requester: Pick<Requester<'session-ledger'>, 'ask'>,
    private readonly freeWithoutEnergy: boolean,
  ) {}

  /** @throws Problem for an unknown connector or tariff, and for a tariff that the plan cannot be priced by. */
  async quote({ language, ...request }: Request<'quoteSession'>): Promise<Reply<'quoteSession'>> {
    const { party, stationId, evseId, connectorId } = request;
    const place = { party, stationId, ...(evseId === undefined ? {} : { evseId }), ...(connectorId === undefined ? {} : { connectorId }) };
    const terms = await this.requester.ask('chargingTerms', { ...place, at: request.startsAt });
    const priced = priceUnder(plannedState(place, request), terms, this.freeWithoutEnergy);
    if (priced === undefined) throw new Problem('invalid', 'the plan has no start');
    const { total, currency } = priced;
    return {
      tariffId: terms.tariff.id,
      tariffLastUpdated: terms.tariff.lastUpdated,
      currency,
      endsAt: endOf(request),
      due: amountDue(total),
      ...(total.beforeTaxes === undefined ? {} : { beforeTaxes: total.beforeTaxes }),
      ...(total.afterTaxes === undefined ? {} : { afterTaxes: total.afterTaxes }),
      text: explain(priced, language),
    };
  }
}

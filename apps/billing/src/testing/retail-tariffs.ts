// Retail tariffs of a mobility provider, and a registry that knows them in all their versions, for specs.
import { type PartnerCdr, type PartyKey, Problem, type Reply, type Request, type Tariff } from '@evenkeel/contracts';
import type { RetailDesk } from '../retail/retail-desk';
import { claimed } from './claimed-cdr';

export const provider: PartyKey = 'US-MOB';

/** The partner's CDR for a driver of the provider: 10 kWh in the hour from 18:00 UTC. */
export const bought = { ...claimed, buyer: provider } satisfies PartnerCdr;

/** At 10 % tax on top. */
export function retailTariff(id: string, price: string, change: Partial<Tariff> = {}): Tariff {
  return {
    ...{ countryCode: 'US', partyId: 'MOB', id, currency: 'USD', taxIncluded: 'NO', lastUpdated: '2026-01-01T00:00:00.000Z' },
    elements: [{ priceComponents: [{ type: 'ENERGY', price, stepSize: 1, vat: '10' }] }],
    ...change,
  };
}

/** As the registry answers: the version in force at the instant, or the first one ever. */
export class KnownTariffs {
  /** While it is, nobody answers. */
  isAway = false;
  readonly versions: Tariff[] = [];

  readonly ask: ConstructorParameters<typeof RetailDesk>[2]['ask'] = async (name, request) => {
    if (this.isAway) throw new Problem('unavailable', 'registry is not running');
    if (name !== 'tariffInForce') throw new Error(`billing asks for ${name}`);
    return this.tariffInForce(request as Request<'tariffInForce'>) as Reply<typeof name>;
  };

  private tariffInForce({ party, tariffId, at }: Request<'tariffInForce'>): Tariff {
    const versions = this.versions.filter(
      ({ countryCode, partyId, id }) => `${countryCode}-${partyId}` === party && id.toLowerCase() === tariffId.toLowerCase(),
    );
    const found = versions.findLast(({ lastUpdated }) => lastUpdated <= at) ?? versions[0];
    if (found === undefined) throw new Problem('not-found', `there is no tariff ${tariffId} of ${party}`);
    return found;
  }
}

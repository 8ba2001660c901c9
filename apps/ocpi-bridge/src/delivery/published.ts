// What we publish, as it is at the moment of telling a partner: the registry is asked when it is told.
import type { PartyKey, PublishedLocation, Tariff } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import { type Background, canonical, type OcpiVersion, type WireLocation } from '@evenkeel/ocpi';
import type { Deliverable } from './delivery';

const ONE = { offset: 0, limit: 1 };

export class Published {
  constructor(
    private readonly requester: Pick<Requester<'ocpi-bridge'>, 'ask'>,
    private readonly operatorName: string,
  ) {}

  /** @throws Problem while the registry is silent. */
  async location(party: PartyKey, locationId: string): Promise<PublishedLocation | undefined> {
    return (await this.requester.ask('publishedLocations', { party, locationId, ...ONE })).items[0];
  }

  /** @returns undefined for a location that there is not, or that cannot be said. */
  async wireLocation(party: PartyKey, locationId: string): Promise<WireLocation | undefined> {
    const location = await this.location(party, locationId);
    const said = location && canonical.location.write(location, this.operatorName);
    return said?.ok ? said.wire : undefined;
  }

  async tariff(party: PartyKey, tariffId: string): Promise<Tariff | undefined> {
    return (await this.requester.ask('publishedTariffs', { party, tariffId, ...ONE })).items[0];
  }

  /**
   * What objects must say beside themselves in the version of a partner: OCPI 2.1.1 puts the whole location into sessions and CDRs. In the order
   * of the objects.
   */
  async backgroundsOf(objects: readonly Deliverable[], { number }: OcpiVersion): Promise<Background[]> {
    if (number !== '2.1.1') return objects.map(() => ({}));
    const asked = new Map<string, Promise<Background>>();
    return Promise.all(
      objects.map((object) => {
        const place = placeOf(object);
        if (!place) return {};
        const key = `${place.party}/${place.locationId}`;
        const answer = asked.get(key) ?? this.backgroundAt(place.party, place.locationId);
        asked.set(key, answer);
        return answer;
      }),
    );
  }

  private async backgroundAt(party: PartyKey, locationId: string): Promise<Background> {
    const location = await this.wireLocation(party, locationId);
    return location ? { location } : {};
  }
}

function placeOf(object: Deliverable): { party: PartyKey; locationId: string } | undefined {
  if (object.module === 'sessions') return { party: object.session.party, locationId: object.session.terms.place.locationId };
  return object.module === 'cdrs' ? { party: object.cdr.party, locationId: object.cdr.place.locationId } : undefined;
}

// What an object must say beside itself in the version of a partner: OCPI 2.1.1 puts the whole location into sessions and CDRs. It is asked of the
// registry when the object is written, and only where the version wants it.
import type { ChargingPlace, PartyKey } from '@evenkeel/contracts';
import type { Requester } from '@evenkeel/messaging';
import { type Background, canonical, type OcpiVersion } from '@evenkeel/ocpi';
import type { Deliverable } from './delivery';

export class Backgrounds {
  constructor(
    private readonly requester: Pick<Requester<'ocpi-bridge'>, 'ask'>,
    private readonly operatorName: string,
  ) {}

  /** In the order of the objects. @throws Problem while the registry is silent. */
  async of(objects: readonly Deliverable[], version: OcpiVersion): Promise<Background[]> {
    if (version.number !== '2.1.1') return objects.map(() => ({}));
    const asked = new Map<string, Promise<Background>>();
    return Promise.all(
      objects.map((object) => {
        const place = placeOf(object);
        if (!place) return {};
        const key = `${place.party}/${place.locationId}`;
        const answer = asked.get(key) ?? this.locationOf(place.party, place.locationId);
        asked.set(key, answer);
        return answer;
      }),
    );
  }

  private async locationOf(party: PartyKey, locationId: string): Promise<Background> {
    const { items } = await this.requester.ask('publishedLocations', { party, locationId, offset: 0, limit: 1 });
    const [location] = items;
    const said = location && canonical.location.write(location, this.operatorName);
    return said?.ok ? { location: said.wire } : {};
  }
}

function placeOf(object: Deliverable): (Pick<ChargingPlace, 'locationId'> & { party: PartyKey }) | undefined {
  if (object.module === 'sessions') return { party: object.session.party, locationId: object.session.terms.place.locationId };
  return object.module === 'cdrs' ? { party: object.cdr.party, locationId: object.cdr.place.locationId } : undefined;
}

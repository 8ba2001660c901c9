// Says to billing what CDRs partners have sent us, once they are stored.
// Next: apps/billing/src/intake/billing-intake.ts
import { type PartyKey, partyKey } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { canonical } from '@evenkeel/ocpi';
import type { Bearers } from '../bearer/bearers';
import { partnerCdrCodec, partnerCdrStreamPrefix } from '../received/partner-cdr';
import type { PartnerPlaces } from '../received/partner-places';

export function partnerRelay(
  store: EventStore,
  publisher: Publisher<'ocpi-bridge'>,
  ourParty: PartyKey,
  places: PartnerPlaces,
  bearers: Pick<Bearers, 'issuedOf'>,
  onFailure: (error: unknown) => void,
): Relay {
  const say = async (stored: StoredEvent): Promise<void> => {
    const { partnerId, cdr } = partnerCdrCodec.decode(stored).data;
    const { key, type } = bearers.issuedOf(cdr.cdr_token);
    // A CDR does not name the time zone that its tariff is read in; the location, which we pulled, does.
    const location = await places.location(partyKey(cdr.country_code, cdr.party_id), cdr.cdr_location.id);
    const read = canonical.cdr.read(cdr, partnerId, { key, type }, location?.time_zone);
    await publisher.say('partnerCdrReceived', ourParty, { cdr: { ...read, buyer: ourParty } }, stored.id);
  };
  return new Relay({
    store,
    name: 'ocpi-bridge',
    streamPrefixes: [partnerCdrStreamPrefix],
    say: async (events) => {
      await Promise.all(events.map(say));
    },
    onFailure,
  });
}

// Says what partners have sent us, once it is stored: their tokens to the registry, their CDRs to billing.
// Next: apps/registry/src/intake/registry-intake.ts
import { fits, type PartyKey, partyKey, TokenRecord } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { v221 } from '@evenkeel/ocpi';
import { partnerCdrCodec, partnerCdrStreamPrefix } from '../received/partner-cdr';
import type { PartnerPlaces } from '../received/partner-places';
import { partnerTokensCodec, partnerTokensStreamPrefix } from '../received/received-tokens';

export function partnerRelay(
  store: EventStore,
  publisher: Publisher<'ocpi-bridge'>,
  ourParty: PartyKey,
  places: PartnerPlaces,
  onFailure: (error: unknown) => void,
): Relay {
  const say = async (stored: StoredEvent): Promise<void> => {
    if (stored.type === 'PartnerTokensReceived') {
      const { partnerId, tokens } = partnerTokensCodec.decode(stored).data;
      const known = tokens.map(v221.token.read).filter((token) => fits(TokenRecord, token));
      await publisher.say('partnerTokensReceived', ourParty, { tokens: known.map((token) => ({ partnerId, token })) }, stored.id);
    } else {
      const { partnerId, cdr } = partnerCdrCodec.decode(stored).data;
      // A CDR does not name the time zone that its tariff is read in; the location, which we pulled, does.
      const location = await places.location(partyKey(cdr.country_code, cdr.party_id), cdr.cdr_location.id);
      await publisher.say('partnerCdrReceived', ourParty, { cdr: v221.cdr.read(cdr, partnerId, location?.time_zone) }, stored.id);
    }
  };
  return new Relay({
    store,
    name: 'ocpi-bridge',
    streamPrefixes: [partnerTokensStreamPrefix, partnerCdrStreamPrefix],
    eventTypes: ['PartnerTokensReceived', 'PartnerCdrReceived'],
    say: async (events) => {
      await Promise.all(events.map(say));
    },
    onFailure,
  });
}

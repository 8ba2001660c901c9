// Says that a token of ours came into being or changed, for partners that roam with us: which, not whose. Partners' own tokens are theirs to
// announce. The same relay makes up for erasures that a failure has interrupted, because it comes to each event at least once.
import type { Message, PartyKey } from '@evenkeel/contracts';
import { type EventStore, Relay } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { driverStreamPrefix, type IdentityEvent, identityCodec, tokenIn, tokenStreamPrefix } from '../identity/identity';
import type { IdentityDesk } from '../identity/identity-desk';

/** The one place that joins what is stored to what is said. */
export function saidFor(event: IdentityEvent, ownParty: PartyKey): Message<'tokenChanged'> | undefined {
  const token = tokenIn(event);
  if (token?.party !== ownParty) return undefined;
  const { party, key, type, lastUpdated } = token;
  return { token: { party, key, type }, lastUpdated };
}

export function tokenRelay(
  store: EventStore,
  publisher: Pick<Publisher<'registry'>, 'say'>,
  desk: Pick<IdentityDesk, 'completeErasure' | 'forget'>,
  ownParty: PartyKey,
  onFailure: (error: unknown) => void,
): Relay {
  return new Relay({
    store,
    name: 'registry',
    streamPrefixes: [tokenStreamPrefix, driverStreamPrefix],
    // Not what partners send: their lists are long.
    eventTypes: ['TokenRegistered', 'TokenChanged', 'TokenErased', 'DriverErased'],
    say: async (events) => {
      for (const stored of events) {
        const event = identityCodec.decode(stored);
        const said = saidFor(event, ownParty);
        if (said) await publisher.say('tokenChanged', ownParty, said, stored.id);
        if (event.type === 'DriverErased') await desk.completeErasure(stored.stream, { cause: stored.id });
        if (event.type === 'TokenErased') await desk.forget(stored.stream);
      }
    },
    onFailure,
  });
}

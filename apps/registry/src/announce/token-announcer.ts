// Says that a token of ours came into being or changed, for partners that roam with us. Partners' own tokens are theirs to announce.
import type { PartyKey, TokenRecord } from '@evenkeel/contracts';
import { type EventStore, Relay } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { type AnyDocumentEvent, documentCodec } from '../catalogue/catalogue';

/** The one place that joins what is stored to what is said. */
export function saidFor({ data }: AnyDocumentEvent, ownParty: PartyKey): TokenRecord | undefined {
  return data.kind === 'token' && data.document.party === ownParty ? data.document : undefined;
}

export function tokenRelay(
  store: EventStore,
  publisher: Publisher<'registry'>,
  ownParty: PartyKey,
  onFailure: (error: unknown) => void,
): Relay {
  return new Relay({
    store,
    name: 'registry',
    streamPrefixes: ['token-'],
    say: async (events) => {
      for (const stored of events) {
        const token = saidFor(documentCodec.decode(stored), ownParty);
        if (token) await publisher.say('tokenChanged', ownParty, { token }, stored.id);
      }
    },
    onFailure,
  });
}

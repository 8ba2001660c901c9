// Says what the ledger has decided. The relay reads it back from the store, so nothing is said that is not stored.
// Next: apps/billing/src/intake/billing-intake.ts
import type { SaidBy, SessionSnapshot } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { type SessionEvent, sessionCodec, sessionStreamPrefix } from '../session/session-events';

type Said = { name: SaidBy<'session-ledger'>; session: SessionSnapshot };

/** The one place that joins what is stored to what is said. Facts and openings stay in the ledger. */
export function saidFor(event: SessionEvent): Said | undefined {
  switch (event.type) {
    case 'SessionStarted':
      return { name: 'sessionStarted', session: event.data.session };
    case 'SessionProgressed':
      return isRoaming(event.data.session) ? { name: 'sessionUpdated', session: event.data.session } : undefined;
    case 'SessionCompleted':
      return { name: 'sessionCompleted', session: event.data.session };
    case 'SessionAmended':
      return { name: 'sessionAmended', session: event.data.session };
    case 'SessionOpened':
    case 'FactRecorded':
      return undefined;
  }
}

/** Between start and end, only a partner whose driver charges follows a session from outside. */
function isRoaming({ party, terms }: SessionSnapshot): boolean {
  return terms.payer !== undefined && terms.payer.party !== party;
}

export function sessionRelay(store: EventStore, publisher: Publisher<'session-ledger'>, onFailure: (error: unknown) => void): Relay {
  return new Relay({
    store,
    name: 'session-ledger',
    streamPrefixes: [sessionStreamPrefix],
    eventTypes: ['SessionStarted', 'SessionProgressed', 'SessionCompleted', 'SessionAmended'],
    say: async (events) => {
      await Promise.all(events.map((event) => say(publisher, event)));
    },
    onFailure,
  });
}

async function say(publisher: Publisher<'session-ledger'>, stored: StoredEvent): Promise<void> {
  const said = saidFor(sessionCodec.decode(stored));
  if (said) await publisher.say(said.name, said.session.party, { session: said.session }, stored.id);
}

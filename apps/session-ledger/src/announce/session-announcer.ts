// Says what the ledger has decided. The relay reads it back from the store, so nothing is said that is not stored.
// Next: apps/billing/src/intake/billing-intake.ts
import type { SaidBy, SessionDeniedMessage, SessionMessage, SessionSnapshot } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { type SessionEvent, sessionCodec, sessionStreamPrefix } from '../session/session-events';

type Said =
  | { name: Exclude<SaidBy<'session-ledger'>, 'sessionDenied'>; message: SessionMessage }
  | { name: 'sessionDenied'; message: SessionDeniedMessage };

/** The one place that joins what is stored to what is said. Facts, and what only an operator needs to know, stay in the ledger. */
export function saidFor(event: SessionEvent): Said | undefined {
  switch (event.type) {
    case 'SessionStarted':
      return { name: 'sessionStarted', message: { session: event.data.session } };
    case 'SessionProgressed':
      return isRoaming(event.data.session) ? { name: 'sessionUpdated', message: { session: event.data.session } } : undefined;
    case 'SessionCompleted':
      return { name: 'sessionCompleted', message: { session: event.data.session } };
    case 'SessionAmended':
      return { name: 'sessionAmended', message: { session: event.data.session } };
    case 'SessionDenied':
      return { name: 'sessionDenied', message: { ...event.data, session: { ...event.data.session, status: 'denied' } } };
    default:
      return undefined;
  }
}

/** The types of the events that something is said for. */
export const saidTypes = [
  'SessionStarted',
  'SessionProgressed',
  'SessionCompleted',
  'SessionAmended',
  'SessionDenied',
] as const satisfies readonly SessionEvent['type'][];

/** Between start and end, only a partner whose driver charges follows a session from outside. */
function isRoaming({ party, terms }: SessionSnapshot): boolean {
  return terms.payer !== undefined && terms.payer.party !== party;
}

export function sessionRelay(store: EventStore, publisher: Publisher<'session-ledger'>, onFailure: (error: unknown) => void): Relay {
  return new Relay({
    store,
    name: 'session-ledger',
    streamPrefixes: [sessionStreamPrefix],
    eventTypes: saidTypes,
    say: async (events) => {
      await Promise.all(events.map((event) => say(publisher, event)));
    },
    onFailure,
  });
}

async function say(publisher: Publisher<'session-ledger'>, stored: StoredEvent): Promise<void> {
  const said = saidFor(sessionCodec.decode(stored));
  if (said) await publisher.say(said.name, said.message.session.party, said.message, stored.id);
}

// Says which CDRs were issued. A credit CDR is a CDR too: partners get it the same way.
// Next: apps/ocpi-bridge/src/intake/flow-intake.ts
import type { Cdr } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { type CdrEvent, cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';

/** The one place that joins what is stored to what is said. */
export function saidFor(event: CdrEvent): Cdr | undefined {
  return event.type === 'SessionNotBilled' ? undefined : event.data.cdr;
}

export function cdrRelay(store: EventStore, publisher: Publisher<'billing'>, onFailure: (error: unknown) => void): Relay {
  return new Relay({
    store,
    name: 'billing',
    streamPrefixes: [cdrStreamPrefix],
    say: async (events) => {
      await Promise.all(events.map((event) => say(publisher, event)));
    },
    onFailure,
  });
}

async function say(publisher: Publisher<'billing'>, stored: StoredEvent): Promise<void> {
  const cdr = saidFor(cdrCodec.decode(stored));
  if (cdr) await publisher.say('cdrIssued', cdr.party, { cdr }, stored.id);
}

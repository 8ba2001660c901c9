// Says which CDRs were issued, and what a correction changes for the payer. A credit CDR is a CDR too: partners get it the same way.
// Next: apps/ocpi-bridge/src/intake/flow-intake.ts
import type { CdrMessage, ClaimMessage } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { type CdrEvent, cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';

type Said =
  | { name: 'cdrIssued'; party: string; message: CdrMessage }
  | { name: 'refundOwed' | 'additionalClaimOwed'; party: string; message: ClaimMessage };

/** The one place that joins what is stored to what is said. */
export function saidFor(event: CdrEvent): Said | undefined {
  switch (event.type) {
    case 'CdrIssued':
    case 'CdrCredited':
      return { name: 'cdrIssued', party: event.data.cdr.party, message: { cdr: event.data.cdr } };
    case 'ClaimAdjusted': {
      const { direction, claim } = event.data;
      return { name: direction === 'refund' ? 'refundOwed' : 'additionalClaimOwed', party: claim.party, message: { claim } };
    }
    case 'SessionNotBilled':
      return undefined;
  }
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
  const said = saidFor(cdrCodec.decode(stored));
  if (said) await publisher.say(said.name, said.party, said.message, stored.id);
}

// Says to billing which CDRs partners have, and which were given up, as the streams of the deliveries have it. Its checkpoint is its own: the
// first time it starts it tells of every CDR that was ever delivered, so that no statement lacks what came before this was said.
// Next: apps/billing/src/delivery/cdr-delivery.ts
import type { CdrDelivered, CdrDeliveryParked } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import type { Publisher } from '@evenkeel/messaging';
import { CDR_REVISION, type DeliveryEvent, deliveryCodec, deliveryStreamPrefix } from '../delivery/delivery';

export type SaidOfDelivery = { name: 'cdrDelivered'; message: CdrDelivered } | { name: 'cdrDeliveryParked'; message: CdrDeliveryParked };

/**
 * The one place that joins what is stored of deliveries to what is said.
 * @param first the delivery's first event, which holds the object.
 * @returns undefined for sessions and tokens, and for what is not the end of a delivery.
 */
export function saidOfDelivery(first: DeliveryEvent, event: DeliveryEvent): SaidOfDelivery | undefined {
  if (first.type !== 'DeliveryDue' || first.data.object.module !== 'cdrs') return undefined;
  const { cdr } = first.data.object;
  const { party, cdrId, sessionId, credit, creditReferenceId, currency, total } = cdr;
  const object = {
    ...{ party, partner: first.data.recipient, cdrId, sessionId, credit, currency },
    ...(creditReferenceId === undefined ? {} : { creditReferenceId }),
    totalBeforeTaxes: total.beforeTaxes,
    ...(total.afterTaxes === undefined ? {} : { totalAfterTaxes: total.afterTaxes }),
  };
  switch (event.type) {
    case 'DeliverySucceeded':
      return { name: 'cdrDelivered', message: { ...object, deliveredAt: event.data.at } };
    case 'DeliveryParked':
      return { name: 'cdrDeliveryParked', message: { ...object, parkedAt: event.data.at, reason: event.data.reason } };
    case 'DeliveryDue':
    case 'DeliveryFailed':
    case 'DeliveryRequested':
      return undefined;
  }
}

export function deliveryRelay(store: EventStore, publisher: Publisher<'ocpi-bridge'>, onFailure: (error: unknown) => void): Relay {
  const say = async (stored: StoredEvent): Promise<void> => {
    const event = deliveryCodec.decode(stored);
    // Most deliveries are sessions, whose revisions are higher: their streams need not be read.
    if (event.data.revision !== CDR_REVISION) return;
    const [first] = await store.read(stored.stream);
    const said = first && saidOfDelivery(deliveryCodec.decode(first), event);
    if (said) await publisher.say(said.name, said.message.party, said.message, stored.id);
  };
  return new Relay({
    store,
    name: 'ocpi-bridge-deliveries',
    streamPrefixes: [deliveryStreamPrefix],
    eventTypes: ['DeliverySucceeded', 'DeliveryParked'],
    say: async (events) => {
      await Promise.all(events.map(say));
    },
    onFailure,
  });
}

// Takes what the bridge says of a CDR's delivery to the stream where billing keeps it, so that the statements can be built anew from what
// billing has itself.
// Next: apps/billing/src/delivery/cdr-delivery.ts
import { type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import { type CdrDeliveryEvent, type CdrDeliveryState, cdrDelivery, cdrDeliveryCodec, cdrDeliveryStream } from './cdr-delivery';

/** Hardly any is heard of twice. */
const CACHED_DELIVERIES = 500;

export class DeliveryDesk {
  private readonly deliveries: StreamHandler<CdrDeliveryState, CdrDeliveryEvent, CdrDeliveryEvent>;

  constructor(store: EventStore, sealer: Pick<Sealer, 'append'>) {
    const common = { store, sealer, likelyFirst: () => true, cachedStates: CACHED_DELIVERIES };
    this.deliveries = new StreamHandler({ ...common, decider: cdrDelivery, codec: cdrDeliveryCodec });
  }

  /** @param cause the message's id. */
  async record(heard: CdrDeliveryEvent, cause: string): Promise<void> {
    await this.deliveries.handle(cdrDeliveryStream(heard.data.cdrId), heard, { cause });
  }
}

// Writes partners' streams. A change is in the tables before its promise resolves, so that every replica opens its doors to a new token
// before the partner has learnt it. Handshakes are rare: each decision reads the stream afresh, so that no replica decides on what it
// remembers of a partner that came or went at another.
import { type EventStore, type Handled, StreamHandler } from '@evenkeel/event-store';
import type { Projector } from '@evenkeel/read-model';
import {
  type PartnerCommand,
  type PartnerEvent,
  type PartnerRejection,
  type PartnerState,
  partner,
  partnerCodec,
  partnerStream,
} from './partner';
import type { PartnerTables } from './partner-view';

export class PartnerBook {
  constructor(
    private readonly store: EventStore,
    private readonly projector: Projector<PartnerTables>,
  ) {}

  async decide(
    partnerId: string,
    command: PartnerCommand,
    context: { cause: string; operator?: string },
  ): Promise<Handled<PartnerState, PartnerEvent, PartnerRejection>> {
    const partners = new StreamHandler({ store: this.store, decider: partner, codec: partnerCodec });
    const handled = await partners.handle(partnerStream(partnerId), command, context);
    if (handled.accepted && handled.position !== undefined) await this.projector.reached(handled.position);
    return handled;
  }
}

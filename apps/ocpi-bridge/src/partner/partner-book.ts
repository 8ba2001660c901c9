// Writes partners' streams. A change is in the tables before its promise resolves, so that every replica opens its doors to a new token
// before the partner has learnt it.
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
  private readonly partners: StreamHandler<PartnerState, PartnerCommand, PartnerEvent, PartnerRejection>;

  constructor(
    store: EventStore,
    private readonly projector: Projector<PartnerTables>,
  ) {
    this.partners = new StreamHandler({ store, decider: partner, codec: partnerCodec });
  }

  async decide(
    partnerId: string,
    command: PartnerCommand,
    context: { cause: string; operator?: string },
  ): Promise<Handled<PartnerState, PartnerEvent, PartnerRejection>> {
    const handled = await this.partners.handle(partnerStream(partnerId), command, context);
    if (handled.accepted && handled.position !== undefined) await this.projector.reached(handled.position);
    return handled;
  }
}

// Takes sessions and partners' CDRs to their streams: the only place where billing knows the time.
import type { PartnerCdr, SessionSnapshot } from '@evenkeel/contracts';
import { type EventStore, StreamHandler } from '@evenkeel/event-store';
import { type BillSession, type CdrState, cdr } from './cdr/cdr';
import { type BillingPolicy, type CdrEvent, cdrCodec, cdrStream } from './cdr/cdr-events';
import { type PurchaseEvent, purchase, purchaseCodec, purchaseStream } from './purchase/purchase';

/** A bill is rarely touched twice: only those in hand stay in memory. */
const CACHED_BILLS = 1_000;

export class BillingDesk {
  private readonly cdrs: StreamHandler<CdrState, BillSession, CdrEvent>;
  private readonly purchases: StreamHandler<{ booked: boolean }, { cdr: PartnerCdr; bookedAt: string }, PurchaseEvent>;

  constructor(
    store: EventStore,
    private readonly policy: BillingPolicy,
  ) {
    this.cdrs = new StreamHandler({ store, decider: cdr, codec: cdrCodec, cachedStates: CACHED_BILLS });
    this.purchases = new StreamHandler({ store, decider: purchase, codec: purchaseCodec, cachedStates: CACHED_BILLS });
  }

  /** @param cause the message's id. */
  async bill(session: SessionSnapshot, cause: string): Promise<void> {
    const command = { session, policy: this.policy, issuedAt: new Date().toISOString() };
    await this.cdrs.handle(cdrStream(session.sessionId), command, { cause });
  }

  async book(partnerCdr: PartnerCdr, cause: string): Promise<void> {
    await this.purchases.handle(purchaseStream(partnerCdr), { cdr: partnerCdr, bookedAt: new Date().toISOString() }, { cause });
  }
}

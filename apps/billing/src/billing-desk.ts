// Takes sessions and partners' CDRs to their streams: the only place where billing knows the time.
import type { PartnerCdr, SessionSnapshot } from '@evenkeel/contracts';
import { type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
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
    sealer: Pick<Sealer, 'append'>,
  ) {
    // A message that comes again is drafted again with a later date. A chained event's id holds its content: the second draft is no
    // repetition of the first for the store, but a conflict; the stream is read, and the decider finds that all is done.
    const common = { store, sealer, likelyFirst: () => true, cachedStates: CACHED_BILLS };
    this.cdrs = new StreamHandler({ ...common, decider: cdr, codec: cdrCodec });
    this.purchases = new StreamHandler({ ...common, decider: purchase, codec: purchaseCodec });
  }

  /** @param cause the message's id. */
  async bill(session: SessionSnapshot, cause: string): Promise<void> {
    const command = { session, policy: this.policy, issuedAt: new Date().toISOString() };
    await this.cdrs.handle(cdrStream(session.sessionId), command, { cause });
  }

  /** Takes back what may have been billed. @param cause the message's id. */
  async deny(session: SessionSnapshot, cause: string): Promise<void> {
    const command = { session, policy: this.policy, issuedAt: new Date().toISOString(), denied: true };
    await this.cdrs.handle(cdrStream(session.sessionId), command, { cause });
  }

  async book(partnerCdr: PartnerCdr, cause: string): Promise<void> {
    await this.purchases.handle(purchaseStream(partnerCdr), { cdr: partnerCdr, bookedAt: new Date().toISOString() }, { cause });
  }
}

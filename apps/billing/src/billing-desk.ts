// Takes sessions and partners' CDRs to their streams: the only place where billing knows the time.
import { idOf, type PartnerCdr, type SessionSnapshot } from '@evenkeel/contracts';
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
    const likelyFirst = () => true;
    this.cdrs = new StreamHandler({ store, decider: cdr, codec: cdrCodec, eventId, likelyFirst, cachedStates: CACHED_BILLS });
    this.purchases = new StreamHandler({
      store,
      decider: purchase,
      codec: purchaseCodec,
      eventId,
      likelyFirst,
      cachedStates: CACHED_BILLS,
    });
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

/**
 * A message that comes again is drafted again with a later date. Its events must not have the ids of the first draft's, or the store would
 * take them for those; as it is they conflict, the stream is read, and the decider finds that all is done.
 */
function eventId(event: CdrEvent | PurchaseEvent, cause: string, index: number): string {
  return idOf(cause, index, momentOf(event));
}

function momentOf({ data }: CdrEvent | PurchaseEvent): string {
  if ('bookedAt' in data) return data.bookedAt;
  if ('claim' in data) return data.claim.creditedCdrId;
  return 'cdr' in data ? data.cdr.issuedAt : data.reason;
}

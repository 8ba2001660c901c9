// Bills our drivers for what partners' CDRs say they took: at once, by the retail tariff in force when the session started; and what could not
// be billed then, when an operator asks for it.
import { idOf, type PartnerCdr, Problem, type Reply, type Request } from '@evenkeel/contracts';
import { type CommandContext, type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import { purchaseCodec, purchaseStreamPrefix } from '../purchase/purchase';
import type { RetailDesk } from '../retail/retail-desk';
import { type BoughtCdr, billIdOf, type RetailPolicy } from './draft-bill';
import {
  type DriverBillCommand,
  type DriverBillEvent,
  type DriverBillState,
  driverBill,
  driverBillCodec,
  driverBillStream,
} from './driver-bill';

export class DriverBillDesk {
  private readonly bills: StreamHandler<DriverBillState, DriverBillCommand, DriverBillEvent>;

  constructor(
    private readonly store: EventStore,
    sealer: Pick<Sealer, 'append'>,
    private readonly policy: RetailPolicy,
    private readonly retail: Pick<RetailDesk, 'tariffAt'>,
  ) {
    // Nothing is remembered: an operator is told what stands now, also where another process has billed it.
    this.bills = new StreamHandler({ store, sealer, decider: driverBill, codec: driverBillCodec, cachedStates: 0 });
  }

  /**
   * Once the CDR is booked. A CDR that says nothing of the buyer is in nobody's books, and billed to nobody.
   * @param cause the message's id.
   * @throws where the retail tariff cannot be asked for: the message comes again.
   */
  async consider(cdr: PartnerCdr, cause: string): Promise<void> {
    if (!isBought(cdr)) return;
    const { credit, creditReferenceId, startedAt } = cdr;
    if (!credit) {
      await this.billAt(cdr, startedAt, { cause });
      return;
    }
    const at = new Date().toISOString();
    const command: DriverBillCommand =
      creditReferenceId === undefined
        ? { kind: 'refuse', unbilled: { reason: 'names-no-cdr' }, at }
        : { kind: 'credit', creditCdr: cdr, at };
    const billId = billIdOf({ ...cdr, cdrId: creditReferenceId ?? cdr.cdrId });
    await this.bills.handle(driverBillStream(billId), command, { cause });
  }

  /**
   * By the terms of the session's start; where these bill nothing, by those of today: the price was not fixed, and an operator wants it to be.
   * Asked again, it is the same bill.
   * @throws Problem `not-found`, or `conflict` for what cannot be billed.
   */
  async billPurchase({ purchaseId, actor: { operator } }: Request<'billPurchase'>): Promise<Reply<'billPurchase'>> {
    const [booked] = await this.store.read(`${purchaseStreamPrefix}${purchaseId}`);
    if (booked === undefined) throw new Problem('not-found', `there is no CDR of a partner under ${purchaseId}`);
    const { cdr } = purchaseCodec.decode(booked).data;
    if (cdr.credit || !isBought(cdr)) throw new Problem('conflict', `CDR ${cdr.cdrId} is a credit, or of no driver of ours`);
    let state: DriverBillState = { isCredited: false };
    for (const at of [cdr.startedAt, new Date().toISOString()]) {
      state = await this.billAt(cdr, at, { cause: idOf('bill-purchase', purchaseId, at), operator });
      if (state.standing) return state.standing;
    }
    const { reason, detail } = state.unbilled ?? {};
    const why = state.isCredited ? 'was taken back by the partner' : `is not billed: ${[reason, detail].filter(Boolean).join(', ')}`;
    throw new Problem('conflict', `CDR ${cdr.cdrId} ${why}`);
  }

  private async billAt(cdr: BoughtCdr, at: string, context: CommandContext): Promise<DriverBillState> {
    const tariff = await this.retail.tariffAt(cdr.buyer, cdr.party, at);
    const command = { kind: 'bill', cdr, tariff, policy: this.policy, issuedAt: new Date().toISOString() } as const;
    return (await this.bills.handle(driverBillStream(billIdOf(cdr)), command, context)).state;
  }
}

function isBought(cdr: PartnerCdr): cdr is BoughtCdr {
  return cdr.buyer !== undefined;
}

// Takes disputes to their streams: opened by what partners claim, ended by what they credit or an operator accepts.
import { type Dispute, idOf, type PartnerCdr, Problem, type Request } from '@evenkeel/contracts';
import { type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import { checkedTotal } from '../purchase/purchase';
import { type DisputeCommand, type DisputeEvent, type DisputeState, dispute, disputeCodec, disputeIdOf, disputeStream } from './dispute';

/** Hardly any is heard of twice. */
const CACHED_DISPUTES = 500;

export class DisputeDesk {
  private readonly disputes: StreamHandler<DisputeState, DisputeCommand, DisputeEvent, 'not-open'>;

  constructor(store: EventStore, sealer: Pick<Sealer, 'append'>) {
    this.disputes = new StreamHandler({ store, sealer, decider: dispute, codec: disputeCodec, cachedStates: CACHED_DISPUTES });
  }

  /** Once the CDR is booked. @param cause the message's id. */
  async consider(cdr: PartnerCdr, cause: string): Promise<void> {
    const at = new Date().toISOString();
    if (cdr.credit) {
      if (cdr.creditReferenceId === undefined) return;
      const disputeId = disputeIdOf({ ...cdr, cdrId: cdr.creditReferenceId });
      await this.disputes.handle(disputeStream(disputeId), { kind: 'credit', at, creditCdrId: cdr.cdrId }, { cause });
      return;
    }
    const computed = checkedTotal(cdr);
    if (computed === undefined) return;
    const { partnerId, party, cdrId, sessionId, currency, total } = cdr;
    const disputed = {
      partnerId,
      party,
      cdrId,
      ...(sessionId === undefined ? {} : { sessionId }),
      currency,
      claimed: total.beforeTaxes,
      computed,
    };
    await this.disputes.handle(disputeStream(disputeIdOf(cdr)), { kind: 'consider', disputed, at }, { cause });
  }

  /** @throws Problem `not-found`, or `conflict` for one that is settled. */
  async accept({ disputeId, acceptance, actor: { operator } }: Request<'acceptDispute'>): Promise<Dispute> {
    const stream = disputeStream(disputeId);
    const { state } = await this.disputes.load(stream);
    if (state.disputed === undefined) throw new Problem('not-found', `there is no dispute ${disputeId}`);
    const command = { kind: 'accept', at: new Date().toISOString(), ...acceptance } as const;
    const handled = await this.disputes.handle(stream, command, { cause: idOf('accept', disputeId, operator), operator });
    const shown = shownAs(disputeId, handled.state);
    if (!handled.accepted || shown === undefined) throw new Problem('conflict', `dispute ${disputeId} is settled`);
    return shown;
  }
}

export function shownAs(
  disputeId: string,
  { disputed, status, openedAt, settledAt, note, creditCdrId }: DisputeState,
): Dispute | undefined {
  if (disputed === undefined || status === undefined || openedAt === undefined) return undefined;
  return {
    disputeId,
    status,
    ...disputed,
    openedAt,
    ...(settledAt === undefined ? {} : { settledAt }),
    ...(note === undefined ? {} : { note }),
    ...(creditCdrId === undefined ? {} : { creditCdrId }),
  };
}

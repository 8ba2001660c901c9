// The decider of the bill that a driver of ours gets for a partner's CDR: billed once, however often the CDR comes, and credited in full when the
// partner takes the CDR back, also where the credit was faster. A bill is never edited.
//
// A stream of its own beside that of the purchase: what we owe the partner follows from its CDR alone, and what the driver owes from our prices.
// Next: apps/billing/src/driver-bill/draft-bill.ts
import type { DriverBill, PartnerCdr } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { type BillDraft, creditOfBill, draftBill, type RetailPolicy, type Unbilled } from './draft-bill';

export type DriverBillEvent =
  | { type: 'DriverBillIssued'; data: { bill: DriverBill; policy: RetailPolicy } }
  | { type: 'DriverBillCredited'; data: { bill: DriverBill } }
  /** The partner took its CDR back before anybody was billed for it. */
  | { type: 'DriverBillForgone'; data: { creditCdrId: string; at: string } }
  | { type: 'DriverNotBilled'; data: Unbilled & { at: string } };

export type DriverBillCommand =
  | ({ kind: 'bill' } & BillDraft)
  | { kind: 'credit'; creditCdr: Pick<PartnerCdr, 'partnerId' | 'cdrId'>; at: string }
  | { kind: 'refuse'; unbilled: Unbilled; at: string };

export interface DriverBillState {
  /** The bill that stands. */
  standing?: DriverBill;
  /** Taken back by the partner: nothing is billed any more. */
  isCredited: boolean;
  /** Why there is no bill. */
  unbilled?: Unbilled;
}

export const driverBill: Decider<DriverBillState, DriverBillCommand, DriverBillEvent> = {
  initial: () => ({ isCredited: false }),
  evolve: (_, event) => {
    switch (event.type) {
      case 'DriverBillIssued':
        return { standing: event.data.bill, isCredited: false };
      case 'DriverBillCredited':
      case 'DriverBillForgone':
        return { isCredited: true };
      case 'DriverNotBilled': {
        const { at: _, ...unbilled } = event.data;
        return { unbilled, isCredited: false };
      }
    }
  },
  decide: (state, command) => {
    const { standing, isCredited } = state;
    if (isCredited) return accept();
    switch (command.kind) {
      case 'bill': {
        if (standing) return accept();
        const { policy, issuedAt } = command;
        const drafted = draftBill(command);
        if ('reason' in drafted) return notBilled(state, drafted, issuedAt);
        return accept<DriverBillEvent>({ type: 'DriverBillIssued', data: { bill: drafted, policy } });
      }
      case 'credit': {
        const { creditCdr, at } = command;
        if (standing === undefined)
          return accept<DriverBillEvent>({ type: 'DriverBillForgone', data: { creditCdrId: creditCdr.cdrId, at } });
        return accept<DriverBillEvent>({ type: 'DriverBillCredited', data: { bill: creditOfBill(standing, creditCdr, at) } });
      }
      case 'refuse':
        return notBilled(state, command.unbilled, command.at);
    }
  },
};

function notBilled({ unbilled }: DriverBillState, { reason, detail }: Unbilled, at: string) {
  if (unbilled?.reason === reason && unbilled.detail === detail) return accept<DriverBillEvent>();
  return accept<DriverBillEvent>({ type: 'DriverNotBilled', data: { reason, ...(detail === undefined ? {} : { detail }), at } });
}

export const driverBillCodec: Codec<DriverBillEvent> = codecOf<DriverBillEvent>({
  DriverBillIssued: [],
  DriverBillCredited: [],
  DriverBillForgone: [],
  DriverNotBilled: [],
});

export const driverBillStreamPrefix = 'driverbill-';

/** @param billId that of the bill; its credit is in the same stream. */
export function driverBillStream(billId: string): string {
  return `${driverBillStreamPrefix}${billId}`;
}

/** Bills have numbers of their own, drawn as those of CDRs are. */
export const driverBillBookStreamPrefix = 'driverbillbook-';

/** A bill as the books see it: a claim like that of a CDR. */
export function claimOf(bill: DriverBill) {
  const { sessionId, cdrId } = bill.partnerCdr;
  return { ...bill, cdrId: bill.billId, sessionId: sessionId ?? cdrId };
}

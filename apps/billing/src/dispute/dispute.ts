// The decider of one dispute: a CDR of a partner that claims something else than its own tariff and periods come to. It is opened when the CDR
// is booked and ends once, when an operator accepts the claim or the partner takes the CDR back. What is owed stays as claimed: a dispute is
// what we say about a claim, not a change of it.
//
// A stream of its own beside that of the purchase: purchases are derived again from the partners' CDRs, and what an operator says is not.
import { type DisputeStatus, idOf, type PartnerCdr } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { Decimal, Money } from '@evenkeel/money';

/** The CDR in dispute, and the two totals before taxes. */
export interface Disputed {
  partnerId: string;
  party: string;
  cdrId: string;
  sessionId?: string;
  currency: string;
  claimed: string;
  computed: string;
}

export type DisputeEvent =
  | { type: 'DisputeOpened'; data: Disputed & { at: string } }
  | { type: 'DisputeAccepted'; data: { at: string; note?: string } }
  | { type: 'DisputeCredited'; data: { at: string; creditCdrId: string } };

export type DisputeCommand =
  | { kind: 'consider'; disputed: Disputed; at: string }
  | { kind: 'accept'; at: string; note?: string }
  | { kind: 'credit'; at: string; creditCdrId: string };

export interface DisputeState {
  status?: DisputeStatus;
  disputed?: Disputed;
  openedAt?: string;
  settledAt?: string;
  note?: string;
  creditCdrId?: string;
}

export const dispute: Decider<DisputeState, DisputeCommand, DisputeEvent, 'not-open'> = {
  initial: () => ({}),
  evolve: (state, event) => {
    switch (event.type) {
      case 'DisputeOpened': {
        const { at, ...disputed } = event.data;
        return { status: 'open', disputed, openedAt: at };
      }
      case 'DisputeAccepted':
        return {
          ...state,
          status: 'accepted',
          settledAt: event.data.at,
          ...(event.data.note === undefined ? {} : { note: event.data.note }),
        };
      case 'DisputeCredited':
        return { ...state, status: 'credited', settledAt: event.data.at, creditCdrId: event.data.creditCdrId };
    }
  },
  decide: ({ status }, command) => {
    switch (command.kind) {
      case 'consider': {
        const { disputed, at } = command;
        if (status !== undefined || !differs(disputed)) return accept();
        return accept<DisputeEvent>({ type: 'DisputeOpened', data: { ...disputed, at } });
      }
      case 'accept': {
        const { kind: _, ...data } = command;
        return status === 'open' ? accept<DisputeEvent>({ type: 'DisputeAccepted', data }) : reject('not-open');
      }
      case 'credit': {
        const { kind: _, ...data } = command;
        return status === 'open' ? accept<DisputeEvent>({ type: 'DisputeCredited', data }) : accept();
      }
    }
  },
};

export const disputeCodec: Codec<DisputeEvent> = codecOf<DisputeEvent>({ DisputeOpened: [], DisputeAccepted: [], DisputeCredited: [] });

export const disputeStreamPrefix = 'dispute-';

export function disputeIdOf({ partnerId, party, cdrId }: Pick<PartnerCdr, 'partnerId' | 'party' | 'cdrId'>): string {
  return idOf('dispute', partnerId, party, cdrId.toLowerCase());
}

export function disputeStream(disputeId: string): string {
  return `${disputeStreamPrefix}${disputeId}`;
}

/** Each of the five costs that a CDR can have may have been rounded by itself before they were summed (OCPI leaves the rounding open). */
const ROUNDED_COSTS = 5n;

function differs({ claimed, computed, currency }: Disputed): boolean {
  const tolerated = Decimal.of(ROUNDED_COSTS, Money.zero(currency).digits);
  return Decimal.parse(claimed).subtract(Decimal.parse(computed)).absolute.compare(tolerated) > 0;
}

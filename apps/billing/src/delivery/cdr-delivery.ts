// The decider of what is known of one CDR's delivery, or one credit's: whether its partner has it. What the bridge says comes at least once and
// in any order, and the outcome is that of the set: having a CDR is final, and of several times that it was given up the latest counts.
//
// A stream of its own for each CDR, and not that of its bill: whether somebody has a CDR says nothing of what is owed, so issuing and crediting
// never contend with it and need not read it.
// Next: apps/billing/src/view/books-projection.ts
import type { CdrDelivered, CdrDeliveryParked } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

/** As the bridge has said it: billing knows nothing of deliveries by itself. */
export type CdrDeliveryEvent = { type: 'CdrDelivered'; data: CdrDelivered } | { type: 'CdrDeliveryParked'; data: CdrDeliveryParked };

export interface CdrDeliveryState {
  status: 'waiting' | 'delivered' | 'parked';
  /** RFC 3339 UTC; absent while it waits. */
  at?: string;
}

export const cdrDelivery: Decider<CdrDeliveryState, CdrDeliveryEvent, CdrDeliveryEvent> = {
  initial: () => ({ status: 'waiting' }),
  evolve: (_, event) => {
    switch (event.type) {
      case 'CdrDelivered':
        return { status: 'delivered', at: event.data.deliveredAt };
      case 'CdrDeliveryParked':
        return { status: 'parked', at: event.data.parkedAt };
    }
  },
  decide: ({ status, at = '' }, heard) => {
    if (status === 'delivered') return accept();
    // RFC 3339 in UTC with milliseconds compares as text.
    const isOld = heard.type === 'CdrDeliveryParked' && heard.data.parkedAt <= at;
    return isOld ? accept() : accept<CdrDeliveryEvent>(heard);
  },
};

export const cdrDeliveryCodec: Codec<CdrDeliveryEvent> = codecOf<CdrDeliveryEvent>({ CdrDelivered: [], CdrDeliveryParked: [] });

/** Neither below the prefix of the CDRs' own streams nor below that of the bridge's deliveries, whose readers expect those. */
export const cdrDeliveryStreamPrefix = 'cdrdelivery-';

export function cdrDeliveryStream(cdrId: string): string {
  return `${cdrDeliveryStreamPrefix}${cdrId}`;
}

// A CDR that a roaming partner sent us for one of our drivers: booked once, and checked by pricing the partner's own periods with the
// partner's own tariff. A difference is recorded beside the claim, never corrected in it.
import { idOf, type PartnerCdr } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { priceSession } from '@evenkeel/tariff';

export type PurchaseEvent = {
  type: 'PartnerCdrBooked';
  /** `checkedBeforeTaxes` is absent where the CDR carries no tariff to check it by. */
  data: { cdr: PartnerCdr; checkedBeforeTaxes?: string; bookedAt: string };
};

export const purchaseCodec: Codec<PurchaseEvent> = codecOf<PurchaseEvent>({ PartnerCdrBooked: [] });
export const purchaseStreamPrefix = 'purchase-';

export function purchaseStream({ partnerId, party, cdrId }: PartnerCdr): string {
  return `${purchaseStreamPrefix}${idOf('purchase', partnerId, party, cdrId)}`;
}

export const purchase: Decider<{ booked: boolean }, { cdr: PartnerCdr; bookedAt: string }, PurchaseEvent> = {
  initial: () => ({ booked: false }),
  evolve: () => ({ booked: true }),
  decide: (state, { cdr, bookedAt }) => {
    if (state.booked) return accept();
    const checkedBeforeTaxes = checkedTotal(cdr);
    return accept<PurchaseEvent>({
      type: 'PartnerCdrBooked',
      data: { cdr, ...(checkedBeforeTaxes === undefined ? {} : { checkedBeforeTaxes }), bookedAt },
    });
  },
};

/**
 * What the partner's own tariff makes of its periods, before taxes; undefined where the CDR cannot be checked. A credit CDR copies everything but
 * the total of the CDR that it takes back: it has no price of its own.
 */
export function checkedTotal({ tariff, timeZone, startedAt, endedAt, periods, credit }: PartnerCdr): string | undefined {
  if (tariff === undefined || timeZone === undefined || credit) return undefined;
  // A period that was priced by a tariff which the CDR does not carry cannot be checked by another one. Ids are compared without case.
  const isOther = (tariffId: string | undefined) => tariffId !== undefined && tariffId.toLowerCase() !== tariff.id.toLowerCase();
  if (periods.some(({ tariffId }) => isOther(tariffId))) return undefined;
  return priceSession({ tariff, timeZone, session: { startedAt, endedAt, periods: ofOneTariff(periods) } }).total.beforeTaxes;
}

/** The periods, to be priced by a single tariff whatever the partner has priced each of them by. */
export function ofOneTariff(periods: PartnerCdr['periods']): PartnerCdr['periods'] {
  return periods.map(({ tariffId: _, ...period }) => period);
}

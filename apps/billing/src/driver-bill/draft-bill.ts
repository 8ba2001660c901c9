// A driver's bill as it would be issued for a partner's CDR: the energy and the times of the CDR, at the prices of our own retail tariff.
// Next: packages/tariff/src/price-session.ts
import { type DriverBill, idOf, type PartnerCdr, type PartyKey, type Tariff, type UnbilledReason } from '@evenkeel/contracts';
import { type PricedSession, priceSession, type SessionToPrice, thresholds } from '@evenkeel/tariff';
import { billedAs, negated } from '../cdr/billed-as';
import type { BillingPolicy } from '../cdr/cdr-events';
import { ofOneTariff } from '../purchase/purchase';
import { spansPrices } from './spans-prices';

export type RetailPolicy = Pick<BillingPolicy, 'freeWithoutEnergy'>;

/** A partner's CDR of which it is known whose driver it is about. */
export type BoughtCdr = PartnerCdr & { buyer: PartyKey };

export interface BillDraft {
  cdr: BoughtCdr;
  /** The one that counts; undefined where none does. */
  tariff: Tariff | undefined;
  policy: RetailPolicy;
  /** RFC 3339 UTC. */
  issuedAt: string;
}

export interface Unbilled {
  reason: UnbilledReason;
  detail?: string;
}

/** @returns the bill, or why there is none: nothing is billed at a price that is not certain. */
export function draftBill({ cdr, tariff, policy, issuedAt }: BillDraft): DriverBill | Unbilled {
  if (tariff === undefined) return { reason: 'no-retail-tariff' };
  const timeZone = cdr.timeZone ?? (dependsOnLocalTime(tariff) ? undefined : 'UTC');
  if (timeZone === undefined) return { reason: 'no-time-zone' };
  const session = { startedAt: cdr.startedAt, endedAt: cdr.endedAt, periods: ofOneTariff(cdr.periods) };
  const priced = pricedOrNot(tariff, timeZone, session, policy);
  if ('reason' in priced) return priced;
  const { partnerId, party, cdrId, sessionId, place, energyWh, durationSeconds } = cdr;
  return {
    billId: billIdOf(cdr),
    party: cdr.buyer,
    payer: { party: cdr.buyer, ...cdr.token },
    partnerCdr: { partnerId, party, cdrId, ...(sessionId === undefined ? {} : { sessionId }) },
    ...(place === undefined ? {} : { place }),
    ...session,
    timeZone,
    tariff,
    ...billedAs(priced),
    energyWh,
    durationSeconds,
    flags: [
      ...new Set(priced.warnings.map(({ code }) => code)),
      ...(spansPrices(tariff, timeZone, session) ? ['period_spans_prices'] : []),
    ],
    credit: false,
    issuedAt,
  };
}

/** Takes the whole bill back, as the partner takes back its CDR. */
export function creditOfBill(bill: DriverBill, creditCdr: Pick<PartnerCdr, 'partnerId' | 'cdrId'>, issuedAt: string): DriverBill {
  const { partnerId, cdrId } = creditCdr;
  return {
    ...bill,
    billId: `${bill.billId}-CR`,
    partnerCdr: { ...bill.partnerCdr, partnerId, cdrId },
    total: negated(bill.total),
    credit: true,
    creditReferenceId: bill.billId,
    issuedAt,
  };
}

/** An operator's CDR has one bill, over whichever connection it comes; OCPI compares ids without case. */
export function billIdOf({ party, cdrId }: Pick<PartnerCdr, 'party' | 'cdrId'>): string {
  return idOf('driver-bill', party, cdrId.toLowerCase());
}

function dependsOnLocalTime(tariff: Tariff): boolean {
  const { timesOfDay, dates, dependsOnWeekday } = thresholds(tariff);
  return timesOfDay.length > 0 || dates.length > 0 || dependsOnWeekday;
}

function pricedOrNot(tariff: Tariff, timeZone: string, session: SessionToPrice, policy: RetailPolicy): PricedSession | Unbilled {
  try {
    const priced = priceSession({ tariff, timeZone, session, freeWithoutEnergy: policy.freeWithoutEnergy });
    if (priced.total.beforeTaxes !== undefined && priced.lines.every(({ beforeTaxes }) => beforeTaxes !== undefined)) return priced;
    return { reason: 'cannot-be-priced', detail: 'the tariff does not determine the price before taxes' };
  } catch (error) {
    // A currency that does not exist, or periods that are none.
    if (error instanceof RangeError) return { reason: 'cannot-be-priced', detail: error.message };
    throw error;
  }
}

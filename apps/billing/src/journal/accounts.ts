// The accounts of the journal. The first part of a name says what kind of account it is, the rest what or whom it is about; whom is a
// reference, so that an erased driver changes no entry.
import type { IssuedToken, PartyKey } from '@evenkeel/contracts';

/** Who owes what a CDR costs: the partner that issued the token, or a driver of our own, by the token. */
export type Debtor = { kind: 'partner'; party: PartyKey } | { kind: 'driver'; type: IssuedToken['type']; key: string };

/** What revenue is for. An adjustment is what rounding and the limits of a tariff add to it or take from it. */
export const revenueKinds = ['energy', 'time', 'parking', 'fixed', 'reservation', 'adjustment'] as const;
export type RevenueKind = (typeof revenueKinds)[number];

/** A tax of which no rate is known: a price limit can bring one into a session without any taxed line. */
const NO_RATE = 'unspecified';

export function debtorOf({ party, payer }: { party: PartyKey; payer: IssuedToken }): Debtor {
  return payer.party === party ? { kind: 'driver', type: payer.type, key: payer.key } : { kind: 'partner', party: payer.party };
}

/** Asset: what somebody owes us. */
export function receivable(debtor: Debtor): string {
  return `receivable/${nameOf(debtor)}`;
}

/** Income, before taxes. */
export function revenue(kind: RevenueKind): string {
  return `revenue/${kind}`;
}

/** Liability: taxes that we have charged. @param rate in percent, e.g. "19". */
export function taxPayable(rate: string | undefined): string {
  return `tax-payable/${rate ?? NO_RATE}`;
}

/** Liability: what we owe a partner at whose stations our drivers charged. */
export function payable(party: PartyKey): string {
  return `payable/partner/${party}`;
}

/** Asset: taxes that partners have charged us. */
export function taxReceivable(rate: string | undefined): string {
  return `tax-receivable/${rate ?? NO_RATE}`;
}

/** Expense, before taxes: energy for our drivers at partners' stations. */
export const roamingCost = 'cost/roaming';

/** Expense: what the payment provider keeps. */
export const paymentFees = 'cost/payment-fees';

/** Asset: what the payment provider has taken in for us and not paid out yet. */
export const atProvider = 'clearing/provider';

/** Memorandum, off the balance sheet: amounts that are held at the provider; a hold is nobody's money yet. */
export const heldAtProvider = 'held/provider';

/** Its counterpart: whose amounts they are. */
export function heldFrom(debtor: Debtor): string {
  return `held/${nameOf(debtor)}`;
}

function nameOf(debtor: Debtor): string {
  return debtor.kind === 'partner' ? `partner/${debtor.party}` : `driver/${debtor.type}/${debtor.key}`;
}

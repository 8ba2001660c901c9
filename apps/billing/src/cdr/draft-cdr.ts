// A CDR as it would be issued for a completed session: priced, with a line for every price component and the events behind each line.
// Next: packages/tariff/src/price-session.ts
import { type Cdr, idOf, type SessionSnapshot, type StationCost } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type PricedSession, priceSession } from '@evenkeel/tariff';
import { billedAs, negated, priceOf } from './billed-as';
import type { BillingPolicy } from './cdr-events';

export interface Draft {
  session: SessionSnapshot;
  policy: BillingPolicy;
  /** Which CDR of the session this is, from 1: a corrected bill gets a new number and with it a new id. */
  version: number;
  /** RFC 3339 UTC. */
  issuedAt: string;
}

/** Throws for a session that is not completed or has no payer, and for a tariff that does not determine the price before taxes. */
export function draftCdr({ session, policy, version, issuedAt }: Draft): Cdr {
  const { terms, endedAt } = session;
  if (endedAt === undefined || terms.payer === undefined) throw new Error(`session ${session.sessionId} cannot be billed`);
  const priced = priceSession({
    tariff: terms.tariff,
    timeZone: terms.place.timeZone,
    session: { startedAt: session.startedAt, endedAt, periods: session.periods },
    freeWithoutEnergy: policy.freeWithoutEnergy,
  });
  const { energy, time, parking, fixed } = priced.costs;
  return {
    cdrId: cdrIdOf(session.sessionId, version),
    party: session.party,
    sessionId: session.sessionId,
    stationId: session.stationId,
    transactionId: session.transactionId,
    startedAt: session.startedAt,
    endedAt,
    place: terms.place,
    payer: terms.payer,
    tariff: terms.tariff,
    ...billedAs(priced),
    periods: session.periods,
    energyWh: session.energyWh,
    durationSeconds: Math.round((Date.parse(endedAt) - Date.parse(session.startedAt)) / 1000),
    ...(energy ? { totalEnergyCost: priceOf(energy) } : {}),
    ...(time ? { totalTimeCost: priceOf(time) } : {}),
    ...(parking ? { totalParkingCost: priceOf(parking) } : {}),
    ...(fixed ? { totalFixedCost: priceOf(fixed) } : {}),
    ...(session.stationCost ? { stationCost: session.stationCost } : {}),
    flags: [
      ...session.flags,
      ...(session.stationCost && differs(session.stationCost, priced) ? ['stationCostDiffers'] : []),
      ...new Set(priced.warnings.map(({ code }) => code)),
    ],
    ...(policy.namesSignedReadings && session.signedEvidence ? { signedEvidence: session.signedEvidence } : {}),
    credit: false,
    sessionRevision: session.revision,
    issuedAt,
  };
}

/**
 * The credit CDR of an issued one: everything is copied, only the total is negated (OCPI 2.2.1 mod_cdrs, credit CDRs). Its id may have 39
 * characters where a normal one has 36.
 */
export function creditOf(cdr: Cdr, issuedAt: string): Cdr {
  return { ...cdr, cdrId: `${cdr.cdrId}-CR`, total: negated(cdr.total), credit: true, creditReferenceId: cdr.cdrId, issuedAt };
}

export function cdrIdOf(sessionId: string, version: number): string {
  return idOf('cdr', sessionId, version);
}

/** Whether the station and we are more than a cent apart, on a side of tax that both know. The driver has seen the station's number. */
function differs(told: StationCost, { currency, total }: PricedSession): boolean {
  if (told.currency !== currency) return true;
  const sides = [
    [told.afterTaxes, total.afterTaxes],
    [told.beforeTaxes, total.beforeTaxes],
  ] as const;
  const comparable = sides.find(([theirs, ours]) => theirs !== undefined && ours !== undefined);
  if (comparable?.[0] === undefined || comparable[1] === undefined) return true;
  const difference = Decimal.parse(comparable[0]).subtract(Decimal.parse(comparable[1]));
  return difference.absolute.compare(CENT) > 0;
}

const CENT = Decimal.parse('0.01');

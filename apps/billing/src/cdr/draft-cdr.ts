// A CDR as it would be issued for a completed session: priced, with a line for every price component and the events behind each line.
// Next: packages/tariff/src/price-session.ts
import { type Cdr, type CdrLine, idOf, type Price, type SessionSnapshot, type StationCost } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Cost, explain, type PricedLine, type PricedSession, priceSession } from '@evenkeel/tariff';
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
    currency: priced.currency,
    periods: session.periods,
    energyWh: session.energyWh,
    durationSeconds: Math.round((Date.parse(endedAt) - Date.parse(session.startedAt)) / 1000),
    parkingSeconds: priced.measured.parkingSeconds,
    total: priceOf(priced.total),
    ...(energy ? { totalEnergyCost: priceOf(energy) } : {}),
    ...(time ? { totalTimeCost: priceOf(time) } : {}),
    ...(parking ? { totalParkingCost: priceOf(parking) } : {}),
    ...(fixed ? { totalFixedCost: priceOf(fixed) } : {}),
    lines: linesOf(priced),
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

function linesOf(priced: PricedSession): CdrLine[] {
  const texts = explain(priced);
  return priced.lines.map((line, index): CdrLine => ({ ...amountOf(line), ...reasonOf(line), text: texts[index] ?? '' }));
}

function reasonOf(line: PricedLine) {
  if (line.kind === 'adjustment') return { rule: line.rule, because: [] };
  return {
    dimension: line.dimension,
    elementIndex: line.elementIndex,
    componentIndex: line.componentIndex,
    quantity: line.rawQuantity,
    billedQuantity: line.billedQuantity,
    unit: line.unit,
    unitPrice: line.unitPrice,
    rule: line.rule,
    because: [...line.because],
  };
}

function amountOf({ beforeTaxes, afterTaxes }: Pick<Cost, 'beforeTaxes' | 'afterTaxes'>) {
  if (beforeTaxes === undefined) throw new Error('the tariff does not determine the price before taxes');
  return { beforeTaxes, ...(afterTaxes === undefined ? {} : { afterTaxes }) };
}

function priceOf(cost: Cost): Price {
  const taxes = cost.taxes?.map(({ percent, amount }) => ({ ...(percent === undefined ? {} : { percentage: percent }), amount }));
  return { ...amountOf(cost), ...(taxes ? { taxes } : {}) };
}

function negated({ beforeTaxes, afterTaxes, taxes }: Price): Price {
  return {
    beforeTaxes: minus(beforeTaxes),
    ...(afterTaxes === undefined ? {} : { afterTaxes: minus(afterTaxes) }),
    ...(taxes ? { taxes: taxes.map((tax) => ({ ...tax, amount: minus(tax.amount) })) } : {}),
  };
}

function minus(amount: string): string {
  if (/^-?0+(\.0+)?$/.test(amount)) return amount.replace('-', '');
  return amount.startsWith('-') ? amount.slice(1) : `-${amount}`;
}

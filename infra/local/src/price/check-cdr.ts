// Does a partner's CDR follow the tariff that it carries? Its periods are priced anew and every cost that it names is compared, with one minor
// unit of tolerance for each part that may have been rounded by itself (OCPI leaves the rounding open).
import { Decimal, Money, Rational } from '@evenkeel/money';
import { type CdrToCheck, type ClaimedCost, type ClaimedCostName, claimedCosts } from '@evenkeel/ocpi';
import { type Cost, type CostGroup, type PricedSession, priceSession } from '@evenkeel/tariff';

export interface Difference {
  readonly field: string;
  readonly claimed: string;
  readonly computed: string;
}

const groups: Readonly<Record<Exclude<ClaimedCostName, 'total_cost'>, CostGroup>> = {
  total_fixed_cost: 'fixed',
  total_energy_cost: 'energy',
  total_time_cost: 'time',
  total_parking_cost: 'parking',
  total_reservation_cost: 'reservation',
};
/** Volumes have at most four decimals, of each period. */
const WH_OF_A_PERIOD = Rational.of(1n, 20n);
const SECONDS_OF_A_PERIOD = 1;

/** @throws RangeError for a CDR that cannot be priced: without a tariff, or by one that it does not carry. */
export function differencesOf(cdr: CdrToCheck, timeZone: string): Difference[] {
  const [tariff, ...otherTariffs] = cdr.tariffs;
  if (tariff === undefined) throw new RangeError('it carries no tariff to check it by');
  const priced = priceSession({ tariff, otherTariffs, timeZone, session: { ...cdr, periods: withKnownTariffs(cdr) } });
  const currency = cdr.currency === priced.currency ? [] : [{ field: 'currency', claimed: cdr.currency, computed: priced.currency }];
  return [...currency, ...claimedCosts.flatMap((name) => costDifferences(name, cdr, priced)), ...volumeDifferences(cdr, priced)];
}

/** Ids are compared without case, and a CDR with one tariff means that one where its periods name none. */
function withKnownTariffs({ tariffs, periods }: CdrToCheck): CdrToCheck['periods'] {
  return periods.map(({ tariffId, ...period }) => {
    const named = tariffs.find(({ id }) => id.toLowerCase() === tariffId?.toLowerCase());
    return named === undefined ? { ...period, ...(tariffId === undefined ? {} : { tariffId }) } : { ...period, tariffId: named.id };
  });
}

function costDifferences(name: ClaimedCostName, { costs, credit }: CdrToCheck, priced: PricedSession): Difference[] {
  const claimed = costs[name];
  if (claimed === undefined) return [];
  const parts = name === 'total_cost' ? Math.max(1, Object.keys(priced.costs).length) : 1;
  const cost = name === 'total_cost' ? priced.total : priced.costs[groups[name]];
  // A credit takes back the total and copies everything else (OCPI mod_cdrs, Credit CDRs).
  const isTakenBack = credit && name === 'total_cost';
  const sides: (keyof ClaimedCost)[] = ['beforeTaxes', 'afterTaxes'];
  return sides.flatMap((side): Difference[] => {
    const text = claimed[side];
    const computed = sideOf(cost, side);
    // What the tariff does not tell cannot contradict.
    if (text === undefined || computed === undefined) return [];
    const value = isTakenBack ? Decimal.parse(text).negate() : Decimal.parse(text);
    if (isWithin(value, Decimal.parse(computed), toleranceOf(priced.currency, parts))) return [];
    const shown = isTakenBack ? Decimal.parse(computed).negate().toString() : computed;
    return [{ field: `${name}.${side === 'beforeTaxes' ? 'excl_vat' : 'incl_vat'}`, claimed: text, computed: shown }];
  });
}

/** Of a group in which nothing was priced it is 0. */
function sideOf(cost: Cost | undefined, side: keyof ClaimedCost): string | undefined {
  return cost === undefined ? '0' : cost[side];
}

function volumeDifferences({ periods, energyWh, seconds, parkingSeconds }: CdrToCheck, priced: PricedSession): Difference[] {
  const energy = periods.reduce((sum, period) => sum.add(Decimal.parse(period.energyWh)), Decimal.ZERO);
  const secondsOf = (counted: typeof periods) => counted.reduce((sum, period) => sum + (period.reportedSeconds ?? 0), 0);
  const tolerated = periods.length * SECONDS_OF_A_PERIOD;
  const found: Difference[] = [];
  // A partner may leave out of its periods what the tariff does not price.
  const isNamed = !energy.isZero || priced.costs.energy !== undefined;
  if (isNamed && !isWithin(energy, Decimal.parse(energyWh), WH_OF_A_PERIOD.multiply(Rational.of(BigInt(periods.length + 1))))) {
    found.push({ field: 'total_energy', claimed: `${energyWh} Wh`, computed: `${energy} Wh` });
  }
  // Periods may leave out time that costs nothing, so less than the whole is no difference.
  const all = secondsOf(periods);
  if (all > seconds + tolerated) found.push({ field: 'total_time', claimed: `${seconds} s`, computed: `${all} s` });
  const parked = secondsOf(periods.filter(({ kind }) => kind === 'parking'));
  if (parkingSeconds !== undefined && parked > parkingSeconds + tolerated) {
    found.push({ field: 'total_parking_time', claimed: `${parkingSeconds} s`, computed: `${parked} s` });
  }
  return found;
}

function toleranceOf(currency: string, parts: number): Rational {
  return Rational.of(BigInt(parts), 10n ** BigInt(Money.zero(currency).digits));
}

function isWithin(one: Decimal, other: Decimal, tolerance: Rational): boolean {
  return Rational.fromDecimal(one.subtract(other)).absolute.compare(tolerance) <= 0;
}

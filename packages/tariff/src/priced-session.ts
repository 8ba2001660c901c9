// The answer of pricing: what a session costs, and for every cent why. Plain data, ready to be stored or sent; amounts are decimal text.
import type { TaxIncluded } from './tariff';

export interface PricedSession {
  readonly currency: string;
  readonly taxIncluded: TaxIncluded;
  /** What is due, after the minimum and maximum price. Rounded once from the exact sum. */
  readonly total: Cost;
  /** One cost per group in which something was priced (total_energy_cost and its siblings of OCPI mod_cdrs). */
  readonly costs: { readonly [group in CostGroup]?: Cost };
  /** Amounts of all lines sum to `total`; usage lines of a group sum to its cost. */
  readonly lines: readonly PricedLine[];
  /** What was measured, priced or not, without any step size. */
  readonly measured: MeasuredVolume;
  readonly warnings: readonly PricingWarning[];
}

/**
 * An amount on both sides of tax, rounded to the currency's minor unit, and the exact value behind it ("5.125", or "1/6" where no decimal is
 * exact). A side that the tariff does not determine is absent: no rate is not a rate of 0. At least one side is present.
 */
export interface Cost {
  readonly beforeTaxes?: string;
  readonly afterTaxes?: string;
  /** Sums to after minus before. Empty: no tax is due. Absent: the taxes are not known. */
  readonly taxes?: readonly TaxAmount[];
  readonly exact: { readonly beforeTaxes?: string; readonly afterTaxes?: string };
}

export interface TaxAmount {
  /** Absent for a tax that a price limit brought into a session without any taxed line. */
  readonly percent?: string;
  readonly amount: string;
}

export type CostGroup = 'energy' | 'time' | 'parking' | 'fixed' | 'reservation';

export type UsageDimension = 'ENERGY' | 'TIME' | 'PARKING_TIME' | 'FLAT' | 'RESERVATION_TIME' | 'RESERVATION_FLAT';

export type PricedLine = UsageLine | AdjustmentLine;

/** Everything that was billed on one price component. */
export interface UsageLine extends LineAmount {
  readonly kind: 'usage';
  readonly dimension: UsageDimension;
  readonly group: CostGroup;
  /** `measured`: billed as measured. `step_size`: rounded up to whole steps. `flat_fee`: once per session or reservation. */
  readonly rule: 'measured' | 'step_size' | 'flat_fee';
  /** Indexes into the session's periods, ascending. */
  readonly periods: readonly number[];
  /** Where the session had more than one tariff. */
  readonly tariffId?: string;
  readonly elementIndex: number;
  readonly componentIndex: number;
  readonly unit: 'Wh' | 's' | 'fee';
  readonly rawQuantity: string;
  readonly billedQuantity: string;
  readonly stepSize: number;
  /** As in the tariff: per kWh, per hour, or for the fee. */
  readonly unitPrice: string;
  readonly vat?: string;
  /** Ids of the events that back the periods. */
  readonly because: readonly string[];
}

/** The difference between the priced usage and what is due. */
export interface AdjustmentLine extends LineAmount {
  readonly kind: 'adjustment';
  /**
   * `rounding`: the total is rounded from the exact sum, the groups each on their own. `free_without_energy`: the party charges nothing for
   * a session without energy. `min_price`, `max_price`: the limits of the tariff.
   */
  readonly rule: 'rounding' | 'free_without_energy' | 'min_price' | 'max_price';
}

/** Rounded to the minor unit; absent on the side that the tariff does not determine. */
interface LineAmount {
  readonly beforeTaxes?: string;
  readonly afterTaxes?: string;
}

export interface MeasuredVolume {
  readonly energyWh: string;
  readonly chargingSeconds: number;
  readonly parkingSeconds: number;
  readonly reservationSeconds: number;
}

/** Something that a person should look at. None of them changes a price. */
export interface PricingWarning {
  readonly code: PricingWarningCode;
  readonly periodIndex?: number;
}

export type PricingWarningCode =
  /** A reported time volume contradicts the period's boundaries; the volume was billed. */
  | 'volume_differs_from_boundaries'
  /** The first period does not start with the session, so some time belongs to no period. */
  | 'time_without_period'
  /** The session started outside the tariff's startsAt and endsAt. */
  | 'tariff_not_in_force'
  /** The tariff prices energy, but no element matched this period: its energy was free. */
  | 'energy_unpriced'
  | 'energy_during_reservation'
  /** The tariff asks for power or current that this period did not measure, so those elements did not match. */
  | 'power_not_measured'
  | 'current_not_measured'
  /** The tariff says that no tax is due and names a rate all the same; the rate was not applied. */
  | 'tax_rate_ignored'
  /** A price limit before taxes could not be compared with a cost of which only the side after taxes is known. */
  | 'price_limit_not_comparable';

/** The amount to ask for: after taxes, or before them where the tariff does not tell the taxes. */
export function amountDue(cost: Pick<Cost, 'beforeTaxes' | 'afterTaxes'>): string {
  const amount = cost.afterTaxes ?? cost.beforeTaxes;
  if (amount === undefined) throw new Error('a cost has at least one side of tax');
  return amount;
}

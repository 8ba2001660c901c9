// What can be said of a tariff before anybody charges by it: the shape of a finding, and what is known of the places where it is used.
import type { Tariff } from '../tariff';

/**
 * `error`: the tariff contradicts itself, cannot be priced, or breaks a rule of a jurisdiction. `warning`: it is allowed, and hardly meant.
 * `notice`: good to know.
 */
export type Severity = 'error' | 'warning' | 'notice';

export interface Finding {
  /** Stable, for machines. */
  readonly code: FindingCode | LawCode;
  readonly severity: Severity;
  /** In the fields of our tariff, e.g. "elements[2].priceComponents[0].price". */
  readonly path: string;
  /** For an operator: what is so, and what to do about it. */
  readonly message: string;
  /** The rule of law behind it, e.g. "23 CFR 680.116(a)". */
  readonly rule?: string;
}

export type FindingCode =
  | 'unreadable'
  | 'unknown_currency'
  | 'currency_differs'
  | 'validity_reversed'
  | 'validity_over'
  | 'never_matches'
  | 'window_is_whole_day'
  | 'weekday_over_midnight'
  | 'booking_not_priced'
  | 'reservation_without_price'
  | 'reservation_component_unused'
  | 'unreachable_element'
  | 'unreachable_component'
  | 'gap_without_default'
  | 'not_fully_checked'
  | 'negative_price'
  | 'absurd_price'
  | 'absurd_rate'
  | 'rate_ignored'
  | 'charges_nothing'
  | 'free_energy_first'
  | 'limits_contradict'
  | 'limit_sides_contradict'
  | 'limit_not_comparable'
  | 'large_step'
  | 'steps_differ'
  | 'step_without_meaning';

export type LawCode =
  | 'energy_not_priced'
  | 'price_changes_in_session'
  | 'time_is_no_unit'
  | 'fees_not_disclosed'
  | 'fee_not_allowed'
  | 'fee_not_per_minute'
  | 'power_unknown'
  | 'order_of_display'
  | 'not_in_signed_record'
  | 'reading_at_change_needed';

/** Where a tariff is sold, as far as law differs: `nevi` for stations under 23 CFR 680, `afir` for the European Union. */
export type Jurisdiction = 'nevi' | 'california' | 'afir' | 'eichrecht';

/** All of it may be unknown; what needs a part that is unknown is then not checked. */
export interface CareContext {
  /** ISO 8601. What is over by then is said to be over, and gaps before it do not matter. */
  readonly now?: string;
  /** IANA name. */
  readonly timeZone?: string;
  /** ISO 4217: what is paid with where the tariff is used. */
  readonly currency?: string;
  /** Decimal text: the highest power of the connectors that have the tariff. */
  readonly maxPowerKw?: string;
  readonly jurisdictions?: readonly Jurisdiction[];
}

/** The text for drivers changes no price, but it is where a tariff discloses its fees. */
export interface TariffToCheck extends Tariff {
  readonly altText?: string;
}

export function elementPath(elementIndex: number): string {
  return `elements[${elementIndex}]`;
}

export function componentPath(elementIndex: number, componentIndex: number): string {
  return `${elementPath(elementIndex)}.priceComponents[${componentIndex}]`;
}

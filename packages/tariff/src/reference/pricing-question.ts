// What engine and reference are both asked, and the answer in the one form in which the two are compared: text of which equal values have
// only one.
import type { SessionToPrice } from '../charging-period';
import type { CostGroup, UsageDimension } from '../priced-session';
import type { Tariff } from '../tariff';

export interface PricingQuestion {
  readonly tariff: Tariff;
  readonly timeZone: string;
  readonly session: SessionToPrice;
  readonly freeWithoutEnergy?: boolean;
}

export interface PricingAnswer {
  readonly total: AnsweredCost;
  readonly groups: { readonly [group in CostGroup]?: AnsweredCost };
  /** Wh, seconds or fees after the step size, as a fraction; only what has a price. */
  readonly billed: { readonly [dimension in UsageDimension]?: string };
  /** Energy in Wh, then the seconds of charging, parking and reservation. */
  readonly measured: readonly [energyWh: string, charging: number, parking: number, reservation: number];
}

/** Each side of tax as an exact fraction and rounded to the minor unit; `unknown` where the tariff does not tell. */
export interface AnsweredCost {
  readonly exact: readonly [beforeTaxes: string, afterTaxes: string];
  readonly rounded: readonly [beforeTaxes: string, afterTaxes: string];
}

export const COST_GROUPS: readonly CostGroup[] = ['energy', 'time', 'parking', 'fixed', 'reservation'];

export const USAGE_DIMENSIONS: readonly UsageDimension[] = [
  'ENERGY',
  'TIME',
  'PARKING_TIME',
  'FLAT',
  'RESERVATION_TIME',
  'RESERVATION_FLAT',
];

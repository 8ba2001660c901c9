// What a session hands to pricing: its periods, already cut wherever something that a tariff asks about changed (`thresholds`, `cutTimes`).
// Pricing never splits a period; it looks at the state at the period's start (OCPI mod_cdrs ChargingPeriod).
import { Decimal } from '@evenkeel/money';

export type PeriodKind = 'charging' | 'parking' | 'reservation';

/** One stretch of a session. It ends where the next begins, the last at the session's end. */
export interface ChargingPeriod {
  /** ISO 8601 instant. */
  readonly startedAt: string;
  readonly kind: PeriodKind;
  /** Of the tariff in force, where the driver's preferences have changed it; absent: the one that the session began with. */
  readonly tariffId?: string;
  /** False for time before anybody was accepted to pay: it is measured and costs nothing. */
  readonly billable?: false;
  /** Decimal text, exact. */
  readonly energyWh: string;
  /** Lowest and highest reading within the period, decimal text. If only one of a pair is known it stands for both. */
  readonly minPowerW?: string;
  readonly maxPowerW?: string;
  readonly minCurrentA?: string;
  readonly maxCurrentA?: string;
  /** The time volume that another party reported. It is what is billed, even where it contradicts the boundaries. */
  readonly reportedSeconds?: number;
  /** Ids of the events that back this period; they come back as `because` on every line that the period is billed on. */
  readonly evidence?: readonly string[];
}

export interface SessionToPrice {
  /** ISO 8601 instants. With a reservation the session starts with the reservation. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** In order of time. */
  readonly periods: readonly ChargingPeriod[];
  /** The reservation ran out before the driver came. */
  readonly reservationExpired?: boolean;
}

/**
 * A time volume as CDRs carry it, in hours with few decimals, as the whole seconds that were meant. Without this, 0.1667 h (600.12 s) in steps
 * of ten minutes would be billed as twenty.
 */
export function secondsFromHours(hours: string): number {
  return Number(Decimal.parse(hours).multiply(SECONDS_PER_HOUR).toScale(0, 'half-away-from-zero').value);
}

const SECONDS_PER_HOUR = Decimal.of(3600n);

// How fast may be charged, in amperes of each phase or in watts over all of them, and how one follows from the other. Pure.
import type { Request } from '@evenkeel/ocpp';

export type Profile = Request<'2.1', 'SetChargingProfile'>['chargingProfile'];
export type Schedule = Profile['chargingSchedule'][number];
export type Period = Schedule['chargingSchedulePeriod'][number];
export type RateUnit = Schedule['chargingRateUnit'];

/** What an EVSE is fed with. Direct current counts as one phase. */
export interface Supply {
  readonly voltageV: number;
  readonly phases: number;
}

/** What holds at a moment. Absent: nothing limits it. A limit of discharging is negative, as on the wire (OCPP 2.1 ChargingSchedulePeriodType). */
export interface Rate {
  readonly limit?: number;
  readonly dischargeLimit?: number;
  readonly numberPhases?: number;
}

export function rateOf(period: Period, from: RateUnit, to: RateUnit, { voltageV, phases }: Supply): Rate {
  const used = period.numberPhases ?? phases;
  const inUnit = (first: number | undefined, second: number | undefined, third: number | undefined) => {
    if (first === undefined) return undefined;
    const isUneven = second !== undefined || third !== undefined;
    const sum = first + (second ?? 0) + (third ?? 0);
    // A current is that of each phase, unless the phases have their own; a power is that of all phases together.
    if (from === 'A') return to === 'A' ? (isUneven ? sum / used : first) : (isUneven ? sum : first * used) * voltageV;
    return to === 'W' ? sum : sum / (voltageV * used);
  };
  const limit = inUnit(period.limit, period.limit_L2, period.limit_L3);
  const dischargeLimit = inUnit(period.dischargeLimit, period.dischargeLimit_L2, period.dischargeLimit_L3);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(dischargeLimit === undefined ? {} : { dischargeLimit }),
    ...(period.numberPhases === undefined ? {} : { numberPhases: period.numberPhases }),
  };
}

/** The tighter of both: each part by itself. */
export function tighter(one: Rate, other: Rate): Rate {
  const least = (a: number | undefined, b: number | undefined) => (a === undefined ? b : b === undefined ? a : Math.min(a, b));
  const limit = least(one.limit, other.limit);
  const numberPhases = least(one.numberPhases, other.numberPhases);
  // Of two negative numbers the greater one lets less flow back.
  const discharge = least(negated(one.dischargeLimit), negated(other.dischargeLimit));
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(discharge === undefined ? {} : { dischargeLimit: -discharge }),
    ...(numberPhases === undefined ? {} : { numberPhases }),
  };
}

/** @returns downwards to one decimal, which is all that OCPP 1.6 takes (OCPP 1.6 section 7.13, OCPP 2.0.1 ChargingSchedulePeriodType). */
export function withOneDecimal(rate: number): number {
  // 16.1 * 10 is 161.00000000000003 in binary, and 4.1 / 0.1 is less than 41.
  return Math.floor(rate * 10 + 1e-6) / 10;
}

export function hasOneDecimal(rate: number): boolean {
  return Math.abs(Math.round(rate * 10) - rate * 10) < 1e-6;
}

/** @param rate of all phases of the supply. */
export function converted(rate: number, from: RateUnit, to: RateUnit, { voltageV, phases }: Supply): number {
  if (from === to) return rate;
  return from === 'A' ? rate * voltageV * phases : rate / (voltageV * phases);
}

function negated(value: number | undefined): number | undefined {
  return value === undefined ? undefined : -value;
}

// Whether an element applies to a period, restriction by restriction as OCPI mod_tariffs TariffRestrictions words them.
import type { ChargingPeriod } from '../charging-period';
import type { TariffElement, TariffRestrictions } from '../tariff';
import { Fraction } from './fraction';
import type { LocalClock } from './local-clock';

/** What holds when a period starts. */
export interface StateAtStart {
  readonly period: ChargingPeriod;
  readonly clock: LocalClock;
  /** Energy of all earlier periods. */
  readonly kwh: Fraction;
  /** Since charging started. */
  readonly durationSeconds: number;
}

export function matches({ restrictions = {} }: TariffElement, state: StateAtStart): boolean {
  // Sessions know no bookings, so the price of a booking is never theirs.
  if (restrictions.booking !== undefined) return false;
  return (
    matchesTimeOfDay(restrictions, state.clock.time) &&
    matchesDay(restrictions, state.clock) &&
    matchesDuration(restrictions, state.durationSeconds) &&
    matchesReadings(restrictions, state)
  );
}

function matchesTimeOfDay({ startTime, endTime }: TariffRestrictions, time: string): boolean {
  if (startTime === undefined && endTime === undefined) return true;
  const start = `${startTime ?? '00:00'}:00`;
  const end = endTime === undefined || endTime === '00:00' ? '24:00:00' : `${endTime}:00`;
  if (start === end) return true;
  return end < start ? time >= start || time < end : time >= start && time < end;
}

function matchesDay({ startDate, endDate, dayOfWeek = [] }: TariffRestrictions, { date, weekday }: LocalClock): boolean {
  if (startDate !== undefined && date < startDate) return false;
  if (endDate !== undefined && date >= endDate) return false;
  return dayOfWeek.length === 0 || dayOfWeek.includes(weekday);
}

function matchesDuration({ minDurationSeconds, maxDurationSeconds }: TariffRestrictions, durationSeconds: number): boolean {
  if (minDurationSeconds !== undefined && durationSeconds < minDurationSeconds) return false;
  return maxDurationSeconds === undefined || durationSeconds < maxDurationSeconds;
}

function matchesReadings(restrictions: TariffRestrictions, { period, kwh }: StateAtStart): boolean {
  const { minPowerW, maxPowerW, minCurrentA, maxCurrentA } = period;
  return (
    isWithin(kwh, kwh, restrictions.minKwh, restrictions.maxKwh) &&
    isWithin(kilowatts(minPowerW ?? maxPowerW), kilowatts(maxPowerW ?? minPowerW), restrictions.minPowerKw, restrictions.maxPowerKw) &&
    isWithin(amperes(minCurrentA ?? maxCurrentA), amperes(maxCurrentA ?? minCurrentA), restrictions.minCurrentA, restrictions.maxCurrentA)
  );
}

/** The lowest reading must reach the minimum, the highest stay below the maximum; what was not measured does neither. */
function isWithin(
  lowest: Fraction | undefined,
  highest: Fraction | undefined,
  minimum: string | undefined,
  maximum: string | undefined,
): boolean {
  if (minimum !== undefined && (lowest === undefined || lowest.isBelow(Fraction.parse(minimum)))) return false;
  return maximum === undefined || (highest?.isBelow(Fraction.parse(maximum)) ?? false);
}

const kilowatts = (watts: string | undefined) => (watts === undefined ? undefined : Fraction.parse(watts).over(Fraction.of(1000)));

const amperes = (reading: string | undefined) => (reading === undefined ? undefined : Fraction.parse(reading));

// Restrictions that match never, or otherwise than their author may think.
import { Decimal } from '@evenkeel/money';
import { dayNumber, secondOfDay } from '../local-time';
import type { Tariff, TariffElement, TariffRestrictions } from '../tariff';
import { neverMatches } from './coverage';
import { elementPath, type Finding } from './finding';

export function restrictionFindings(tariff: Tariff): Finding[] {
  return tariff.elements.flatMap((element, index) => {
    const { restrictions } = element;
    if (restrictions === undefined) return [];
    const path = `${elementPath(index)}.restrictions`;
    return [...never(restrictions, path), ...surprises(restrictions, path), ...ofReservation(element, path)];
  });
}

/** Lower bounds are inclusive and upper ones exclusive, so equal bounds leave nothing between them. */
function never(restrictions: TariffRestrictions, path: string): Finding[] {
  const { minDurationSeconds, maxDurationSeconds } = restrictions;
  const found = [
    ...reversed(path, 'minKwh', restrictions.minKwh, 'maxKwh', restrictions.maxKwh),
    ...reversed(path, 'minPowerKw', restrictions.minPowerKw, 'maxPowerKw', restrictions.maxPowerKw),
    ...reversed(path, 'minCurrentA', restrictions.minCurrentA, 'maxCurrentA', restrictions.maxCurrentA),
    ...reversed(path, 'minDurationSeconds', minDurationSeconds?.toString(), 'maxDurationSeconds', maxDurationSeconds?.toString()),
    ...datesReversed(restrictions, path),
  ];
  if (found.length === 0) {
    found.push(
      ...belowNothing(path, 'maxKwh', restrictions.maxKwh),
      ...belowNothing(path, 'maxDurationSeconds', maxDurationSeconds?.toString()),
    );
  }
  if (found.length > 0 || !neverMatches(restrictions)) return found;
  const message = 'No day between startDate and endDate is one of dayOfWeek, so the element never applies. Correct the dates or the days.';
  return [{ code: 'never_matches', severity: 'error', path, message }];
}

function reversed(path: string, leastName: string, least: string | undefined, endName: string, end: string | undefined): Finding[] {
  if (least === undefined || end === undefined || Decimal.parse(least).compare(Decimal.parse(end)) < 0) return [];
  const message =
    `${leastName} ${least} is not below ${endName} ${end}, so the element never applies. ${endName} is exclusive: ` +
    'set it above the other, or leave one out.';
  return [{ code: 'never_matches', severity: 'error', path: `${path}.${endName}`, message }];
}

/** Energy and durations begin at 0. Power and current may be below it, when a car feeds back. */
function belowNothing(path: string, endName: string, end: string | undefined): Finding[] {
  if (end === undefined || Decimal.parse(end).compare(Decimal.ZERO) > 0) return [];
  const message = `Nothing is below ${endName} ${end}, so the element never applies. Set it above 0, or leave it out.`;
  return [{ code: 'never_matches', severity: 'error', path: `${path}.${endName}`, message }];
}

function datesReversed({ startDate, endDate }: TariffRestrictions, path: string): Finding[] {
  if (startDate === undefined || endDate === undefined || dayNumber(startDate) < dayNumber(endDate)) return [];
  const message =
    `endDate ${endDate} is not after startDate ${startDate}, so the element never applies. endDate is exclusive: for a single day, name the ` +
    'day after it.';
  return [{ code: 'never_matches', severity: 'error', path: `${path}.endDate`, message }];
}

const DAYS_OF_A_WEEK = 7;

function surprises({ startTime, endTime, dayOfWeek = [], booking }: TariffRestrictions, path: string): Finding[] {
  const found: Finding[] = [];
  if (startTime !== undefined && startTime === endTime) {
    const message = `From ${startTime} to ${endTime} is the whole day. Leave both out if that is meant; otherwise correct one.`;
    found.push({ code: 'window_is_whole_day', severity: 'notice', path: `${path}.endTime`, message });
  }
  const days = new Set(dayOfWeek).size;
  if (days > 0 && days < DAYS_OF_A_WEEK && spansMidnight(startTime, endTime)) {
    const message =
      `The window from ${startTime} to ${endTime} goes over midnight, and the weekday is that of each moment, not of the window's start: ` +
      `after midnight it applies on the days that are named, until ${endTime}. If the night that follows is meant, use two elements.`;
    found.push({ code: 'weekday_over_midnight', severity: 'notice', path: `${path}.dayOfWeek`, message });
  }
  if (booking !== undefined) {
    const message = 'Sessions here do not know bookings, so this element never gives a price. Price what is booked as a reservation.';
    found.push({ code: 'booking_not_priced', severity: 'warning', path: `${path}.booking`, message });
  }
  return found;
}

/** An end at "00:00" is the end of the day. */
function spansMidnight(startTime: string | undefined, endTime: string | undefined): boolean {
  if (startTime === undefined || endTime === undefined) return false;
  const end = secondOfDay(endTime);
  return end !== 0 && end < secondOfDay(startTime);
}

/** A reservation is priced by TIME and FLAT only, and no charging time has passed in it (OCPI 2.2.1 mod_tariffs ReservationRestrictionType). */
function ofReservation({ priceComponents, restrictions = {} }: TariffElement, path: string): Finding[] {
  if (restrictions.reservation === undefined) return [];
  const found: Finding[] = [];
  const unused = priceComponents.map(({ type }) => type).filter((type) => type === 'ENERGY' || type === 'PARKING_TIME');
  if (unused.length === priceComponents.length) {
    const message =
      'A reservation costs TIME and FLAT, and the element has neither: it prices nothing. Add one of them, or remove the element.';
    found.push({ code: 'reservation_without_price', severity: 'warning', path: `${path}.reservation`, message });
  } else if (unused.length > 0) {
    const message = `A reservation costs TIME and FLAT only: ${[...new Set(unused)].join(' and ')} is never charged here. Remove it.`;
    found.push({ code: 'reservation_component_unused', severity: 'warning', path: `${path}.reservation`, message });
  }
  if ((restrictions.minDurationSeconds ?? 0) > 0) {
    const message =
      'Durations count from the start of charging, so during a reservation none has passed, and the element never applies. ' +
      'Leave minDurationSeconds out.';
    found.push({ code: 'never_matches', severity: 'warning', path: `${path}.minDurationSeconds`, message });
  }
  return found;
}

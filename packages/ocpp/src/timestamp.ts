// Timestamps on the wire: received as whatever ISO 8601 instant (OCPP 1.6 asks for no particular profile), sent as RFC 3339 in UTC
// with milliseconds (OCPP 2.0.1 Part 2, dateTime). Validators leave date-time alone, so this is where a timestamp is read, once.

export interface ReadTimestamp {
  readonly epochMilliseconds: number;
  /** The station named no zone and UTC was assumed, as OCPP recommends stations to use it. */
  readonly zoneAssumed: boolean;
}

const ISO_8601 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?(?:([Zz])|([+-])(\d\d)(?::?(\d\d))?)?$/;

/** Reads an instant; digits beyond milliseconds are cut off. Undefined when the text is not a date and time. */
export function readTimestamp(text: string): ReadTimestamp | undefined {
  const match = ISO_8601.exec(text.trim());
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', zulu, sign, zoneHour = '0', zoneMinute = '0'] = match;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(zoneHour) * 60 + Number(zoneMinute));
  // A leap second (60) is legal in RFC 3339 and counts as the first second of the next minute.
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60 || Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  // Not Date.UTC: it takes the year 1, which uninitialised station clocks do report, for 1901.
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00.000Z`);
  if (!isCalendarDay(midnight, Number(month), Number(day))) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const secondsOfDay = Number(hour) * 3600 + (Number(minute) - offsetMinutes) * 60 + Number(second);
  return { epochMilliseconds: midnight + secondsOfDay * 1000 + milliseconds, zoneAssumed: zulu === undefined && sign === undefined };
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function printTimestamp(epochMilliseconds: number): string {
  return new Date(epochMilliseconds).toISOString();
}

/** Date.parse carries 30 February over into March; an invalid date is never equal. */
function isCalendarDay(midnight: number, month: number, day: number): boolean {
  const date = new Date(midnight);
  return date.getUTCMonth() + 1 === month && date.getUTCDate() === day;
}

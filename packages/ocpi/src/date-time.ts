// DateTime (OCPI 2.2.1 types, DateTime): UTC, the "Z" and the fraction are optional. We read every spelling in use, "+00:00" and a space
// before the time included, and write one.

/** What we accept. */
export const DATE_TIME_READ =
  '^[1-9]\\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])[Tt ](?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?([Zz]|[+-]00:?00)?$';
/** What OCPI allows, of which we write the one with milliseconds and "Z": at most 25 characters. */
export const DATE_TIME_ALLOWED = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,4})?Z?$';

const READ = new RegExp(DATE_TIME_READ);

/** @returns the instant with milliseconds and "Z", or undefined where the text is no OCPI DateTime. */
export function readDateTime(text: string): string | undefined {
  const match = READ.exec(text);
  if (!match) return undefined;
  const milliseconds = Date.parse(`${text.slice(0, 10)}T${text.slice(11, 19)}${fractionOf(match[1])}Z`);
  const instant = Number.isNaN(milliseconds) ? undefined : new Date(milliseconds).toISOString();
  // To JavaScript the 31st of February is the 3rd of March.
  return instant?.slice(0, 10) === text.slice(0, 10) ? instant : undefined;
}

/** For text that has passed the schema; a date that no calendar has is an invalid parameter to the caller. */
export function instantOf(text: string): string {
  const instant = readDateTime(text);
  if (instant === undefined) throw new RangeError(`${text} is not a DateTime`);
  return instant;
}

export function writeDateTime(instant: string): string {
  return new Date(instant).toISOString();
}

/** Digits beyond milliseconds say nothing that we could keep. */
function fractionOf(text: string | undefined): string {
  return text === undefined ? '' : text.slice(0, 4).padEnd(4, '0');
}

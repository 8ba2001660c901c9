// What stations of one make do wrong in a way that the general tolerance cannot mend, as data: the tolerant reader overlooks what it does not
// understand, a profile knows what was meant. It is chosen by what a station says of itself, and strict runs have none.
import { isJsonObject, type JsonObject } from '../frame';
import { printTimestamp, readTimestamp } from '../timestamp';
import type { OcppVersion } from '../version';

export interface StationMake {
  readonly vendor: string;
  readonly model: string;
  readonly firmwareVersion?: string | undefined;
}

interface Known {
  /** A public report of the behaviour, in one sentence with its place. */
  readonly evidence: string;
}

export type Quirk = Known &
  (
    | { readonly kind: 'brokenText'; readonly found: RegExp; readonly meant: string }
    | { readonly kind: 'literal'; readonly action: string; readonly field: string; readonly said: string; readonly meant: string }
    /** Its calendar has days that there are not; the day after the last one of the month is meant. */
    | { readonly kind: 'impossibleDay' }
  );

export interface QuirkProfile {
  readonly name: string;
  readonly versions: readonly OcppVersion[];
  readonly vendor: RegExp;
  readonly model?: RegExp;
  readonly firmware?: RegExp;
  readonly quirks: readonly Quirk[];
}

export function fits({ versions, vendor, model, firmware }: QuirkProfile, version: OcppVersion, make: StationMake): boolean {
  if (!versions.includes(version) || !vendor.test(make.vendor)) return false;
  if (model !== undefined && !model.test(make.model)) return false;
  return firmware === undefined || firmware.test(make.firmwareVersion ?? '');
}

/** @param text of a frame that is no JSON. @returns what was meant, or the same text. */
export function mendText({ quirks }: QuirkProfile, text: string): string {
  return quirks.reduce((mended, quirk) => (quirk.kind === 'brokenText' ? mended.replace(quirk.found, quirk.meant) : mended), text);
}

/** @returns what was meant, or the very same object. */
export function mendPayload({ quirks }: QuirkProfile, action: string, payload: JsonObject): JsonObject {
  let mended = payload;
  for (const quirk of quirks) {
    if (quirk.kind === 'impossibleDay') mended = withPossibleDays(mended);
    if (quirk.kind === 'literal' && quirk.action === action && mended[quirk.field] === quirk.said) {
      mended = { ...mended, [quirk.field]: quirk.meant };
    }
  }
  return mended;
}

/** Copies only what it changes. */
function withPossibleDays(value: JsonObject): JsonObject {
  let mended = value;
  for (const [name, child] of Object.entries(value)) {
    const meant = name === 'timestamp' && typeof child === 'string' ? possibleDay(child) : withPossibleDaysInside(child);
    if (meant !== child) mended = { ...mended, [name]: meant };
  }
  return mended;
}

function withPossibleDaysInside(value: unknown): unknown {
  if (isJsonObject(value)) return withPossibleDays(value);
  if (!Array.isArray(value)) return value;
  const mended = value.map(withPossibleDaysInside);
  return mended.some((item, index) => item !== value[index]) ? mended : value;
}

const DAY_AND_TIME = /^(\d{4})-(0[1-9]|1[0-2])-(29|30|31)(T.*)$/;

function possibleDay(timestamp: string): string {
  const [, year = '', month = '', day = '', time = ''] = DAY_AND_TIME.exec(timestamp) ?? [];
  if (year === '' || readTimestamp(timestamp) !== undefined) return timestamp;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const meant = `${printTimestamp(midnight).slice(0, 10)}${time}`;
  return readTimestamp(meant) === undefined ? timestamp : meant;
}

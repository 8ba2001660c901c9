// The text of a CALL as its fact keeps it, so that a bill can be traced to what the station sent, and the station's part be played again:
// as it arrived, but for what names a person. A token is replaced by its key, the same one that the fact has in its place.
import { type IdentityHash, TOKEN_FIELDS } from '@evenkeel/contracts';
import { type CallFrame, callText, type Deviation, isJsonObject } from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';

/** A longer frame is left out of its fact, which still holds all readings of it: a stop with some five hundred readings fits. */
export const LONGEST_KEPT_FRAME = 65_536;

/** Messages whose frame is not kept: what they say is the vendor's affair, and a part of it that matters is in the fact. */
const NOT_KEPT: ReadonlySet<string> = new Set(['DataTransfer', 'NotifyEvent']);

/** Of the others, a message that fits its schema names a token only if it is one of these. */
const NAMES_TOKENS: ReadonlySet<string> = new Set(['StartTransaction', 'StopTransaction', 'TransactionEvent']);

/** A token in the text of a frame: a quote inside of a JSON string is escaped, so this matches a name with its value and nothing else. */
const TOKEN_IN_TEXT = new RegExp(String.raw`("(?:${[...TOKEN_FIELDS].join('|')})"\s*:\s*)("(?:[^"\\]|\\.)+")`, 'g');
/** Stations tell in the free text of a state which card they see. */
const INFO_IN_TEXT = /("info"\s*:\s*)"(?:[^"\\]|\\.)*"/g;

export interface Arrived {
  readonly text: string;
  readonly frame: CallFrame;
  readonly version: SpokenVersion;
  readonly identity: IdentityHash;
  readonly deviations: readonly Deviation[];
}

/** @returns undefined where the frame is not kept. */
export function keptFrame(arrived: Arrived): string | undefined {
  if (NOT_KEPT.has(arrived.frame.action) || arrived.text.length > LONGEST_KEPT_FRAME) return undefined;
  const kept = isPlain(arrived) ? maskedText(arrived) : maskedCall(arrived);
  return kept.length > LONGEST_KEPT_FRAME ? undefined : kept;
}

/** Whether the names in the text are the schema's and spelt out: then what to mask is found in the text itself. */
function isPlain({ text, deviations }: Arrived): boolean {
  return deviations.length === 0 && !text.includes('\\u') && !text.includes('customData');
}

function maskedText(arrived: Arrived): string {
  if (arrived.frame.action === 'StatusNotification') return arrived.text.replace(INFO_IN_TEXT, '$1""');
  if (!NAMES_TOKENS.has(arrived.frame.action)) return arrived.text;
  return arrived.text.replace(
    TOKEN_IN_TEXT,
    (_, name: string, literal: string) => `${name}${JSON.stringify(keyOf(JSON.parse(literal), arrived))}`,
  );
}

/** Written again from what was read, without what fields say that are the vendor's own. */
function maskedCall(arrived: Arrived): string {
  const { frame, deviations } = arrived;
  const extra = new Set(deviations.flatMap(({ code, path }) => (code === 'extraProperty' ? [path] : [])));
  const mask = (value: unknown, name: string, path: string): unknown => {
    if (extra.has(path)) return null;
    if (TOKEN_FIELDS.has(name) && (typeof value === 'string' || typeof value === 'number')) return keyOf(String(value), arrived);
    if (Array.isArray(value)) return value.map((item, index) => mask(item, '', `${path}/${index}`));
    if (frame.action === 'StatusNotification' && name === 'info') return '';
    if (!isJsonObject(value)) return value;
    if (name === 'customData') return { vendorId: value.vendorId };
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, key, path === '' ? key : `${path}/${key}`)]));
  };
  return callText(frame.id, frame.action, mask(frame.payload, '', '') as object);
}

/** An empty token names nobody, and stays empty: it stands for a start button. */
function keyOf(uid: string, { version, identity }: Arrived): string {
  const trimmed = version === '1.6' ? uid.trim() : uid;
  return trimmed === '' ? uid : identity.tokenKey(trimmed);
}

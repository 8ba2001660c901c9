// What sloppy firmware does to well-formed messages, as data: a scenario file names the deviation, and every message of the station has it.

export interface Quirks {
  /** Values put into the messages of an action, by the path of their property, for example `chargingStation.serialNumber`. */
  readonly replace?: readonly Replacement[];
  /** Timestamps without their `Z`. */
  readonly zonelessTimestamps?: boolean;
  /** Numbers are sent as text. */
  readonly numbersAsText?: boolean;
  /** Message ids count from 1, anew on each connection, instead of being unique. */
  readonly countingMessageIds?: boolean;
  /** The Basic password is sent as the hexadecimal text of its bytes. */
  readonly hexadecimalPassword?: boolean;
}

export interface Replacement {
  readonly action: string;
  readonly path: string;
  /** Absent removes the property. */
  readonly value?: unknown;
}

const UTC_TIMESTAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

/** The payload as this firmware sends it; the original is left alone. */
export function withQuirks(action: string, payload: object, quirks: Quirks): object {
  const { zonelessTimestamps = false, numbersAsText = false, replace = [] } = quirks;
  let result = rewritten(payload, (value) => {
    if (zonelessTimestamps && typeof value === 'string' && UTC_TIMESTAMP.test(value)) return value.slice(0, -1);
    return numbersAsText && typeof value === 'number' ? String(value) : value;
  });
  for (const replacement of replace) {
    if (replacement.action === action) result = replaced(result, replacement.path.split('.'), replacement.value);
  }
  return Object(result);
}

function rewritten(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, leaf));
  if (typeof value !== 'object' || value === null) return leaf(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rewritten(item, leaf)]));
}

function replaced(value: unknown, [key, ...rest]: readonly string[], replacement: unknown): unknown {
  if (key === undefined) return replacement;
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? replaced(item, rest, replacement) : item));
  const fields = new Map(Object.entries(typeof value === 'object' && value !== null ? value : {}));
  return Object.fromEntries(fields.set(key, replaced(fields.get(key), rest, replacement)));
}

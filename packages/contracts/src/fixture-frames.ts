// Where frames name a transaction or a token, in every version of OCPP: what is masked in them, and what a replay puts other names into.
import type { FixtureFrame } from './session-fixture';

/** Each is given what the frame says, and returns what it is to say. */
export interface Names {
  token?: (uid: string) => string;
  transaction?: (transactionId: string) => string;
}

/** Fields of what a station sends in which a token can stand. */
export const TOKEN_FIELDS: ReadonlySet<string> = new Set(['idTag', 'parentIdTag', 'idToken', 'additionalIdToken']);

/** The transaction that the frame names; undefined for a start of OCPP 1.6, whose number is in the answer. */
export function transactionIn([, , , payload]: FixtureFrame): string | undefined {
  const { transactionId } = { ...payload, ...Object(payload.transactionInfo) } as { transactionId?: string | number };
  return transactionId === undefined ? undefined : String(transactionId);
}

export function renamed([type, id, action, payload]: FixtureFrame, names: Names): FixtureFrame {
  return [type, id, action, renamedPayload(payload, names)];
}

export function renamedPayload(payload: object, names: Names): Record<string, unknown> {
  return rename(payload, '', names) as Record<string, unknown>;
}

function rename(value: unknown, field: string, names: Names): unknown {
  if (Array.isArray(value)) return value.map((item) => rename(item, '', names));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, rename(item, name, names)]));
  }
  if (TOKEN_FIELDS.has(field) && typeof value === 'string' && value !== '') return names.token?.(value) ?? value;
  if (field !== 'transactionId' || (typeof value !== 'string' && typeof value !== 'number')) return value;
  const named = names.transaction?.(String(value)) ?? String(value);
  // OCPP 1.6 counts its transactions, OCPP 2.x names them.
  return typeof value === 'number' ? Number(named) : named;
}

// How a PATCH changes an object (OCPI 2.2.1 transport_and_format, PATCH): shallow, arrays are replaced whole, null removes an optional
// field. Only Session.charging_periods is appended to (OCPI 2.2.1 mod_sessions, PATCH).

type WireObject = Readonly<Record<string, unknown>>;

export function patched(object: WireObject, patch: WireObject, appended: readonly string[] = []): Record<string, unknown> {
  const result: Record<string, unknown> = { ...object };
  for (const [field, value] of Object.entries(patch)) {
    const before = result[field];
    if (value === null) delete result[field];
    else if (appended.includes(field) && Array.isArray(before) && Array.isArray(value)) result[field] = [...before, ...value];
    else result[field] = value;
  }
  return result;
}

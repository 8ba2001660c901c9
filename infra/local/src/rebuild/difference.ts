// Where two values differ that should be the same: the first place, in one line, for a person to look at.
import { isDeepStrictEqual } from 'node:util';

/** @returns the path of the first place where the two differ, with both values; undefined when they are equal. */
export function differenceBetween(derived: unknown, stored: unknown, path = ''): string | undefined {
  // What was stored has been through JSON, where an absent field and an undefined one are the same.
  const [a, b] = path === '' ? [plain(derived), plain(stored)] : [derived, stored];
  if (isDeepStrictEqual(a, b)) return undefined;
  if (isRecord(a) && isRecord(b)) {
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const where = differenceBetween(a[key], b[key], `${path}/${key}`);
      if (where !== undefined) return where;
    }
  }
  return `${path === '' ? 'the whole' : path}: derived ${shown(a)}, stored ${shown(b)}`;
}

function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

// A JSON value with one to three things changed in it: a field that is gone, of another type, too long, out of any range, or of a kind that no
// schema expects.
import type { Chance } from '@evenkeel/testkit';

type Json = unknown;
type Place = { holder: Record<string, Json> | Json[]; key: string | number };

const ODD: readonly [Json, ...Json[]] = [
  ...([null, '', ' ', '\u0000', '\ud800', 'x'.repeat(40), 'x'.repeat(3_000), '\u{1f600}', '-1', '1e400', 'true'] as [Json, ...Json[]]),
  ...[0, -1, 1.23456789, 1e308, -0.00001, Number.MAX_SAFE_INTEGER, true, false, [], {}, [[]], { a: { b: { c: [] } } }],
  ...[
    '2026-02-31T00:00:00Z',
    '0000-00-00T00:00:00Z',
    '9999-12-31T23:59:59.999999Z',
    '2026-03-01',
    'AVAILABLE',
    'US',
    'usa',
    '#NA',
    '__proto__',
  ],
];

export function mutated(value: Json, chance: Chance): Json {
  const root = { root: structuredClone(value) };
  for (let change = chance.integer(1, 3); change > 0; change--) {
    const all = placesIn(root);
    const [first, ...others] = all;
    if (!first) break;
    changeAt(chance.one([first, ...others]), chance);
  }
  return root.root;
}

function placesIn(holder: Record<string, Json> | Json[]): Place[] {
  const keys: (string | number)[] = Array.isArray(holder) ? [...holder.keys()] : Object.keys(holder);
  return keys.flatMap((key): Place[] => {
    const inside = (holder as Record<string | number, Json>)[key];
    const deeper = inside !== null && typeof inside === 'object' ? placesIn(inside as Record<string, Json>) : [];
    return [{ holder, key }, ...deeper];
  });
}

function changeAt({ holder, key }: Place, chance: Chance): void {
  const fields = holder as Record<string | number, Json>;
  const now = fields[key];
  if (chance.happens(0.25)) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete fields[key];
  } else if (Array.isArray(now) && chance.happens(0.5)) {
    fields[key] = [...now, ...now, ...now.slice(0, 1)];
  } else if (typeof now === 'string' && chance.happens(0.3)) {
    fields[key] = chance.one([now.toLowerCase(), now.toUpperCase(), `${now} `, now.repeat(4), now.slice(1)]);
  } else if (!Array.isArray(holder) && chance.happens(0.1)) {
    fields[chance.one(['color', '__proto__x', 'constructor', ''])] = chance.one(ODD);
  } else fields[key] = chance.one(ODD);
}

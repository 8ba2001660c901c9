// What a scenario means by "like this": the named properties have to be as given, others may be anything; `*` stands for any value.

/** The first place where it is not so, or undefined. */
export function difference(expected: unknown, actual: unknown, place = ''): string | undefined {
  if (expected === '*') return actual === undefined ? `${place || 'the value'} is missing` : undefined;
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${place || 'the value'} is no list but ${JSON.stringify(actual)}`;
    if (actual.length < expected.length) return `${place || 'the list'} has ${actual.length} items`;
    return firstOf(expected.map((item, index) => difference(item, actual[index], `${place}/${index}`)));
  }
  if (typeof expected === 'object' && expected !== null) {
    if (typeof actual !== 'object' || actual === null) return `${place || 'the value'} is no object but ${JSON.stringify(actual)}`;
    const fields = new Map(Object.entries(actual));
    return firstOf(Object.entries(expected).map(([key, value]) => difference(value, fields.get(key), `${place}/${key}`)));
  }
  return Object.is(expected, actual) ? undefined : `${place || 'the value'} is ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`;
}

/** Puts values in the place of texts that are a whole name, such as `$transaction:1`. */
export function filledIn(value: unknown, valueNamed: (name: string) => unknown): unknown {
  if (typeof value === 'string') return value.startsWith('$') ? valueNamed(value.slice(1)) : value;
  if (Array.isArray(value)) return value.map((item) => filledIn(item, valueNamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filledIn(item, valueNamed)]));
}

function firstOf(differences: ReadonlyArray<string | undefined>): string | undefined {
  return differences.find((each) => each !== undefined);
}

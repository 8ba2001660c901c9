// JSON can say U+0000 and halves of surrogate pairs, and PostgreSQL holds neither, in text or in jsonb. One of them in one stored event would
// stop every projection that reads it. So none gets in: U+FFFD stands for each, as Unicode has it for what cannot be represented.

/** `JSON.parse` for what comes from outside. @throws SyntaxError for what is no JSON. */
export function parseStorable(json: string): unknown {
  const value: unknown = JSON.parse(json);
  // JSON in UTF-8 can write them as escapes only, which are rare.
  return json.includes('\\u') ? storable(value) : value;
}

/** The same value with every text in it, names of properties included, fit to be stored. */
export function storable(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storable);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [storableText(name), storable(part)]));
}

function storableText(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

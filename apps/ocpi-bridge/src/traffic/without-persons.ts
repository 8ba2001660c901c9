// What may be written down of an exchange with a partner: nobody's card and nobody's contract, in no place.
const MASK = '[token]';
/** What pages a list (OCPI 2.2.1 transport_and_format, Pagination). */
const pagingParameters = ['date_from', 'date_to', 'offset', 'limit'];
/** Fields of an object that names somebody by a contract: a Token, a CdrToken, a CDR or Session of OCPI 2.1.1. */
const contractFields = ['contract_id', 'auth_id'];
const nameFields = ['uid', ...contractFields, 'visual_number', 'group_id'];
const LONGEST_PATH = 500;
const LONGEST_MESSAGE = 500;

/** @param url an address, or a path with its query. */
export function pathWithoutPersons(url: string): string {
  const [path = '', query] = pathAndQuery(url);
  const segments = path.split('/');
  const kept = new URLSearchParams();
  const parameters = new URLSearchParams(query);
  for (const name of pagingParameters) {
    const value = parameters.get(name);
    if (value !== null && /^[\w.:+-]{1,40}$/.test(value)) kept.set(name, value);
  }
  const masked = segments.map((segment, index) => (namesSomebody(segments, index) ? MASK : segment)).join('/');
  return (kept.size > 0 ? `${masked}?${kept}` : masked).slice(0, LONGEST_PATH);
}

/** The words in a request that say who somebody is. */
export function personsIn(url: string, body: unknown): string[] {
  const [path = ''] = pathAndQuery(url);
  const segments = path.split('/');
  const inPath = segments.filter((_, index) => namesSomebody(segments, index)).flatMap((segment) => [segment, decoded(segment)]);
  return [...new Set([...inPath, ...namesIn(body)])].filter((word) => word !== '');
}

/** A text without these words, in whatever case. */
export function textWithoutPersons(text: string, persons: readonly string[]): string {
  if (persons.length === 0) return text.slice(0, LONGEST_MESSAGE);
  // The longest first: a contract id may contain the uid.
  const pattern = [...persons]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');
  return text.replace(new RegExp(pattern, 'gi'), MASK).slice(0, LONGEST_MESSAGE);
}

/**
 * Below `tokens` everything does but the party of a Receiver path and the method of a Sender path: `tokens/{country}/{party}/{uid}` and
 * `tokens/{uid}/authorize` (OCPI 2.2.1 mod_tokens).
 */
function namesSomebody(segments: readonly string[], index: number): boolean {
  const tokens = segments.findIndex((segment) => segment.toLowerCase() === 'tokens');
  const below = segments.slice(tokens + 1).filter((segment) => segment !== '');
  const segment = segments[index] ?? '';
  if (tokens === -1 || index <= tokens || segment === '') return false;
  const place = index - tokens - 1;
  if (place === below.length - 1 && place > 0 && segment === 'authorize') return false;
  const [country = '', party = ''] = below;
  const isReceiverPath = below.length > 2 && /^[A-Za-z]{2}$/.test(country) && /^[A-Za-z0-9]{3}$/.test(party);
  return !(isReceiverPath && place < 2);
}

function namesIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(namesIn);
  if (typeof node !== 'object' || node === null) return [];
  const fields = node as Readonly<Record<string, unknown>>;
  const isSomebody = contractFields.some((name) => typeof fields[name] === 'string');
  const names = isSomebody ? nameFields.flatMap((name) => (typeof fields[name] === 'string' ? [fields[name]] : [])) : [];
  return [...names, ...Object.values(fields).flatMap(namesIn)];
}

function pathAndQuery(url: string): [path: string, query: string | undefined] {
  const [path = '', query] = url.replace(/^https?:\/\/[^/?]*/, '').split('?', 2);
  return [path === '' ? '/' : path, query];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // No encoding at all: it is what it says.
    return segment;
  }
}

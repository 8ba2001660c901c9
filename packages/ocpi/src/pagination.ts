// Paged lists (OCPI 2.2.1 transport_and_format, Pagination): the oldest first, a Link to the next page that carries all filters, the total
// and the server's maximum.
import { readDateTime } from './date-time';
import { OcpiProblem } from './status';

export interface PageQuery {
  /** Inclusive, on last_updated. */
  from?: string;
  /** Exclusive. */
  to?: string;
  offset: number;
  limit: number;
}

export interface PageLimits {
  usual: number;
  most: number;
}

type Parameters = Readonly<Record<string, unknown>>;

/** @throws OcpiProblem 2001 for a parameter that is not what it should be. A limit beyond the maximum is lowered, not refused. */
export function readPageQuery(parameters: Parameters, limits: PageLimits): PageQuery {
  const from = instantIn(parameters, 'date_from');
  const to = instantIn(parameters, 'date_to');
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    offset: wholeNumberIn(parameters, 'offset', 0) ?? 0,
    limit: Math.min(wholeNumberIn(parameters, 'limit', 1) ?? limits.usual, limits.most),
  };
}

/** @param url of the list, without parameters. */
export function pageHeaders(url: string, query: PageQuery, total: number, limits: PageLimits): Record<string, string> {
  const headers = { 'x-total-count': String(total), 'x-limit': String(limits.most) };
  if (query.offset + query.limit >= total) return headers;
  const next = new URL(url);
  if (query.from !== undefined) next.searchParams.set('date_from', query.from);
  if (query.to !== undefined) next.searchParams.set('date_to', query.to);
  next.searchParams.set('offset', String(query.offset + query.limit));
  next.searchParams.set('limit', String(query.limit));
  return { ...headers, link: `<${next.href}>; rel="next"` };
}

/**
 * The address of the next page, followed as it stands.
 * @throws OcpiProblem where it leads to another host than the list itself: our token must not travel there.
 */
export function nextPage(link: string | undefined, listUrl: string): string | undefined {
  const match = /<([^>]*)>\s*;[^,]*\brel="?next"?/i.exec(link ?? '');
  const target = match?.[1];
  if (target === undefined) return undefined;
  const next = new URL(target, listUrl);
  if (next.host !== new URL(listUrl).host) throw OcpiProblem.invalid(`the next page is on another host: ${next.host}`);
  return next.href;
}

function instantIn(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === '') return undefined;
  // An unescaped "+" of "+00:00" arrives as a space.
  const instant = typeof value === 'string' ? readDateTime(value.replace(' ', '+')) : undefined;
  if (instant === undefined) throw OcpiProblem.invalid(`${name} is not a DateTime`);
  return instant;
}

function wholeNumberIn(parameters: Parameters, name: string, least: number): number | undefined {
  const value = parameters[name];
  if (value === undefined || value === '') return undefined;
  const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least)) throw OcpiProblem.invalid(`${name} is not a whole number of at least ${least}`);
  return number;
}

// What a list of a partner is worth (OCPI 2.2.1 transport_and_format, Pagination), and the objects in it. Pure.
import { nextPage, OcpiProblem, readDateTime, type WireForms } from '@evenkeel/ocpi';
import { type Asked, dataOf, failed, fitOf, judgeEnvelope, passed, skipped, type Verdict, warning } from './judge-answer';

/** The same list, asked for in three ways. */
export interface ListAsked {
  /** The first objects. */
  first: Asked;
  /** One object at most. */
  one: Asked;
  /** From a day on that is far off. */
  future: Asked;
}

/** Findings that are told one by one; the others are counted. */
const MOST_TOLD = 5;

export const listChecks = {
  envelope: 'The list is answered in an envelope',
  paging: 'X-Total-Count and X-Limit say how long it is and what a page holds',
  link: 'A Link leads to the next page, at the same host, and repeats the filters; the last page has none',
  dates: 'From a day in the far future on, the list is empty',
  objects: 'The objects of the first page are as the version wants them',
} as const satisfies Record<string, string>;

export function judgeList(asked: ListAsked, forms: WireForms): Record<keyof typeof listChecks, Verdict> {
  const envelope = judgeListEnvelope(asked.first);
  if (envelope.outcome === 'failed') return { envelope, ...allSkipped('there is no list to look at') };
  return {
    envelope,
    paging: judgePaging(asked),
    link: judgeLink(asked.one),
    dates: judgeDates(asked.future),
    objects: judgeObjects(itemsOf(asked.first), forms),
  };
}

export function noList(why: string): Record<keyof typeof listChecks, Verdict> {
  return { envelope: skipped(why), ...allSkipped(why) };
}

function allSkipped(why: string) {
  return { paging: skipped(why), link: skipped(why), dates: skipped(why), objects: skipped(why) };
}

function judgeListEnvelope(asked: Asked): Verdict {
  const verdict = judgeEnvelope(asked);
  return verdict.outcome !== 'failed' && !Array.isArray(dataOf(asked)) ? failed('the data is no list') : verdict;
}

function judgePaging({ first, one }: ListAsked): Verdict {
  for (const [asked, limit] of [
    [first, undefined],
    [one, 1],
  ] as const) {
    const envelope = judgeListEnvelope(asked);
    if (envelope.outcome === 'failed') return failed(`with a limit: ${envelope.detail}`);
    const [total, most] = [numberIn(asked, 'x-total-count'), numberIn(asked, 'x-limit')];
    if (total === undefined) return failed('X-Total-Count is missing or no number');
    if (most === undefined) return failed('X-Limit is missing or no number');
    const { length } = itemsOf(asked);
    if (length > total) return failed(`X-Total-Count says ${total}, and there are ${length} objects`);
    if (length > (limit ?? most)) return failed(`there are ${length} objects where the limit is ${limit ?? most}`);
  }
  return passed('');
}

/** @param one of the list, with a limit of one object. */
function judgeLink(one: Asked): Verdict {
  if (one.exchange.kind === 'unreachable' || judgeListEnvelope(one).outcome === 'failed') return skipped('there is no page of one object');
  const { link } = one.exchange.headers;
  const read = linkIn([link].flat().join(', '), one.url);
  if (!read.ok) return failed(read.reason);
  const total = numberIn(one, 'x-total-count') ?? 0;
  const hasMore = total > itemsOf(one).length;
  if (read.next === undefined)
    return hasMore ? failed(`there are ${total} objects, and no Link leads from the first to the next`) : passed('there is one page');
  if (!hasMore) return failed('the last page has a Link to a next one');
  const [filters, repeated] = [new URL(one.url).searchParams, new URL(read.next).searchParams];
  // An unescaped "+" of "+00:00" is read as a space.
  const from = [filters, repeated].map((parameters) => readDateTime((parameters.get('date_from') ?? '').replace(' ', '+')));
  return from[0] === from[1] ? passed('') : failed('the Link to the next page does not repeat date_from');
}

function linkIn(link: string, listUrl: string): { ok: true; next: string | undefined } | { ok: false; reason: string } {
  try {
    return { ok: true, next: nextPage(link, listUrl) };
  } catch (error) {
    // Of another host, or no address at all.
    if (error instanceof OcpiProblem || error instanceof TypeError) return { ok: false, reason: error.message };
    throw error;
  }
}

function judgeDates(future: Asked): Verdict {
  const envelope = judgeListEnvelope(future);
  if (envelope.outcome === 'failed') return envelope;
  const { length } = itemsOf(future);
  if (length > 0) return failed(`${length} objects are said to be changed then`);
  const total = numberIn(future, 'x-total-count') ?? 0;
  return total === 0 ? passed('') : failed(`X-Total-Count says ${total}`);
}

/** Objects are told by their place in the list: an id may be the number of somebody's card. */
function judgeObjects(items: readonly unknown[], forms: WireForms): Verdict {
  if (items.length === 0) return skipped('the list is empty');
  const found = items.map((item, index) => ({ index, ...fitOf(forms, item) }));
  const unreadable = found.filter(({ outcome }) => outcome === 'failed');
  const unusual = found.filter(({ outcome }) => outcome === 'warning');
  if (unreadable.length > 0) return failed(inWords(unreadable));
  return unusual.length > 0 ? warning(inWords(unusual)) : passed(`${items.length} of ${items.length}`);
}

function inWords(found: readonly { index: number; detail: string }[]): string {
  const told = found.slice(0, MOST_TOLD).map(({ index, detail }) => `object ${index + 1}: ${detail}`);
  return [...told, ...(found.length > told.length ? [`and ${found.length - told.length} more`] : [])].join('; ');
}

function itemsOf(asked: Asked): unknown[] {
  const data = dataOf(asked);
  return Array.isArray(data) ? data : [];
}

function numberIn({ exchange }: Asked, name: 'x-total-count' | 'x-limit'): number | undefined {
  const value = exchange.kind === 'answered' ? exchange.headers[name] : undefined;
  return typeof value === 'string' && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}

// Derives the books again from the CDRs, purchases and drivers' bills: which number each CDR and bill has, and what each day of the journal says. The numbers follow the
// order in which the CDRs were stored; whoever numbers a CDR has seen to all that were stored before it.
import {
  type BookedCdr,
  cdrBookCodec,
  cdrBookStreamPrefix,
  cdrStreamPrefix,
  driverBillBookStreamPrefix,
  driverBillStreamPrefix,
  entryFor,
  journal,
  journalCodec,
  journalStream,
  journalStreamPrefix,
  type PostedEntry,
  purchaseStreamPrefix,
  toNumberOf,
} from '@evenkeel/billing';
import type { StoredEvent } from '@evenkeel/event-store';
import { Decimal } from '@evenkeel/money';
import { differenceBetween } from './difference';

const numberStreamPrefixes = [cdrBookStreamPrefix, driverBillBookStreamPrefix];
const causeStreamPrefixes = [cdrStreamPrefix, purchaseStreamPrefix, driverBillStreamPrefix];
export const booksStreamPrefixes = [...numberStreamPrefixes, journalStreamPrefix];

export interface ComparedBooks {
  numbers: number;
  entries: number;
  /** The first of each party's numbers, and of each day of a journal. */
  differences: string[];
}

/** Of one stream of the books: what must be in it, and what is. */
interface Book {
  derived: BookedCdr[];
  stored: StoredEvent[];
}

interface Day {
  /** By cause: kind and reference. */
  derived: Map<string, PostedEntry>;
  stored: StoredEvent[];
}

export class BooksDerivation {
  private readonly books = new Map<string, Book>();
  private readonly days = new Map<string, Day>();

  /** @param stored of any stream, in the store's own order. */
  take(stored: StoredEvent): void {
    const { stream } = stored;
    const isOneOf = (prefixes: readonly string[]) => prefixes.some((prefix) => stream.startsWith(prefix));
    if (isOneOf(numberStreamPrefixes)) this.bookOf(stream).stored.push(stored);
    else if (stream.startsWith(journalStreamPrefix)) this.dayOf(stream).stored.push(stored);
    else if (isOneOf(causeStreamPrefixes)) this.derive(stored);
  }

  compare(): ComparedBooks {
    const differences: string[] = [];
    let [numbers, entries] = [0, 0];
    for (const [stream, { derived, stored }] of this.books) {
      numbers += derived.length;
      const difference = differenceInNumbers(derived, stored);
      if (difference !== undefined) differences.push(`${stream}: ${difference}`);
    }
    for (const [stream, { derived, stored }] of this.days) {
      entries += derived.size;
      const difference = differenceInDay(derived, stored);
      if (difference !== undefined) differences.push(`${stream}: ${difference}`);
    }
    return { numbers, entries, differences };
  }

  private derive(stored: StoredEvent): void {
    for (const { book, cdrId, issuedAt } of toNumberOf(stored)) this.bookOf(book).derived.push({ cdrId, issuedAt });
    const entry = postedFor(stored);
    if (entry) this.dayOf(journalStream(entry)).derived.set(causeOf(entry), entry);
  }

  private bookOf(stream: string): Book {
    const book = this.books.get(stream) ?? { derived: [], stored: [] };
    this.books.set(stream, book);
    return book;
  }

  private dayOf(stream: string): Day {
    const day = this.days.get(stream) ?? { derived: new Map(), stored: [] };
    this.days.set(stream, day);
    return day;
  }
}

function postedFor(stored: StoredEvent): PostedEntry | undefined {
  try {
    const entry = entryFor(stored);
    const decision = entry && journal.decide(journal.initial(), entry);
    return decision?.accepted ? decision.events[0]?.data : undefined;
  } catch (error) {
    // No entry can be made of it; the journal goes on without it, and says so where it happens.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function differenceInNumbers(derived: readonly BookedCdr[], stored: readonly StoredEvent[]): string | undefined {
  let last = 0;
  for (const event of stored.map((one) => ({ ...cdrBookCodec.decode(one), id: one.id }))) {
    if (event.type === 'CdrBookCarriedForward') {
      const { latest } = event.data;
      const where = differenceBetween(carriedForward(derived.slice(0, last), latest.length), event.data);
      if (where !== undefined) return `what is carried forward behind number ${last} (event ${event.id}) differs at ${where}`;
      continue;
    }
    const { first, cdrs } = event.data;
    if (first !== last + 1) return `number ${first} (event ${event.id}) follows number ${last}`;
    for (const cdr of cdrs) {
      const where = differenceBetween(derived[last], cdr);
      last += 1;
      if (where !== undefined) return `number ${last} (event ${event.id}) differs at ${where}`;
    }
  }
  const next = derived[last];
  return next && `CDR or bill ${next.cdrId} has no number: number ${last} is the last of ${derived.length}`;
}

/** As many of the latest as a book keeps is its own affair. */
function carriedForward(numbered: readonly BookedCdr[], kept: number) {
  const forgotten = numbered.slice(0, numbered.length - kept).map(({ issuedAt }) => issuedAt);
  const [forgottenThrough = ''] = forgotten.sort().reverse();
  return { last: numbered.length, latest: numbered.slice(numbered.length - kept), forgottenThrough };
}

function differenceInDay(derived: ReadonlyMap<string, PostedEntry>, stored: readonly StoredEvent[]): string | undefined {
  const left = new Map(derived);
  for (const event of stored) {
    const entry = journalCodec.decode(event).data;
    const cause = causeOf(entry);
    const place = `the entry of ${cause} (event ${event.id})`;
    // What follows from payments has its cause elsewhere; that it balances is known here.
    if (!derivedKinds.includes(entry.kind)) {
      if (!balances(entry)) return `${place} does not balance`;
      continue;
    }
    const expected = left.get(cause);
    if (expected === undefined) return `${place} has no cause, or is not its first`;
    left.delete(cause);
    const where = differenceBetween(expected, entry);
    if (where !== undefined) return `${place} differs at ${where}`;
  }
  const [missing] = left.keys();
  return missing === undefined ? undefined : `there is no entry of ${missing}`;
}

const derivedKinds: readonly PostedEntry['kind'][] = ['claim', 'credit', 'purchase'];

function causeOf({ kind, reference }: PostedEntry): string {
  return `${kind} ${reference}`;
}

function balances({ postings }: PostedEntry): boolean {
  const sums = new Map<string, Decimal>();
  for (const { amount, currency } of postings) sums.set(currency, (sums.get(currency) ?? Decimal.ZERO).add(Decimal.parse(amount)));
  return [...sums.values()].every((sum) => sum.isZero);
}

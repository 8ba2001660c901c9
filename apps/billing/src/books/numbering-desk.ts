// Takes CDRs and drivers' bills to the book of their party, where they get their numbers.
// Next: apps/billing/src/numbering/cdr-book.ts
import { type EventStore, type Sealer, StreamHandler } from '@evenkeel/event-store';
import { type CdrBookEvent, type CdrBookRejection, type CdrBookState, cdrBook, cdrBookCodec, type NumberCdrs } from '../numbering/cdr-book';
import type { ToNumber } from '../numbering/numbered';

export interface NumberingOptions {
  store: EventStore;
  /** Chained, because the ids of events must hold their content here: two pods may number other CDRs for one and the same cause. */
  sealer: Pick<Sealer, 'append'>;
  decider?: typeof cdrBook;
}

export class NumberingDesk {
  private readonly books: StreamHandler<CdrBookState, NumberCdrs, CdrBookEvent, CdrBookRejection>;
  /** Whole books, while a follower comes from far behind. */
  private readonly whole = new Map<string, { revision: number; cdrIds: Set<string> }>();

  constructor(private readonly options: NumberingOptions) {
    const { store, sealer, decider = cdrBook } = options;
    this.books = new StreamHandler({ store, sealer, decider, codec: cdrBookCodec, carriedForwardBy: 'CdrBookCarriedForward' });
  }

  /**
   * Resolves when each of them has a number. All of a book go to it as one command: were they several, a later one could be stored where an
   * earlier one failed.
   * @param cause id of the event of the last one.
   * @throws StoreUnavailable; nothing is numbered twice when it is tried again.
   */
  async number(issued: readonly ToNumber[], cause: string): Promise<void> {
    const byBook = new Map<string, ToNumber[]>();
    for (const one of issued) byBook.set(one.book, [...(byBook.get(one.book) ?? []), one]);
    await Promise.all([...byBook].map(([book, of]) => this.numberIn(book, of, cause)));
  }

  private async numberIn(stream: string, cdrs: readonly ToNumber[], cause: string): Promise<void> {
    const handled = await this.books.handle(stream, { cdrs }, { cause });
    if (handled.accepted) {
      this.whole.delete(stream);
      return;
    }
    const known = await this.wholeBook(stream);
    await this.books.handle(stream, { cdrs, known }, { cause });
  }

  /** What others number meanwhile is among the latest. */
  private async wholeBook(stream: string): Promise<ReadonlySet<string>> {
    const book = this.whole.get(stream) ?? { revision: -1, cdrIds: new Set<string>() };
    for (const stored of await this.options.store.read(stream, book.revision + 1)) {
      const event = cdrBookCodec.decode(stored);
      if (event.type === 'CdrsNumbered') for (const { cdrId } of event.data.cdrs) book.cdrIds.add(cdrId);
      book.revision = stored.revision;
    }
    this.whole.set(stream, book);
    return book.cdrIds;
  }
}

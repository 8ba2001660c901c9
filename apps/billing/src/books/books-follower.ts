// Keeps the books in step with what billing has stored: it follows the CDRs and, after a crash, makes up for what is missing. It is a relay
// that says what it hears to our own books: its checkpoint is fenced in the same way, and what comes again after it changes nothing there.
// Next: apps/billing/src/books/numbering-desk.ts
import type { Cdr } from '@evenkeel/contracts';
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import { cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';
import type { NumberingDesk } from './numbering-desk';

export interface Books {
  numbering: NumberingDesk;
}

const followed = { streamPrefixes: [cdrStreamPrefix], eventTypes: ['CdrIssued', 'CdrCredited'] };

export function booksFollower(store: EventStore, books: Books, onFailure: (error: unknown) => void): Relay {
  return new Relay({ store, name: 'billing-books', ...followed, say: (events) => keepBooks(books, events), onFailure });
}

/** Resolves when the books hold the events. What they hold already changes nothing. */
async function keepBooks({ numbering }: Books, events: readonly StoredEvent[]): Promise<void> {
  await numbering.number(events.flatMap(cdrIn), events.at(-1)?.id ?? '');
}

function cdrIn(stored: StoredEvent): Cdr[] {
  const event = cdrCodec.decode(stored);
  return event.type === 'CdrIssued' || event.type === 'CdrCredited' ? [event.data.cdr] : [];
}

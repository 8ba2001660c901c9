// Keeps the books in step with what billing has stored: it follows the CDRs, purchases and drivers' bills and, after a crash, makes up for what
// is missing. It is a relay that says what it hears to our own books: its checkpoint is fenced in the same way, and what comes again after it
// changes nothing there.
// Next: apps/billing/src/books/journal-desk.ts
import { type EventStore, Relay, type StoredEvent } from '@evenkeel/event-store';
import { cdrStreamPrefix } from '../cdr/cdr-events';
import { driverBillStreamPrefix } from '../driver-bill/driver-bill';
import { toNumberOf } from '../numbering/numbered';
import { purchaseStreamPrefix } from '../purchase/purchase';
import type { JournalDesk } from './journal-desk';
import type { NumberingDesk } from './numbering-desk';

export interface Books {
  numbering: NumberingDesk;
  journal: JournalDesk;
}

export function booksFollower(store: EventStore, books: Books, onFailure: (error: unknown) => void): Relay {
  return new Relay({ store, name: 'billing-books', ...followed, say: (events) => keepBooks(books, events), onFailure });
}

const followed = {
  streamPrefixes: [cdrStreamPrefix, purchaseStreamPrefix, driverBillStreamPrefix],
  eventTypes: ['CdrIssued', 'CdrCredited', 'PartnerCdrBooked', 'DriverBillIssued', 'DriverBillCredited'],
};

/** Resolves when the books hold the events. What they hold already changes nothing. */
export async function keepBooks({ numbering, journal }: Books, events: readonly StoredEvent[]): Promise<void> {
  await Promise.all([numbering.number(events.flatMap(toNumberOf), events.at(-1)?.id ?? ''), journal.post(events)]);
}

// Which entry a stored event of billing's brings into the journal.
// Next: apps/billing/src/journal/claim-entry.ts
import type { StoredEvent } from '@evenkeel/event-store';
import { cdrCodec } from '../cdr/cdr-events';
import { claimOf, driverBillCodec, driverBillStreamPrefix } from '../driver-bill/driver-bill';
import { purchaseCodec, purchaseStreamPrefix } from '../purchase/purchase';
import { claimEntry } from './claim-entry';
import type { JournalEntry } from './journal';
import { purchaseEntry } from './purchase-entry';

/** @returns undefined for what moves no money. @throws RangeError for an amount or a currency that cannot be. */
export function entryFor(stored: StoredEvent): JournalEntry | undefined {
  if (stored.stream.startsWith(purchaseStreamPrefix)) {
    const { cdr, bookedAt } = purchaseCodec.decode(stored).data;
    return purchaseEntry(cdr, stored.stream.slice(purchaseStreamPrefix.length), bookedAt);
  }
  if (stored.stream.startsWith(driverBillStreamPrefix)) {
    const event = driverBillCodec.decode(stored);
    return event.type === 'DriverBillIssued' || event.type === 'DriverBillCredited' ? claimEntry(claimOf(event.data.bill)) : undefined;
  }
  const event = cdrCodec.decode(stored);
  return event.type === 'CdrIssued' || event.type === 'CdrCredited' ? claimEntry(event.data.cdr) : undefined;
}

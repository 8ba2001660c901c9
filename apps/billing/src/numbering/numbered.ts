// What of billing's events gets a number, and in which book: CDRs and drivers' bills of a party are counted apart, credits with what they take back.
import type { PartyKey } from '@evenkeel/contracts';
import type { StoredEvent } from '@evenkeel/event-store';
import { cdrCodec, cdrStreamPrefix } from '../cdr/cdr-events';
import { driverBillBookStreamPrefix, driverBillCodec, driverBillStreamPrefix } from '../driver-bill/driver-bill';
import { type BookedCdr, cdrBookCodec, cdrBookStream } from './cdr-book';

/** As a row. `cdr_id`: of the CDR, or of the bill. */
export interface GivenNumber {
  cdr_id: string;
  number: number;
}

export interface ToNumber extends BookedCdr {
  /** The stream of its book. */
  book: string;
}

export function toNumberOf(stored: StoredEvent): ToNumber[] {
  if (stored.stream.startsWith(driverBillStreamPrefix)) {
    const event = driverBillCodec.decode(stored);
    if (event.type !== 'DriverBillIssued' && event.type !== 'DriverBillCredited') return [];
    const { party, billId, issuedAt } = event.data.bill;
    return [{ book: driverBillBookStream(party), cdrId: billId, issuedAt }];
  }
  if (!stored.stream.startsWith(cdrStreamPrefix)) return [];
  const event = cdrCodec.decode(stored);
  if (event.type !== 'CdrIssued' && event.type !== 'CdrCredited') return [];
  const { party, cdrId, issuedAt } = event.data.cdr;
  return [{ book: cdrBookStream(party), cdrId, issuedAt }];
}

function driverBillBookStream(party: PartyKey): string {
  return `${driverBillBookStreamPrefix}${party}`;
}

/** @returns the numbers that an event of a book below the prefix gives, as rows; none for every other event. */
export function numbersIn(stored: StoredEvent, bookPrefix: string): GivenNumber[] {
  if (!stored.stream.startsWith(bookPrefix)) return [];
  const event = cdrBookCodec.decode(stored);
  if (event.type !== 'CdrsNumbered') return [];
  return event.data.cdrs.map(({ cdrId }, index) => ({ cdr_id: cdrId, number: event.data.first + index }));
}

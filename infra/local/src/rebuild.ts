// Derives every session, every CDR, every driver's bill and the books again from the streams and compares it with what was stored and billed. A difference means that a
// stored event was changed behind the system's back, or that this version of the program would decide differently: both are for a person
// to look at before any money moves.
import {
  type BoughtCdr,
  billIdOf,
  type CdrEvent,
  cdrCodec,
  cdrStreamPrefix,
  creditOf,
  creditOfBill,
  draftBill,
  draftCdr,
  driverBillCodec,
  driverBillStreamPrefix,
  purchase,
  purchaseCodec,
  purchaseStreamPrefix,
} from '@evenkeel/billing';
import type { Cdr, DriverBill, SessionSnapshot } from '@evenkeel/contracts';
import type { EventStore, StoredEvent } from '@evenkeel/event-store';
import { session, sessionCodec, sessionStreamPrefix, snapshotOf } from '@evenkeel/session-ledger';
import { BooksDerivation, booksStreamPrefixes } from './rebuild/books';
import { differenceBetween } from './rebuild/difference';

export interface Rebuilt {
  sessions: number;
  /** Issued ones, those of partners, and drivers' bills. */
  cdrs: number;
  /** CDRs and bills that have a number, and entries of the journal. */
  numbers: number;
  entries: number;
  /** One line each: which session or CDR, at which event, and where it differs; of a party's numbers and of a day of its journal, the first. */
  differences: string[];
}

interface DerivedSession {
  /** Snapshots by the revision of the event that holds them. */
  snapshots: Map<number, SessionSnapshot>;
  /** The last completed or amended one: what must have been billed. */
  final?: SessionSnapshot;
}

const streamPrefixes = [sessionStreamPrefix, cdrStreamPrefix, purchaseStreamPrefix, driverBillStreamPrefix];

export async function rebuild(store: EventStore): Promise<Rebuilt> {
  const streams = new Map<string, StoredEvent[]>();
  const books = new BooksDerivation();
  await store.readAll([...streamPrefixes, ...booksStreamPrefixes], async (events) => {
    for (const event of events) {
      books.take(event);
      if (booksStreamPrefixes.some((prefix) => event.stream.startsWith(prefix))) continue;
      const known = streams.get(event.stream);
      if (known) known.push(event);
      else streams.set(event.stream, [event]);
    }
  });
  const { numbers, entries, differences } = books.compare();
  const result: Rebuilt = { sessions: 0, cdrs: 0, numbers, entries, differences: [] };
  const sessions = new Map<string, DerivedSession>();
  for (const [stream, events] of streams) {
    if (!stream.startsWith(sessionStreamPrefix)) continue;
    sessions.set(stream.slice(sessionStreamPrefix.length), deriveSession(stream, events, result.differences));
    result.sessions += 1;
  }
  for (const [sessionId, derived] of sessions) {
    const events = streams.get(`${cdrStreamPrefix}${sessionId}`) ?? [];
    result.cdrs += compareCdrs(sessionId, derived, events, result.differences);
  }
  const bought = boughtIn(streams);
  for (const [stream, events] of streams) {
    if (stream.startsWith(driverBillStreamPrefix)) result.cdrs += compareBills(stream, events, bought, result.differences);
    if (stream.startsWith(cdrStreamPrefix) && !sessions.has(stream.slice(cdrStreamPrefix.length))) {
      result.differences.push(`${stream}: there is a CDR but no session`);
    }
    if (stream.startsWith(purchaseStreamPrefix)) result.cdrs += comparePurchase(stream, events, result.differences);
  }
  result.differences.push(...differences);
  return result;
}

function deriveSession(stream: string, events: readonly StoredEvent[], differences: string[]): DerivedSession {
  const derived: DerivedSession = { snapshots: new Map() };
  let state = session.initial();
  for (const stored of events) {
    const event = sessionCodec.decode(stored);
    if ('session' in event.data) {
      const snapshot = snapshotOf(state, event.data.session.terms);
      const where = differenceBetween(snapshot, event.data.session);
      if (where !== undefined)
        differences.push(`session ${stream.slice(sessionStreamPrefix.length)}: ${event.type} (event ${stored.id}) differs at ${where}`);
      if (snapshot) derived.snapshots.set(stored.revision, snapshot);
      const isForBilling = event.type === 'SessionCompleted' || event.type === 'SessionAmended' || event.type === 'SessionDenied';
      if (snapshot && isForBilling) derived.final = snapshot;
    }
    state = session.evolve(state, event, stored.revision);
  }
  return derived;
}

function compareCdrs(sessionId: string, derived: DerivedSession, events: readonly StoredEvent[], differences: string[]): number {
  let standing: Cdr | undefined;
  let issued = 0;
  let looked = -1;
  for (const stored of events) {
    const event: CdrEvent = cdrCodec.decode(stored);
    if (event.type === 'CdrIssued') {
      issued += 1;
      compareIssued(event.data, issued, derived, stored, differences);
      standing = event.data.cdr;
      looked = standing.sessionRevision;
    } else if (event.type === 'CdrCredited') {
      const expected = standing && creditOf(standing, event.data.cdr.issuedAt);
      const where = differenceBetween(expected, event.data.cdr);
      if (where !== undefined) differences.push(`credit CDR ${event.data.cdr.cdrId} (event ${stored.id}) differs at ${where}`);
      standing = undefined;
    } else if (event.type === 'SessionNotBilled') looked = event.data.sessionRevision;
  }
  if (derived.final && looked !== derived.final.revision) {
    differences.push(`session ${sessionId}: completed at revision ${derived.final.revision}, billed at ${looked === -1 ? 'none' : looked}`);
  }
  return issued;
}

function compareIssued(
  { cdr, policy }: Extract<CdrEvent, { type: 'CdrIssued' }>['data'],
  version: number,
  { snapshots }: DerivedSession,
  stored: StoredEvent,
  differences: string[],
): void {
  const snapshot = snapshots.get(cdr.sessionRevision);
  const expected = snapshot && draftCdr({ session: snapshot, policy, version, issuedAt: cdr.issuedAt });
  const where = differenceBetween(expected, cdr);
  if (where !== undefined) differences.push(`CDR ${cdr.cdrId} (event ${stored.id}) differs at ${where}`);
}

function comparePurchase(stream: string, events: readonly StoredEvent[], differences: string[]): number {
  for (const stored of events) {
    const { data } = purchaseCodec.decode(stored);
    const decision = purchase.decide({ booked: false }, { cdr: data.cdr, bookedAt: data.bookedAt });
    const where = decision.accepted ? differenceBetween(decision.events[0]?.data, data) : 'the whole';
    if (where !== undefined) differences.push(`partner CDR ${data.cdr.cdrId} in ${stream} (event ${stored.id}) differs at ${where}`);
  }
  return events.length;
}

/** The partners' CDRs for drivers of ours, by the bill that each of them has or would have. */
function boughtIn(streams: ReadonlyMap<string, readonly StoredEvent[]>): Map<string, BoughtCdr> {
  const events = [...streams].flatMap(([stream, of]) => (stream.startsWith(purchaseStreamPrefix) ? of : []));
  return new Map(
    events.flatMap((stored): [string, BoughtCdr][] => {
      const { buyer, ...cdr } = purchaseCodec.decode(stored).data.cdr;
      return buyer === undefined ? [] : [[billIdOf(cdr), { ...cdr, buyer }]];
    }),
  );
}

/** By the tariff that the bill snapshots: which one was chosen is said by people, and not derived. */
function compareBills(
  stream: string,
  events: readonly StoredEvent[],
  bought: ReadonlyMap<string, BoughtCdr>,
  differences: string[],
): number {
  const cdr = bought.get(stream.slice(driverBillStreamPrefix.length));
  let standing: DriverBill | undefined;
  let bills = 0;
  for (const stored of events) {
    const event = driverBillCodec.decode(stored);
    if (event.type !== 'DriverBillIssued' && event.type !== 'DriverBillCredited') continue;
    const { bill } = event.data;
    const { tariff, issuedAt, partnerCdr } = bill;
    const expected =
      event.type === 'DriverBillIssued'
        ? cdr && draftBill({ cdr, tariff, policy: event.data.policy, issuedAt })
        : standing && creditOfBill(standing, partnerCdr, issuedAt);
    const where = differenceBetween(expected, bill);
    if (where !== undefined) differences.push(`driver's bill ${bill.billId} (event ${stored.id}) differs at ${where}`);
    standing = bill;
    bills += 1;
  }
  return bills;
}

// The decider of a party's book of CDRs: each CDR and each credit CDR that was issued gets the next number, from 1, without a gap and none
// twice. The numbers follow what the streams of the CDRs hold and never lead it: issuing a CDR waits for nobody, and what a crash has left
// without a number gets the next one when it is seen again.
//
// The bills of its own drivers for partners' CDRs have another book, which is kept in the same way.
//
// A CDR is known by its id. The book remembers the ids of its latest pages, and when the newest of the forgotten ones was issued: a CDR that
// is younger cannot be among them. For an older one the whole book must be read (`known`), which happens only after a follower has lost its
// place.
// Next: apps/billing/src/books/numbering-desk.ts
import type { PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';

export interface BookedCdr {
  cdrId: string;
  /** RFC 3339 UTC. */
  issuedAt: string;
}

export type CdrBookEvent =
  /** The first of them has the number `first`, each following one the next. */
  | { type: 'CdrsNumbered'; data: { first: number; cdrs: readonly BookedCdr[] } }
  /** All that is needed to go on: the last number, and the CDRs that have the latest ones. */
  | { type: 'CdrBookCarriedForward'; data: { last: number; latest: readonly BookedCdr[]; forgottenThrough: string } };

export interface CdrBookState {
  last: number;
  /** Numbers of the latest CDRs, in the order of the numbers. */
  latest: Map<string, { number: number; issuedAt: string }>;
  /** When the newest CDR was issued that is not among the latest any more; undefined while all are. */
  forgottenThrough?: string;
}

export interface NumberCdrs {
  /** In the order in which they are to be numbered; those that have a number keep it. */
  cdrs: readonly BookedCdr[];
  /** Ids in the whole book, read for CDRs that may be among the forgotten ones. */
  known?: ReadonlySet<string>;
}

/** At least one of the CDRs is so old that the latest pages do not tell whether it has a number. */
export type CdrBookRejection = 'older-than-remembered';

export interface CdrBookLimits {
  /** CDRs in memory at which the older ones are forgotten, and how many are kept then. */
  fullAt: number;
  keep: number;
}

/** What is kept leaves as one event, of about 400 KB: EventStoreDB takes a megabyte at once. */
const LIMITS: CdrBookLimits = { fullAt: 20_000, keep: 5_000 };

export function cdrBookWith({ fullAt, keep }: CdrBookLimits): Decider<CdrBookState, NumberCdrs, CdrBookEvent, CdrBookRejection> {
  return {
    initial: () => ({ last: 0, latest: new Map() }),
    evolve: (state, event) => {
      if (event.type === 'CdrBookCarriedForward') return carriedForward(event.data);
      const { first, cdrs } = event.data;
      for (const [index, { cdrId, issuedAt }] of cdrs.entries()) state.latest.set(cdrId, { number: first + index, issuedAt });
      state.last = first + cdrs.length - 1;
      return state;
    },
    decide: (state, { cdrs, known }) => {
      const unseen = [...new Map(cdrs.map((cdr) => [cdr.cdrId, cdr])).values()].filter(({ cdrId }) => !state.latest.has(cdrId));
      if (known === undefined && unseen.some((cdr) => mayBeForgotten(state, cdr))) return reject('older-than-remembered');
      const fresh = unseen.filter(({ cdrId }) => known?.has(cdrId) !== true);
      if (fresh.length === 0) return accept();
      const numbered: CdrBookEvent = { type: 'CdrsNumbered', data: { first: state.last + 1, cdrs: fresh.map(bookedOf) } };
      if (state.latest.size + fresh.length < fullAt) return accept(numbered);
      return accept<CdrBookEvent>(numbered, carryForward(state, fresh, keep));
    },
  };
}

export const cdrBook = cdrBookWith(LIMITS);

export const cdrBookCodec: Codec<CdrBookEvent> = codecOf<CdrBookEvent>({ CdrsNumbered: [], CdrBookCarriedForward: [] });

/** Not below the prefix of the CDRs' own streams, whose readers expect CDRs. */
export const cdrBookStreamPrefix = 'cdrbook-';

export function cdrBookStream(party: PartyKey): string {
  return `${cdrBookStreamPrefix}${party}`;
}

/** RFC 3339 in UTC with milliseconds compares as text. */
function mayBeForgotten({ forgottenThrough }: CdrBookState, { issuedAt }: BookedCdr): boolean {
  return forgottenThrough !== undefined && issuedAt <= forgottenThrough;
}

function carryForward(state: CdrBookState, fresh: readonly BookedCdr[], keep: number): CdrBookEvent {
  const all = [...[...state.latest].map(([cdrId, { issuedAt }]) => ({ cdrId, issuedAt })), ...fresh.map(bookedOf)];
  const forgotten = all.slice(0, -keep);
  const [forgottenThrough = ''] = [state.forgottenThrough ?? '', ...forgotten.map(({ issuedAt }) => issuedAt)].sort().reverse();
  return { type: 'CdrBookCarriedForward', data: { last: state.last + fresh.length, latest: all.slice(-keep), forgottenThrough } };
}

function carriedForward({
  last,
  latest,
  forgottenThrough,
}: Extract<CdrBookEvent, { type: 'CdrBookCarriedForward' }>['data']): CdrBookState {
  const first = last - latest.length + 1;
  return {
    last,
    latest: new Map(latest.map(({ cdrId, issuedAt }, index) => [cdrId, { number: first + index, issuedAt }])),
    forgottenThrough,
  };
}

function bookedOf({ cdrId, issuedAt }: BookedCdr): BookedCdr {
  return { cdrId, issuedAt };
}

// The decider of a day of a party's journal: every movement of money is an entry of postings that balance, and each cause has one entry,
// however often it comes. An entry that does not balance cannot be written.
//
// A stream holds one day: a cause belongs to the day that its own content names, so that a repetition always meets its entry, and what must
// be remembered and read again stays small.
// Next: apps/billing/src/journal/claim-entry.ts
import type { PartyKey } from '@evenkeel/contracts';
import { accept, type Decider, reject } from '@evenkeel/decider';
import { type Codec, codecOf } from '@evenkeel/event-store';
import { condensed, isBalanced, type Posting } from './posting';

export type EntryKind = 'claim' | 'credit' | 'purchase' | 'hold' | 'capture' | 'release' | 'refund' | 'fee';

export interface JournalEntry {
  party: PartyKey;
  kind: EntryKind;
  /** What is behind it: the CDR's id, or that of the payment. With the kind it is the cause, which has one entry. */
  reference: string;
  /** When the money moved, by the cause's own account. RFC 3339 UTC. */
  at: string;
  postings: readonly Posting[];
}

/** As stored: amounts as text, positive for a debit. */
export interface PostedEntry extends Omit<JournalEntry, 'postings'> {
  postings: readonly { account: string; amount: string; currency: string }[];
}

export type JournalEvent = { type: 'EntryPosted'; data: PostedEntry };
export type JournalRejection = 'not-balanced';

export interface JournalState {
  causes: Set<string>;
}

export const journal: Decider<JournalState, JournalEntry, JournalEvent, JournalRejection> = {
  initial: () => ({ causes: new Set() }),
  evolve: (state, event) => {
    state.causes.add(causeOf(event.data));
    return state;
  },
  decide: (state, { party, kind, reference, at, postings }) => {
    if (state.causes.has(causeOf({ kind, reference }))) return accept();
    if (!isBalanced(postings)) return reject('not-balanced');
    // Over nothing, nothing moves; the entry says that the cause was looked at.
    const written = condensed(postings).map(({ account, amount }) => ({ account, ...amount.toJSON() }));
    return accept<JournalEvent>({ type: 'EntryPosted', data: { party, kind, reference, at, postings: written } });
  },
};

export const journalCodec: Codec<JournalEvent> = codecOf<JournalEvent>({ EntryPosted: [] });

export const journalStreamPrefix = 'journal-';

export function journalStream({ party, at }: Pick<JournalEntry, 'party' | 'at'>): string {
  return `${journalStreamPrefix}${party}-${at.slice(0, 'yyyy-mm-dd'.length)}`;
}

function causeOf({ kind, reference }: Pick<JournalEntry, 'kind' | 'reference'>): string {
  return `${kind} ${reference}`;
}

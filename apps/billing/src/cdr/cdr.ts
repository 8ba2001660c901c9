// The decider of a session's bill: a completed session is billed once, however often its message comes; an amended one is billed anew
// after the old CDR has been credited. A CDR is never edited.
// Next: apps/billing/src/announce/cdr-announcer.ts
import type { Cdr, SessionSnapshot } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import type { BillingPolicy, CdrEvent, NotBilledReason } from './cdr-events';
import { creditOf, draftCdr } from './draft-cdr';

export interface CdrState {
  /** The CDR that stands; undefined before the first and after nothing is owed any more. */
  standing?: Cdr;
  /** CDRs issued so far, credits not counted. */
  issued: number;
  /** Revision of the session that was looked at last: an older one says nothing new. */
  sessionRevision: number;
}

export interface BillSession {
  session: SessionSnapshot;
  policy: BillingPolicy;
  issuedAt: string;
}

export const cdr: Decider<CdrState, BillSession, CdrEvent> = {
  initial: () => ({ issued: 0, sessionRevision: -1 }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'CdrIssued':
        return { standing: event.data.cdr, issued: state.issued + 1, sessionRevision: event.data.cdr.sessionRevision };
      case 'CdrCredited':
        return { issued: state.issued, sessionRevision: state.sessionRevision };
      case 'SessionNotBilled':
        return { ...state, sessionRevision: event.data.sessionRevision };
    }
  },
  decide: (state, { session, policy, issuedAt }) => {
    if (session.revision <= state.sessionRevision) return accept();
    const credit = state.standing ? [{ type: 'CdrCredited', data: { cdr: creditOf(state.standing, issuedAt) } } as const] : [];
    const reason = reasonNotToBill(session);
    if (reason !== undefined) {
      const data = { sessionId: session.sessionId, sessionRevision: session.revision, reason };
      return accept<CdrEvent>(...credit, { type: 'SessionNotBilled', data });
    }
    const drafted = draftCdr({ session, policy, version: state.issued + 1, issuedAt });
    return accept<CdrEvent>(...credit, { type: 'CdrIssued', data: { cdr: drafted, policy } });
  },
};

/** Nobody to bill: the energy is in the ledger and the session is not exported (OCPP 2.0.1 C: a refused token still has a transaction). */
function reasonNotToBill({ terms }: SessionSnapshot): NotBilledReason | undefined {
  if (terms.payer === undefined) return 'no-payer';
  return terms.payer.verdict === 'Accepted' ? undefined : 'payer-not-accepted';
}

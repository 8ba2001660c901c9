// The decider of a session's bill: a completed session is billed once, however often its message comes; an amended one is billed anew
// after the old CDR has been credited. A CDR is never edited.
// Next: apps/billing/src/announce/cdr-announcer.ts
import type { Cdr, SessionSnapshot } from '@evenkeel/contracts';
import { accept, type Decider } from '@evenkeel/decider';
import { Decimal } from '@evenkeel/money';
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
  /** An operator decided that the session is not billed. */
  denied?: boolean;
}

export const cdr: Decider<CdrState, BillSession, CdrEvent> = {
  initial: () => ({ issued: 0, sessionRevision: -1 }),
  evolve: (state, event) => {
    switch (event.type) {
      case 'CdrIssued':
        return { standing: event.data.cdr, issued: state.issued + 1, sessionRevision: event.data.cdr.sessionRevision };
      case 'CdrCredited':
        return { issued: state.issued, sessionRevision: state.sessionRevision };
      case 'ClaimAdjusted':
        return state;
      case 'SessionNotBilled':
        return { ...state, sessionRevision: event.data.sessionRevision };
    }
  },
  decide: (state, { session, policy, issuedAt, denied }) => {
    if (session.revision <= state.sessionRevision) return accept();
    const { standing } = state;
    const credit: CdrEvent[] = standing ? [{ type: 'CdrCredited', data: { cdr: creditOf(standing, issuedAt) } }] : [];
    const reason = denied ? 'denied' : reasonNotToBill(session);
    if (reason !== undefined) {
      const data = { sessionId: session.sessionId, sessionRevision: session.revision, reason };
      return accept<CdrEvent>(...credit, { type: 'SessionNotBilled', data }, ...adjustment(standing, undefined));
    }
    const drafted = draftCdr({ session, policy, version: state.issued + 1, issuedAt });
    return accept<CdrEvent>(...credit, { type: 'CdrIssued', data: { cdr: drafted, policy } }, ...adjustment(standing, drafted));
  },
};

/** Nobody to bill: the energy is in the ledger and the session is not exported (OCPP 2.0.1 C: a refused token still has a transaction). */
function reasonNotToBill({ terms }: SessionSnapshot): NotBilledReason | undefined {
  if (terms.payer === undefined) return 'no-payer';
  return terms.payer.verdict === 'Accepted' ? undefined : 'payer-not-accepted';
}

/** The difference between the bill that was taken back and the one in its place, for whoever moves the money. */
function adjustment(credited: Cdr | undefined, issued: Cdr | undefined): CdrEvent[] {
  if (credited === undefined) return [];
  const difference = amountOf(credited).subtract(issued ? amountOf(issued) : Decimal.ZERO);
  if (difference.isZero) return [];
  const { sessionId, party, payer, currency, cdrId } = credited;
  const amount = difference.absolute.toString();
  const claim = { sessionId, party, payer, currency, amount, creditedCdrId: cdrId, ...(issued ? { cdrId: issued.cdrId } : {}) };
  return [{ type: 'ClaimAdjusted', data: { direction: difference.isNegative ? 'additional' : 'refund', claim } }];
}

function amountOf({ total }: Cdr): Decimal {
  return Decimal.parse(total.afterTaxes ?? total.beforeTaxes);
}

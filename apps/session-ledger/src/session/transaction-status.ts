// What a station is asked about one of its own transactions (OCPP 2.0.1 E14, GetTransactionStatus), and what its answer settles: with
// nothing left in its queue, what is missing never comes (TX-64 to TX-66).
import type { PartyKey } from '@evenkeel/contracts';
import type { SessionState } from './session';
import type { Closure, TransactionStatus } from './session-events';

export interface StatusQuestion {
  party: PartyKey;
  stationId: string;
  transactionId: string;
  about: string;
}

/** Why the station should be asked: numbers in the middle are missing, or nothing has been heard for long. The answer does not matter. */
export function aboutTransaction({ opened, facts, stalled, billed, denied, strayed, mergedInto }: SessionState): string | undefined {
  // OCPP 1.6 has no such question.
  if (opened === undefined || opened.ocppVersion === '1.6') return undefined;
  if (billed !== undefined || denied || strayed || mergedInto !== undefined) return undefined;
  if (facts.gaps > 0) return `missing ${facts.missing}`;
  return stalled.has('silent') ? `silent since ${facts.lastHeardAt}` : undefined;
}

/** @returns undefined where there is nothing to ask, or the station has said it already. */
export function statusToAsk(state: SessionState): StatusQuestion | undefined {
  const about = aboutTransaction(state);
  if (about === undefined || about === state.told?.about || state.opened === undefined) return undefined;
  const { party, stationId, transactionId } = state.opened;
  return { party, stationId, transactionId, about };
}

export function isGapPermanent(state: SessionState): boolean {
  return state.told?.messagesInQueue === false && state.told.about === aboutTransaction(state);
}

/** A station that neither runs the transaction nor has more to tell of it has lost its end. */
export function closureByStation({ facts, lastFactId }: SessionState, status: TransactionStatus): Closure | undefined {
  const hasNoMore = status.ongoing === false && status.messagesInQueue === false;
  if (!hasNoMore || facts.newestAt === undefined) return undefined;
  return { why: 'stationHasNoMore', notAfter: facts.newestAt, evidence: lastFactId ? [lastFactId] : [] };
}

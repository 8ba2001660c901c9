// Whose is a stop that names no transaction we know? Stations send 0 or -1 when the answer to their start was lost, and sometimes another
// id at a repetition than at the first try (OCPP 1.6; TX-34, TX-35). One candidate is an answer, none or several are not.
import { isDeliverable, powerLimit } from './register';
import type { SessionState } from './session';
import type { MatchRule } from './session-events';
import { sameToken, type TransactionFact } from './session-facts';
import { microWh } from './watt-hours';

const DAY_MS = 86_400_000;

export interface Match {
  into: string;
  rule: MatchRule;
}

/** @param candidates sessions of the same station that run, or have ended lately. */
export function matchStray(stop: TransactionFact, candidates: readonly SessionState[]): Match | undefined {
  // A crash may have come between giving the stop to its session and closing the stray: what was decided then stays.
  const holders = candidates.filter(({ facts }) => facts.has(stop.factId));
  if (holders.length > 0) return only(holders, 'repeatedStop');
  const repeated = candidates.filter(({ facts: { end } }) => end !== undefined && isSameStop(end, stop));
  const open = candidates.filter((candidate) => isOpenFor(candidate, stop));
  const byBegin = open.filter(({ facts: { start } }) => start?.meterStartWh !== undefined && beginReading(stop) === start.meterStartWh);
  // A positive id was issued to somebody: only the reading of its begin can prove that it is another session's.
  if (Number(stop.transactionId) > 0) return only(repeated, 'repeatedStop') ?? only(byBegin, 'beginReading');
  const unconfirmed = open.filter(({ facts }) => !facts.isConfirmed && mayBeOf(facts.token, stop));
  const sameTokens = open.filter(({ facts: { token } }) => token !== undefined && stop.token !== undefined && sameToken(token, stop.token));
  return (
    only(repeated, 'repeatedStop') ??
    only(unconfirmed, 'unconfirmedStart') ??
    only(sameTokens, 'sameToken') ??
    only(byBegin, 'beginReading') ??
    // A meter may have begun at 0 by mistake, so what it shows rules a session out only where it must choose between several.
    only(unconfirmed.filter(reaches(stop)), 'unconfirmedStart') ??
    only(sameTokens.filter(reaches(stop)), 'sameToken')
  );
}

/** Sessions whose connector can have come from the register at their start to the one that the stop tells (TX-49). */
function reaches(stop: TransactionFact): (candidate: SessionState) => boolean {
  return ({ facts: { start }, terms }) => {
    if (start?.meterStartWh === undefined || stop.meterStopWh === undefined || terms === undefined) return true;
    const gained = microWh(stop.meterStopWh) - microWh(start.meterStartWh);
    return isDeliverable(gained, Date.parse(stop.at) - Date.parse(start.at), powerLimit(terms));
  };
}

function only(candidates: readonly SessionState[], rule: MatchRule): Match | undefined {
  const [candidate] = candidates;
  return candidate?.opened !== undefined && candidates.length === 1 ? { into: candidate.opened.sessionId, rule } : undefined;
}

function isSameStop(end: TransactionFact, stop: TransactionFact): boolean {
  const isNear = Math.abs(Date.parse(stop.receivedAt) - Date.parse(end.receivedAt)) <= DAY_MS;
  return end.factId !== stop.factId && end.at === stop.at && end.meterStopWh === stop.meterStopWh && isNear;
}

/** A session that was taken for over is open to a stop from before that, and to none from after it. */
function isOpenFor({ facts: { start, end }, closure, mergedInto }: SessionState, stop: TransactionFact): boolean {
  if (start === undefined || end !== undefined || mergedInto !== undefined || start.at > stop.at) return false;
  if (closure !== undefined && stop.at > closure.notAfter) return false;
  return Number(start.meterStartWh ?? 0) <= Number(stop.meterStopWh ?? Number.POSITIVE_INFINITY);
}

/** A stop may come without a token (a cable pulled, a fault); one with another token is another driver's. */
function mayBeOf(token: TransactionFact['token'], stop: TransactionFact): boolean {
  return token === undefined || stop.token === undefined || sameToken(token, stop.token);
}

function beginReading({ samples }: TransactionFact): string | undefined {
  return samples.find(({ measurand, context }) => measurand === 'Energy.Active.Import.Register' && context === 'Transaction.Begin')?.value;
}

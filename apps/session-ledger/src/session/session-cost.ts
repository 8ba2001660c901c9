// What a session costs so far, by the terms that are frozen in it and by the very rules of its bill. What cannot be billed as it stands has
// no cost that could be told: a wrong number is worse than none.
import type { ChargingTerms, CostToShow, SessionCost, SessionSnapshot } from '@evenkeel/contracts';
import { amountDue, type PricedSession, priceSession } from '@evenkeel/tariff';
import type { SessionCommand, SessionState } from './session';
import type { SessionEvent } from './session-events';
import type { SessionPolicy } from './session-policy';
import { snapshotOf } from './snapshot';

export interface CostPolicy extends Pick<SessionPolicy, 'hold'> {
  readonly freeWithoutEnergy: boolean;
}

export interface CurrentCost extends Pick<CostToShow, 'at' | 'final' | 'charging' | 'rates' | 'readingWh'> {
  readonly cost: SessionCost;
}

/** Whether the fact is here and its answer may name a cost: what came after the end has none (TX-88). */
export function answersWithCost({ facts }: SessionState, factId: string): boolean {
  return facts.has(factId) && (facts.end === undefined || facts.end.factId === factId);
}

/** @returns undefined while it is not known what the session costs, or whether anybody pays. */
export function costOf(state: SessionState, { hold, freeWithoutEnergy }: CostPolicy): CurrentCost | undefined {
  const { terms, denied, mergedInto } = state;
  if (terms?.payer?.verdict !== 'Accepted' || denied || mergedInto !== undefined) return undefined;
  const snapshot = snapshotOf(state, terms);
  if (snapshot === undefined || (snapshot.anomalies ?? []).some(({ code }) => hold.includes(code))) return undefined;
  const { endedAt = snapshot.updatedAt, periods, meterStopWh } = snapshot;
  const priced = priceOf(snapshot, freeWithoutEnergy);
  return {
    cost: { amount: amountDue(priced.total), currency: priced.currency },
    at: endedAt,
    final: snapshot.endedAt !== undefined,
    charging: periods.at(-1)?.kind === 'charging',
    rates: ratesOf(priced, periods.length - 1),
    ...(meterStopWh === undefined ? {} : { readingWh: meterStopWh }),
  };
}

/** What the session comes to by these terms, whatever was agreed: its periods are cut by them. @returns undefined where it never began. */
export function priceUnder(state: SessionState, terms: ChargingTerms, freeWithoutEnergy: boolean): PricedSession | undefined {
  const snapshot = snapshotOf(state, terms);
  return snapshot && priceOf(snapshot, freeWithoutEnergy);
}

/** By the terms that it holds. */
export function priceOf(
  { startedAt, updatedAt, endedAt = updatedAt, periods, terms }: SessionSnapshot,
  freeWithoutEnergy: boolean,
): PricedSession {
  const { tariff, place } = terms;
  return priceSession({ tariff, timeZone: place.timeZone, session: { startedAt, endedAt, periods }, freeWithoutEnergy });
}

/** The cost is said once for a fact: a replayed answer has the same number (TX-86). */
export function showCost(state: SessionState, { factId, pricing }: Extract<SessionCommand, { kind: 'showCost' }>): SessionEvent[] {
  if (state.shown.has(factId) || !answersWithCost(state, factId)) return [];
  const cost = costOf(state, pricing)?.cost;
  return cost ? [{ type: 'CostShown', data: { ...cost, factId } }] : [];
}

const RATES = { ENERGY: 'perKwh', TIME: 'perHour', FLAT: 'flat', PARKING_TIME: 'idlePerHour' } as const;

/** The prices of the components that the newest period is charged by. */
function ratesOf({ lines }: PricedSession, newest: number): CostToShow['rates'] {
  const rates: CostToShow['rates'] = {};
  for (const line of lines) {
    if (line.kind !== 'usage' || !(line.dimension in RATES) || !line.periods.includes(newest)) continue;
    rates[RATES[line.dimension as keyof typeof RATES]] = line.unitPrice;
  }
  return rates;
}

// How far a session may go: the limits of its token, and what was left of a prepaid one when it began (OCPP 2.1 TransactionLimitType). A session
// is stopped before it goes further, so what counts is what it comes to by the time at which a stop would have worked, at the power that it drew.
import type { SessionSnapshot } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { amountDue } from '@evenkeel/tariff';
import type { SessionCommand, SessionState } from './session';
import { priceOf } from './session-cost';
import type { LimitReached, SessionEvent } from './session-events';
import { snapshotOf } from './snapshot';

const MS_PER_HOUR = 3_600_000;

/** Whether the session can still be stopped, and may go only so far. */
export function isLimited({ terms, facts, closure, denied, mergedInto }: SessionState): boolean {
  return terms?.payer?.limits !== undefined && facts.end === undefined && closure === undefined && !denied && mergedInto === undefined;
}

/** Once for a session: whoever has to stop it goes on until it has ended. */
export function limit(state: SessionState, command: Extract<SessionCommand, { kind: 'limit' }>): SessionEvent[] {
  if (state.limitReached !== undefined) return [];
  const reached = limitBy(state, command);
  return reached ? [{ type: 'LimitReached', data: reached }] : [];
}

function limitBy(state: SessionState, { by, pricing }: Extract<SessionCommand, { kind: 'limit' }>): LimitReached | undefined {
  const { terms } = state;
  const limits = terms?.payer?.limits;
  const snapshot = terms && isLimited(state) ? snapshotOf(state, terms) : undefined;
  if (terms === undefined || limits === undefined || snapshot === undefined) return undefined;
  const { maxCost, maxEnergyWh, maxTimeSeconds } = limits;
  const seconds = (Date.parse(by) - Date.parse(snapshot.startedAt)) / 1_000;
  if (maxTimeSeconds !== undefined && seconds > maxTimeSeconds) {
    return { limit: 'maxTimeSeconds', most: String(maxTimeSeconds), expected: String(Math.floor(seconds)), by };
  }
  const periods = periodsUntil(snapshot, Date.parse(by));
  const energyWh = periods.reduce((sum, period) => sum.add(Decimal.parse(period.energyWh)), Decimal.ZERO);
  if (maxEnergyWh !== undefined && energyWh.compare(Decimal.parse(maxEnergyWh)) > 0) {
    return { limit: 'maxEnergyWh', most: maxEnergyWh, expected: energyWh.toString(), by };
  }
  if (maxCost === undefined) return undefined;
  const endedAt = new Date(Math.max(Date.parse(by), Date.parse(snapshot.updatedAt))).toISOString();
  const { total } = priceOf({ ...snapshot, endedAt, periods }, pricing.freeWithoutEnergy);
  const expected = amountDue(total);
  return Decimal.parse(expected).compare(Decimal.parse(maxCost)) > 0 ? { limit: 'maxCost', most: maxCost, expected, by } : undefined;
}

/** The periods with what flows until then, if the car goes on as it did. */
function periodsUntil({ periods, terms, updatedAt }: SessionSnapshot, byMs: number): SessionSnapshot['periods'] {
  const last = periods.at(-1);
  const aheadMs = byMs - Date.parse(updatedAt);
  if (last === undefined || last.kind !== 'charging' || aheadMs <= 0) return periods;
  const powers = periods.flatMap((period, index) => powersOf(period, periods[index + 1]?.startedAt ?? updatedAt));
  // Nothing has been measured yet: it may be all that the connector gives.
  const powerW = powers.length === 0 ? (terms.place.connectorMaxPowerW ?? 0) : Math.max(...powers);
  const more = Decimal.of(BigInt(Math.ceil((powerW * aheadMs) / MS_PER_HOUR)));
  return [...periods.slice(0, -1), { ...last, energyWh: Decimal.parse(last.energyWh).add(more).toString() }];
}

/** What the car has drawn in a period: as it was measured, and on average. */
function powersOf({ startedAt, energyWh, maxPowerW = '0' }: SessionSnapshot['periods'][number], endedAt: string): number[] {
  const ms = Date.parse(endedAt) - Date.parse(startedAt);
  const powers: number[] = [Number(maxPowerW), ms > 0 ? (Number(energyWh) * MS_PER_HOUR) / ms : 0];
  return powers.filter((powerW) => powerW > 0);
}

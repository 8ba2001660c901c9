// What time alone tells about a session that has not ended: that it must be closed, because the connector is free or the party closes
// silent sessions, or that a person should look. Nothing is closed by a timer alone unless the party says so (TX-40 to TX-43).
import type { AttentionCode } from '@evenkeel/contracts';
import { isWaitingStray } from './orphan';
import type { SessionState } from './session';
import type { Closure } from './session-events';
import type { SessionPolicy } from './session-policy';
import { snapshotOf } from './snapshot';

const MINUTE_MS = 60_000;
/** A running session is looked at as often as this at the least. */
const LONGEST_PAUSE_MS = 60 * MINUTE_MS;
const LEAST_ENERGY_WH = 10;

export interface Attention {
  why: AttentionCode;
  since: string;
}

/** @param now RFC 3339. */
export function attentionOf(state: SessionState, now: string, policy: SessionPolicy): Attention[] {
  return symptomsOf(state).flatMap(({ why, since }) =>
    Date.parse(now) - Date.parse(since) >= patienceOf(why, policy).alarmAfterMinutes * MINUTE_MS ? [{ why, since }] : [],
  );
}

/** What a person was asked to look at and is over. */
export function recoveredFrom(state: SessionState, now: string, policy: SessionPolicy): AttentionCode[] {
  if (state.stalled.size === 0) return [];
  const present = new Set(attentionOf(state, now, policy).map(({ why }) => why));
  return [...state.stalled].filter((why) => !present.has(why));
}

/** The closure that is due now, if any. */
export function closureDue(state: SessionState, now: string, policy: SessionPolicy): Closure | undefined {
  if (!isRunning(state)) return undefined;
  const { facts } = state;
  const free = facts.freeSince;
  if (free !== undefined && Date.parse(now) - Date.parse(free) >= vacancyMs(state, policy)) {
    return { why: 'vacant', notAfter: free, evidence: facts.freeEvidence };
  }
  for (const { why, since } of symptomsOf(state)) {
    const { closeAfterMinutes } = patienceOf(why, policy);
    if (closeAfterMinutes === undefined || why === 'incomplete') continue;
    if (Date.parse(now) - Date.parse(since) < closeAfterMinutes * MINUTE_MS) continue;
    return { why, notAfter: facts.newestAt ?? since, evidence: state.lastFactId ? [state.lastFactId] : [] };
  }
  return undefined;
}

/** When the session must be looked at next; undefined once nothing can change by itself. RFC 3339. */
export function nextLook(state: SessionState, now: string, policy: SessionPolicy): string | undefined {
  if (state.mergedInto !== undefined || state.denied) return undefined;
  if (state.awaited) return state.awaited.settleAt;
  const { firstHeardAt } = state.facts;
  if (isWaitingStray(state) && firstHeardAt !== undefined) {
    return later(now, Date.parse(firstHeardAt) + policy.strayMatchSeconds * 1_000 - Date.parse(now));
  }
  if (!isRunning(state)) return state.unsettled && state.billed === undefined && !state.strayed ? later(now, LONGEST_PAUSE_MS) : undefined;
  const pauses = symptomsOf(state).flatMap(({ why, since }) => {
    const { alarmAfterMinutes, closeAfterMinutes } = patienceOf(why, policy);
    return [alarmAfterMinutes, ...(closeAfterMinutes === undefined ? [] : [closeAfterMinutes])].map(
      (minutes) => Date.parse(since) + minutes * MINUTE_MS - Date.parse(now),
    );
  });
  const free = state.facts.freeSince;
  if (free !== undefined) pauses.push(Date.parse(free) + vacancyMs(state, policy) - Date.parse(now));
  const coming = pauses.filter((pause) => pause > 0);
  return later(now, Math.min(LONGEST_PAUSE_MS, ...coming));
}

/** What may be wrong, each with the instant from which its patience counts: by our clock, because a station's may stand still. */
function symptomsOf(state: SessionState): Attention[] {
  if (!isRunning(state)) return [];
  const { facts } = state;
  const heardAt = facts.lastHeardAt;
  const startHeardAt = facts.start?.receivedAt;
  const symptoms: Attention[] = [];
  if (heardAt !== undefined) symptoms.push({ why: 'silent', since: heardAt });
  if (startHeardAt !== undefined && energyWh(state) < LEAST_ENERGY_WH) symptoms.push({ why: 'noEnergy', since: startHeardAt });
  if (startHeardAt === undefined && heardAt !== undefined) symptoms.push({ why: 'incomplete', since: facts.firstHeardAt ?? heardAt });
  const goesOnWithoutId =
    state.opened?.ocppVersion === '1.6' && startHeardAt !== undefined && !facts.isConfirmed && facts.hasUnnamedReadings;
  if (goesOnWithoutId) symptoms.push({ why: 'noTransactionId', since: startHeardAt });
  return symptoms;
}

function isRunning({ facts, closure, mergedInto, denied, strayed }: SessionState): boolean {
  return facts.end === undefined && closure === undefined && mergedInto === undefined && !denied && !strayed;
}

function patienceOf(why: AttentionCode, policy: SessionPolicy): SessionPolicy['silent'] {
  return policy[why === 'incomplete' ? 'noTransactionId' : why];
}

/** After a reboot a free connector soon says that the transaction is lost; otherwise its stop may still be on the way (TX-41). */
function vacancyMs({ facts }: SessionState, { vacantMinutes }: SessionPolicy): number {
  const { lastBootAt, start } = facts;
  const rebooted = lastBootAt !== undefined && start !== undefined && lastBootAt > start.at;
  return (rebooted ? vacantMinutes.afterBoot : vacantMinutes.otherwise) * MINUTE_MS;
}

function energyWh(state: SessionState): number {
  const snapshot = state.terms && snapshotOf(state, state.terms);
  return snapshot ? Number(snapshot.energyWh) : Number.POSITIVE_INFINITY;
}

function later(now: string, ms: number): string {
  return new Date(Date.parse(now) + Math.max(1_000, ms)).toISOString();
}

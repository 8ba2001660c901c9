// The whole session as its recorded facts show it: what every decision event holds, and what pricing is given.
// Next: packages/event-store/src/stream-handler.ts
import type { ChargingTerms, SessionSnapshot } from '@evenkeel/contracts';
import type { Span } from './billed-readings';
import { measureSession } from './charging-periods';
import type { SessionState } from './session';
import type { Closure, SessionEvent } from './session-events';
import type { SessionFacts } from './session-facts';
import { checksOf, flagsOfSigned } from './signed-readings';
import { Timebase } from './timebase';

export interface SessionEnd {
  ms: number;
  reason: string;
  /** Ended without a stop: the instant is that of the last evidence. */
  closure?: Closure;
}

/** @returns undefined while it is not known when the session began. */
export function snapshotOf(state: SessionState, terms: ChargingTerms): SessionSnapshot | undefined {
  const { opened, facts } = state;
  const startedAt = beginningOf(state);
  if (opened === undefined || startedAt === undefined) return undefined;
  const timebase = Timebase.of(facts);
  const fromMs = Date.parse(startedAt);
  const end = endOf(state, timebase);
  const span = spanOf(facts, timebase, fromMs, end);
  const authorizedMs = authorizationOf(facts, terms, timebase, span);
  const measured = measureSession({
    facts,
    terms,
    timebase,
    span,
    ...(authorizedMs === undefined ? {} : { authorizedMs }),
    ...(state.released?.readings ? { chosen: state.released.readings } : {}),
    ...(state.earlierWh === undefined ? {} : { earlierWh: state.earlierWh }),
  });
  const { signedEvidence } = facts;
  const signedChecks = end ? checksOf(state.signedChecks, signedEvidence) : [];
  const anomalies = measured.anomalies.map(({ code }) => code);
  const flags = [...measured.flags, ...anomalies, ...flagsOfSigned(signedChecks, measured.energyWh)];
  return {
    sessionId: opened.sessionId,
    party: opened.party,
    revision: state.revision + 1,
    status: end ? 'completed' : 'active',
    stationId: opened.stationId,
    transactionId: opened.transactionId,
    ocppVersion: opened.ocppVersion,
    ...evsePart(facts.evse),
    startedAt,
    ...(end ? { endedAt: new Date(span.toMs).toISOString(), stopReason: end.reason } : {}),
    ...(measured.meterStartWh === undefined ? {} : { meterStartWh: measured.meterStartWh }),
    ...(measured.meterStopWh === undefined ? {} : { meterStopWh: measured.meterStopWh }),
    energyWh: measured.energyWh,
    ...(measured.exportedWh === undefined ? {} : { exportedWh: measured.exportedWh }),
    ...(authorizedMs === undefined ? {} : { authorizedAt: new Date(authorizedMs).toISOString() }),
    periods: measured.periods,
    terms,
    flags: flagsOf(state, terms, timebase, end, flags),
    ...(measured.anomalies.length > 0 ? { anomalies: measured.anomalies } : {}),
    ...(facts.stationCost ? { stationCost: facts.stationCost } : {}),
    ...(end && signedEvidence.length > 0 ? { signedEvidence } : {}),
    ...(signedChecks.length > 0 ? { signedChecks } : {}),
    updatedAt: new Date(span.toMs).toISOString(),
  };
}

/** The start that was reported, or the earliest that is known once the session is over (TX-61). */
export function beginningOf({ facts, closure }: SessionState): string | undefined {
  return facts.startedAt ?? (closure ? facts.earliestAt : undefined);
}

/** The station's own word counts before any closure (TX-44). */
export function endOf({ facts, closure }: SessionState, timebase: Timebase): SessionEnd | undefined {
  const { end } = facts;
  if (end) {
    const trace = facts.traceOf(end.factId);
    return { ms: trace ? timebase.ms(trace) : Date.parse(end.at), reason: end.stopReason ?? 'Local' };
  }
  return closure ? { ms: lastEvidenceMs(facts, timebase, closure), reason: 'Other', closure } : undefined;
}

/** The last sign of charging or of a connected car, not the time of the decision (TX-42). */
export function lastEvidenceMs(facts: SessionFacts, timebase: Timebase, { notAfter }: Pick<Closure, 'notAfter'>): number {
  const limit = Date.parse(notAfter);
  let latest = Date.parse(facts.earliestAt ?? notAfter);
  const see = (ms: number) => {
    if (ms > latest && ms <= limit) latest = ms;
  };
  for (const trace of facts.all()) if (trace.names) see(timebase.ms(trace));
  for (const { trace, at } of facts.of('register')) see(timebase.ms(trace, at));
  for (const { trace, state } of facts.states) if (state !== 'Idle') see(timebase.ms(trace));
  return latest;
}

/** Whether two snapshots ask the same money for the same reasons; the revision and the moment of saying do not matter. */
export function sameBill(a: SessionSnapshot, b: SessionSnapshot): boolean {
  const bill = ({ startedAt, endedAt, energyWh, periods, stopReason, terms, stationCost }: SessionSnapshot) =>
    JSON.stringify([
      startedAt,
      endedAt,
      energyWh,
      stopReason,
      terms.payer,
      stationCost,
      periods.map(({ evidence: _, ...priced }) => priced),
    ]);
  return bill(a) === bill(b);
}

/** Completes a session, or amends it where the bill changes. */
export function billing(state: SessionState, snapshot: SessionSnapshot): SessionEvent | undefined {
  if (state.billed === undefined) return { type: 'SessionCompleted', data: { session: snapshot } };
  // A bill that was in doubt and turns out to be right all the same is said once more: it ends the quarantine.
  if (sameBill(snapshot, state.billed) && state.quarantined === undefined) return undefined;
  const { lastFactId } = state;
  return { type: 'SessionAmended', data: { session: snapshot, ...(lastFactId ? { causedByFact: lastFactId } : {}) } };
}

function spanOf(facts: SessionFacts, timebase: Timebase, fromMs: number, end: SessionEnd | undefined): Span {
  if (end === undefined) return { fromMs, toMs: Math.max(fromMs, newestMs(facts, timebase)), ended: false };
  const closing = end.closure?.closingReading;
  // A stop that is stamped before its start ends the session where it began (OCPP clocks jump).
  return { fromMs, toMs: Math.max(fromMs, end.ms), ended: true, ...(closing ? { closing } : {}) };
}

function newestMs(facts: SessionFacts, timebase: Timebase): number {
  let newest = Number.NEGATIVE_INFINITY;
  for (const trace of facts.all()) newest = Math.max(newest, timebase.ms(trace));
  return newest;
}

/** When the payer was accepted, if the session had begun without one (TX-77). */
function authorizationOf(facts: SessionFacts, terms: ChargingTerms, timebase: Timebase, { fromMs, toMs }: Span): number | undefined {
  const trace = facts.authorization && facts.traceOf(facts.authorization.factId);
  if (terms.payer === undefined || trace === undefined) return undefined;
  const ms = timebase.ms(trace);
  return ms > fromMs ? Math.min(ms, toMs) : undefined;
}

function flagsOf(
  state: SessionState,
  { payer }: ChargingTerms,
  timebase: Timebase,
  end: SessionEnd | undefined,
  measured: readonly string[],
): string[] {
  const closure = end?.closure;
  return [
    ...new Set([
      ...measured,
      ...state.facts.flags(),
      ...(timebase.ranBackwards ? ['clockSuspect'] : []),
      ...(closure ? ['adminClosed', 'estimatedEnd', ...(closure.why === 'superseded' ? ['superseded'] : [])] : []),
      ...(state.strayed ? ['orphan'] : []),
      ...(payer !== undefined && payer.verdict !== 'Accepted' ? ['unbillableToken'] : []),
    ]),
  ];
}

export function evsePart(evse: { evseId: number; connectorId?: number } | undefined) {
  return evse === undefined ? {} : { evseId: evse.evseId, ...(evse.connectorId === undefined ? {} : { connectorId: evse.connectorId }) };
}

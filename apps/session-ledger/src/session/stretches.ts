// When a car was charging and when it only stood there: stretches without holes from the start of a session to its end, told by the states
// that the station reported, or by the progress of the register where it reported none.
import type { ChargingState, PeriodState } from '@evenkeel/contracts';
import type { Interval } from './energy-curve';
import { compareText } from './order';
import type { Point } from './register';
import type { SessionFacts } from './session-facts';
import type { Timebase } from './timebase';

export interface Stretch extends Interval {
  kind: 'charging' | 'parking';
  /** Absent where no station said it. */
  state?: PeriodState;
  evidence: string[];
}

export interface Stretches {
  stretches: Stretch[];
  /** Nothing tells charging from parking: the whole time counts as charging (TX-29). */
  assumed: boolean;
}

/** Progress that counts as charging where a station reports no states at all: at least 10 Wh at 50 W on average (TX-29). */
const LEAST_PROGRESS_MICRO_WH = 10_000_000n;
const LEAST_POWER_W = 50n;
const MS_PER_HOUR = 3_600_000n;

const PERIOD_STATES: Readonly<Record<ChargingState, PeriodState>> = {
  Charging: 'Charging',
  SuspendedEV: 'SuspendedEV',
  SuspendedEVSE: 'SuspendedEVSE',
  EVConnected: 'Connected',
  Idle: 'Occupied',
};

export function stretchesOf(facts: SessionFacts, timebase: Timebase, points: readonly Point[], fromMs: number, toMs: number): Stretches {
  const hasProgress = (points.at(-1)?.microWh ?? 0n) >= LEAST_PROGRESS_MICRO_WH;
  const changes = changesOf(facts, timebase, hasProgress, fromMs, toMs);
  if (changes.length > 0) return { stretches: merged(stretchesOfChanges(changes, fromMs, toMs)), assumed: false };
  const byProgress = stretchesOfProgress(points, fromMs, toMs);
  if (byProgress.length > 0) return { stretches: merged(byProgress), assumed: false };
  return { stretches: [{ fromMs, toMs, kind: 'charging', evidence: [] }], assumed: true };
}

interface Change {
  ms: number;
  state: ChargingState;
  factId: string;
}

/** The states in order, outages put in (OCPP 2.1 E17: an outage is parking time), none where the station reported no real state. */
function changesOf(facts: SessionFacts, timebase: Timebase, hasProgress: boolean, fromMs: number, toMs: number): Change[] {
  const said = facts.states
    .map(({ trace, state }) => ({ trace, ms: timebase.ms(trace), state, factId: trace.factId }))
    .filter(({ ms }) => ms < toMs)
    // Stations stamp two states with one instant; which one they sent later tells which holds (TX-69).
    .sort(
      (a, b) =>
        a.ms - b.ms ||
        (a.trace.sequenceNumber ?? 0) - (b.trace.sequenceNumber ?? 0) ||
        compareText(a.trace.receivedAt, b.trace.receivedAt) ||
        compareText(a.factId, b.factId),
    );
  const held = [...said.filter(({ ms }) => ms <= fromMs).slice(-1), ...said.filter(({ ms }) => ms > fromMs)];
  const isTold = held.some(
    ({ state, trace }) => state === 'Charging' || state.startsWith('Suspended') || (trace.names && state !== 'Idle'),
  );
  // That a cable or a car is there, or not, does not tell when energy flowed.
  if (!isTold && (hasProgress || !held.some(({ trace }) => trace.names))) return [];
  const outages = facts.resumed.flatMap((fact): Change[] => {
    const trace = facts.traceOf(fact.factId);
    if (trace === undefined) return [];
    const resumedMs = timebase.ms(trace);
    const before = facts.all().filter((other) => other.names && other.factId !== fact.factId && timebase.ms(other) < resumedMs);
    const silentMs = Math.max(fromMs, ...before.map((other) => timebase.ms(other)));
    const state = said.findLast(({ ms }) => ms <= silentMs)?.state ?? 'Charging';
    const goesOn: Change = { ms: resumedMs, state: fact.chargingState ?? state, factId: fact.factId };
    return [{ ms: silentMs, state: 'EVConnected', factId: fact.factId }, goesOn];
  });
  return [...held, ...outages].sort((a, b) => a.ms - b.ms);
}

function stretchesOfChanges(changes: readonly Change[], fromMs: number, toMs: number): Stretch[] {
  const before = changes.filter(({ ms }) => ms <= fromMs).at(-1);
  const stretches: Stretch[] = [];
  // Before the first state is known the car is being served: nobody idles yet.
  let current: Stretch = {
    fromMs,
    toMs,
    ...(before ? natureOf(before.state) : { kind: 'charging' }),
    evidence: before ? [before.factId] : [],
  };
  for (const { ms, state, factId } of changes) {
    if (ms <= fromMs) continue;
    stretches.push({ ...current, toMs: ms });
    current = { fromMs: ms, toMs, ...natureOf(state), evidence: [factId] };
  }
  return [...stretches, current].filter((stretch) => stretch.toMs > stretch.fromMs || stretches.length === 0);
}

/**
 * A car that the station holds back (SuspendedEVSE) counts as charging: a driver does not pay idle fees for the operator's load management
 * (OCPI 2.3.0 PARKING_TIME is time in which the vehicle requests no power).
 */
function natureOf(state: ChargingState): { kind: 'charging' | 'parking'; state: PeriodState } {
  return { kind: state === 'Charging' || state === 'SuspendedEVSE' ? 'charging' : 'parking', state: PERIOD_STATES[state] };
}

/** Without states, a stretch between two readings is charging when energy flowed in it. Two readings alone tell nothing of the shape. */
function stretchesOfProgress(points: readonly Point[], fromMs: number, toMs: number): Stretch[] {
  if (points.length < 3) return [];
  const stretches: Stretch[] = [];
  for (const [index, right] of points.entries()) {
    const left = points[index - 1];
    if (left === undefined || right.ms <= left.ms) continue;
    const gained = right.microWh - left.microWh;
    const enough = gained >= LEAST_PROGRESS_MICRO_WH && gained * MS_PER_HOUR >= LEAST_POWER_W * 1_000_000n * BigInt(right.ms - left.ms);
    stretches.push({ fromMs: left.ms, toMs: right.ms, kind: enough ? 'charging' : 'parking', evidence: [left.factId, right.factId] });
  }
  const first = stretches.at(0);
  const last = stretches.at(-1);
  if (first) first.fromMs = fromMs;
  if (last) last.toMs = toMs;
  return stretches;
}

function merged(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of stretches) {
    const last = result.at(-1);
    if (last?.kind === stretch.kind && last.state === stretch.state) {
      last.toMs = stretch.toMs;
      if (last.evidence.length === 0) last.evidence = stretch.evidence;
    } else if (stretch.toMs > stretch.fromMs || result.length === 0) result.push({ ...stretch });
  }
  return result;
}

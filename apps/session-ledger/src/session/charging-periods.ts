// Cuts a session into charging periods: wherever charging turns into parking or back, and wherever a restriction of the agreed tariff may
// begin or cease to match (OCPI 2.2.1 mod_cdrs ChargingPeriod). Pricing looks only at the state at a period's start, so a cut that is
// missing here is money that is wrong there.
// Next: packages/event-store/src/stream-handler.ts
import type { ChargingPeriod, ChargingTerms } from '@evenkeel/contracts';
import { cutTimes, thresholds } from '@evenkeel/tariff';
import { EnergyCurve, type Interval, microWh, whText } from './energy-curve';
import type { Reading, SessionFacts, StateChange } from './session-facts';

export interface MeasuredSession {
  periods: ChargingPeriod[];
  energyWh: string;
  meterStartWh?: string;
  meterStopWh?: string;
  flags: string[];
}

interface Stretch extends Interval {
  kind: 'charging' | 'parking';
  evidence: string[];
}

/** Progress that counts as charging where a station reports no states at all: at least 10 Wh at 50 W on average. */
const LEAST_PROGRESS_MICRO_WH = 10_000_000n;
const LEAST_POWER_W = 50n;
const MS_PER_HOUR = 3_600_000n;

/** @param endedAt the session's end, or for a running session the newest instant that is known of it. */
export function measureSession(facts: SessionFacts, terms: ChargingTerms, startedAt: string, endedAt: string): MeasuredSession {
  const [fromMs, toMs] = [Date.parse(startedAt), Math.max(Date.parse(endedAt), Date.parse(startedAt))];
  const flags: string[] = [];
  const readings = facts.readings().filter((reading) => isWithin(reading, startedAt, endedAt) || isOfAnEdge(reading, facts));
  const stretches = stretchesOf(facts.states(), readings, fromMs, toMs, flags);
  const charging = stretches.filter((stretch) => stretch.kind === 'charging');
  const curve = EnergyCurve.of(readings, charging, fromMs, toMs);
  if (curve.implausible.length > 0) flags.push('implausibleReading');
  const first = readings.at(0);
  const last = readings.at(-1);
  if (first === undefined) flags.push('noMeterValues');
  else if (first.context !== 'Transaction.Begin') flags.push('estimatedStart');
  if (last !== undefined && facts.end !== undefined && last.context !== 'Transaction.End') flags.push('noMeterEnd');
  const periods = cutPeriods(stretches, cutsOf(terms, curve, startedAt, new Date(toMs).toISOString()), curve, facts);
  return {
    periods,
    energyWh: whText(curve.totalMicroWh),
    ...(first ? { meterStartWh: first.wh } : {}),
    ...(last ? { meterStopWh: last.wh } : {}),
    flags,
  };
}

function cutPeriods(stretches: readonly Stretch[], cuts: readonly number[], curve: EnergyCurve, facts: SessionFacts): ChargingPeriod[] {
  const power = facts.powerReadings().map(({ at, watts }) => ({ ms: Date.parse(at), watts }));
  return stretches.flatMap((stretch) => {
    const edges = [stretch.fromMs, ...cuts.filter((cut) => cut > stretch.fromMs && cut < stretch.toMs)];
    return edges.map((startMs, index): ChargingPeriod => {
      const endMs = edges[index + 1] ?? stretch.toMs;
      const within = power.filter(({ ms }) => ms >= startMs && ms < endMs).map(({ watts }) => watts);
      return {
        startedAt: new Date(startMs).toISOString(),
        kind: stretch.kind,
        energyWh: whText(curve.at(endMs) - curve.at(startMs)),
        ...(within.length > 0 ? { minPowerW: extreme(within, -1), maxPowerW: extreme(within, 1) } : {}),
        evidence: [...new Set([...stretch.evidence, ...curve.evidence(startMs, endMs)])],
      };
    });
  });
}

/** Instants, in milliseconds, at which the tariff's restrictions ask for a cut. */
function cutsOf({ tariff, place }: ChargingTerms, curve: EnergyCurve, startedAt: string, endedAt: string): number[] {
  const byTime = cutTimes(tariff, place.timeZone, startedAt, endedAt).map((instant) => Date.parse(instant));
  const byEnergy = thresholds(tariff).energyKwh.flatMap((kwh) => curve.whenReached(microWh(kwh) * 1000n) ?? []);
  return [...new Set([...byTime, ...byEnergy])].sort((a, b) => a - b);
}

/** Charging and parking without holes from start to end. */
function stretchesOf(
  states: readonly StateChange[],
  readings: readonly Reading[],
  fromMs: number,
  toMs: number,
  flags: string[],
): Stretch[] {
  const known = states.filter((change) => Date.parse(change.at) < toMs);
  if (known.length > 0) return merged(stretchesOfStates(known, fromMs, toMs));
  const byProgress = stretchesOfProgress(readings, fromMs, toMs);
  if (byProgress.length > 0) return merged(byProgress);
  flags.push('assumedCharging');
  return [{ fromMs, toMs, kind: 'charging', evidence: [] }];
}

function stretchesOfStates(states: readonly StateChange[], fromMs: number, toMs: number): Stretch[] {
  const before = states.filter((change) => Date.parse(change.at) <= fromMs).at(-1);
  const during = states.filter((change) => Date.parse(change.at) > fromMs);
  const stretches: Stretch[] = [];
  // Before the first state is known the car is being served: nobody idles yet.
  let current: Stretch = { fromMs, toMs, kind: before ? kindOf(before) : 'charging', evidence: before ? [before.factId] : [] };
  for (const change of during) {
    const ms = Date.parse(change.at);
    stretches.push({ ...current, toMs: ms });
    current = { fromMs: ms, toMs, kind: kindOf(change), evidence: [change.factId] };
  }
  return [...stretches, current].filter((stretch) => stretch.toMs > stretch.fromMs || stretches.length === 0);
}

/**
 * A car that the station holds back (SuspendedEVSE) counts as charging: a driver does not pay idle fees for the operator's load management
 * (OCPI 2.3.0 PARKING_TIME is time in which the vehicle requests no power).
 */
function kindOf({ state }: StateChange): 'charging' | 'parking' {
  return state === 'Charging' || state === 'SuspendedEVSE' ? 'charging' : 'parking';
}

/** Without states, a stretch between two readings is charging when energy flowed in it. */
function stretchesOfProgress(readings: readonly Reading[], fromMs: number, toMs: number): Stretch[] {
  if (readings.length < 3) return [];
  const stretches: Stretch[] = [];
  for (const [index, right] of readings.entries()) {
    const left = readings[index - 1];
    if (left === undefined) continue;
    const [leftMs, rightMs] = [Date.parse(left.at), Date.parse(right.at)];
    if (rightMs <= leftMs) continue;
    const gained = microWh(right.wh) - microWh(left.wh);
    const enough = gained >= LEAST_PROGRESS_MICRO_WH && gained * MS_PER_HOUR >= LEAST_POWER_W * 1_000_000n * BigInt(rightMs - leftMs);
    stretches.push({ fromMs: leftMs, toMs: rightMs, kind: enough ? 'charging' : 'parking', evidence: [left.factId, right.factId] });
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
    if (last?.kind === stretch.kind) {
      last.toMs = stretch.toMs;
      if (last.evidence.length === 0) last.evidence = stretch.evidence;
    } else if (stretch.toMs > stretch.fromMs || result.length === 0) result.push({ ...stretch });
  }
  return result;
}

/** A reading outside the session belongs to no period of it; overtaken samples arrive with their own, earlier time. */
function isWithin(reading: Reading, startedAt: string, endedAt: string): boolean {
  return reading.at >= startedAt && reading.at <= endedAt;
}

/**
 * What the start or the end itself reports is the reading of that edge, also where a station stamps it some milliseconds beside the event
 * (OCPP 2.0.1 E02; the curve takes it for the edge's own instant).
 */
function isOfAnEdge({ factId, context }: Reading, { start, end }: SessionFacts): boolean {
  return (factId === start?.factId && context !== 'Transaction.End') || (factId === end?.factId && context !== 'Transaction.Begin');
}

function extreme(values: readonly string[], sign: 1 | -1): string {
  return values.reduce((best, value) => (Number(microWh(value) - microWh(best)) * sign > 0 ? value : best));
}

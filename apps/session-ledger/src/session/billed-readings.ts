// Which of a session's meter samples are the register that is billed, in order, with its begin and its end: the total at the outlet where
// the station tells it, else the sum of its phases, else the sum of its intervals, else the net register (TX-111 to TX-115).
import type { ChosenReadings } from '@evenkeel/contracts';
import { completePhaseSets } from './electrical-series';
import { compareText } from './order';
import type { RegisterReading } from './register';
import type { Sample, SessionFacts } from './session-facts';
import type { Timebase } from './timebase';
import { microWh } from './watt-hours';

export interface Span {
  fromMs: number;
  toMs: number;
  /** Whether the session is over; otherwise `toMs` is how far it is known. */
  ended: boolean;
  /** The register at the end of a session that was closed without a stop, by the start of the next one (TX-18). */
  closing?: { wh: string; factId: string };
}

export interface BilledReadings {
  readings: RegisterReading[];
  flags: string[];
}

const BEGIN = 'Transaction.Begin';
const END = 'Transaction.End';

export function billedReadings(facts: SessionFacts, timebase: Timebase, span: Span, chosen?: ChosenReadings): BilledReadings {
  const series = seriesOf(facts, timebase, span);
  const { start, end } = facts;
  const edges: RegisterReading[] = [];
  // OCPP 1.6 meterStart and meterStop are the edges, whatever the samples call themselves (TX-114).
  if (start?.meterStartWh !== undefined) edges.push(edgeReading(span.fromMs, start.meterStartWh, start.factId, BEGIN));
  if (end?.meterStopWh !== undefined) edges.push(edgeReading(span.toMs, end.meterStopWh, end.factId, END));
  const has = (context: string) => edges.some((edge) => edge.context === context);
  const [hasBegin, hasEnd] = [has(BEGIN), has(END)];
  const inner = series
    .filter(({ context }) => !(context === BEGIN && hasBegin) && !(context === END && hasEnd))
    .filter((reading) => isOfSession(reading, span))
    .map((reading) => ({ ...reading, ms: Math.min(Math.max(reading.ms, span.fromMs), span.toMs) }));
  const readings = [...inner, ...edges].sort(
    (a, b) => a.ms - b.ms || rankOf(a) - rankOf(b) || Number(a.microWh - b.microWh) || compareText(a.factId, b.factId),
  );
  const { closing } = span;
  if (closing !== undefined && microWh(closing.wh) >= (readings.at(-1)?.microWh ?? 0n)) {
    readings.push(edgeReading(span.toMs, closing.wh, closing.factId, END));
  }
  return { readings: chosen ? withChosen(readings, chosen, span) : readings, flags: flagsOf(readings, span) };
}

/** Export register, last less first; undefined without one (TX-99). */
export function exportedMicroWh(facts: SessionFacts, timebase: Timebase, span: Span): bigint | undefined {
  const readings = totalsOf(facts.of('export'), timebase).filter((reading) => isOfSession(reading, span));
  const [first, last] = [readings.at(0), readings.at(-1)];
  return first && last && readings.length > 1 && last.microWh >= first.microWh ? last.microWh - first.microWh : undefined;
}

function seriesOf(facts: SessionFacts, timebase: Timebase, span: Span): RegisterReading[] {
  const registers = facts.of('register');
  const totals = totalsOf(registers, timebase);
  const hasEdges = facts.start?.meterStartWh !== undefined || facts.end?.meterStopWh !== undefined;
  if (totals.length > 0) return totals;
  const sums = completePhaseSets(registers).map(([first, ...rest]) => ({
    ...readingOf(first, timebase),
    microWh: rest.reduce((sum, { value }) => sum + microWh(value), microWh(first.value)),
  }));
  if (sums.length > 0 || hasEdges) return sums;
  const intervals = totalsOf(facts.of('interval'), timebase);
  return intervals.length > 0 ? accumulated(intervals, span) : totalsOf(facts.of('net'), timebase);
}

/** An interval's energy flowed before its instant; the register that they make begins at 0 with the session (TX-113). */
function accumulated(intervals: readonly RegisterReading[], span: Span): RegisterReading[] {
  const [first] = intervals;
  if (first === undefined) return [];
  let sum = 0n;
  const within = intervals.filter(({ ms }) => ms > span.fromMs && ms <= span.toMs);
  const readings = within.map((reading) => {
    sum += reading.microWh;
    return { ...reading, microWh: sum };
  });
  return [{ ms: span.fromMs, microWh: 0n, factId: first.factId, context: BEGIN }, ...readings];
}

function totalsOf(samples: readonly Sample[], timebase: Timebase): RegisterReading[] {
  return samples
    .filter(({ phase }) => phase === undefined)
    .map((sample) => readingOf(sample, timebase))
    .sort((a, b) => a.ms - b.ms || rankOf(a) - rankOf(b) || compareText(a.factId, b.factId));
}

function readingOf({ trace, at, value, context }: Sample, timebase: Timebase): RegisterReading {
  // Only the transaction's own messages can mark its edges; a reading of the connector is one of many.
  const isEdge = trace.names && (context === BEGIN || context === END);
  return { ms: timebase.ms(trace, at), microWh: microWh(value), factId: trace.factId, ...(isEdge ? { context } : {}) };
}

/**
 * A reading outside the session belongs to no period of it (TX-117), except that of an edge: stations stamp it some milliseconds beside the
 * event that carries it (OCPP 2.0.1 E02).
 */
function isOfSession({ ms, context }: RegisterReading, { fromMs, toMs }: Span): boolean {
  return context !== undefined || (ms >= fromMs && ms <= toMs);
}

/** An operator's readings are the edges; what does not lie between them is left out. */
function withChosen(readings: readonly RegisterReading[], chosen: ChosenReadings, span: Span): RegisterReading[] {
  const [first, last] = [readings.at(0), readings.at(-1)];
  const begin = chosen.meterStartWh === undefined ? first?.microWh : microWh(chosen.meterStartWh);
  const end = chosen.meterStopWh === undefined ? last?.microWh : microWh(chosen.meterStopWh);
  if (begin === undefined || end === undefined) return [...readings];
  const kept: RegisterReading[] = [{ ms: span.fromMs, microWh: begin, factId: first?.factId ?? '', context: BEGIN }];
  for (const reading of readings.slice(1, -1)) {
    if (reading.microWh >= (kept.at(-1)?.microWh ?? begin) && reading.microWh <= end) kept.push(reading);
  }
  return [...kept, { ms: span.toMs, microWh: end, factId: last?.factId ?? '', context: END }];
}

function flagsOf(readings: readonly RegisterReading[], span: Span): string[] {
  const [first, last] = [readings.at(0), readings.at(-1)];
  if (first === undefined || last === undefined) return ['noMeterValues'];
  return [
    ...(first.context === BEGIN ? [] : ['estimatedStart']),
    ...(span.ended && (last.context !== END || span.closing?.factId === last.factId) ? ['noMeterEnd'] : []),
  ];
}

function edgeReading(ms: number, wh: string, factId: string, context: string): RegisterReading {
  return { ms, microWh: microWh(wh), factId, context };
}

function rankOf({ context }: RegisterReading): number {
  return context === BEGIN ? 0 : context === END ? 2 : 1;
}

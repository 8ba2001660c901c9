// The instants of a session, where the station's clock cannot be taken as it is. Times are the station's, with two exceptions:
//
// - a clock that ran backwards while the sequence numbers rose (2.x): order is the numbers', and what lies before the moment of the jump
//   is moved to it, so that no interval is negative (TX-70);
// - a clock that was set during the session, so that the stop lies before the start or months after it while we heard both within a
//   day: then the times of receipt, counted from the start, take the place of the station's (TX-55).
import type { Anomaly } from '@evenkeel/contracts';
import type { SessionFacts, Trace, TransactionFact } from './session-facts';

const LONGEST_SESSION_MS = 30 * 86_400_000;
/** Receipt must contradict the station's duration by more than the network may delay a message. */
const LEAST_CONTRADICTION_MS = 60_000;
/** A clock that is ahead of ours by more than this is wrong; one that is behind may be an offline station's (TX-53). */
const AHEAD_MS = 5 * 60_000;
const FIRST_BELIEVABLE_YEAR = '2015';

export class Timebase {
  private constructor(
    private readonly receiptOffset: { startMs: number; receivedMs: number } | undefined,
    /** From a sequence number on, nothing lies before this instant. Ascending. */
    private readonly floors: readonly { from: number; ms: number }[],
    readonly anomalies: readonly Anomaly[],
  ) {}

  static of(facts: SessionFacts): Timebase {
    const traces = facts.all();
    const wrong = traces.filter((trace) => trace.names && isImpossible(trace)).map(({ factId }) => factId);
    const { start, end } = facts;
    const contradicted = start !== undefined && end !== undefined && contradictsReceipt(start, end);
    if (contradicted) {
      const offset = { startMs: Date.parse(start.at), receivedMs: Date.parse(start.receivedAt) };
      const text = 'The clock of the station was set during the session: times are those of receipt.';
      return new Timebase(offset, [], [{ code: 'clockSuspect', text, evidence: [start.factId, end.factId] }]);
    }
    const evidence = wrong.sort();
    const text = 'The clock of the station is ahead of ours, or stands in the distant past.';
    return new Timebase(
      undefined,
      floorsOf(traces),
      evidence.length > 0 ? [{ code: 'clockSuspect', text, evidence: evidence.slice(0, 4) }] : [],
    );
  }

  /** Whether the clock ran backwards between two numbered events. */
  get ranBackwards(): boolean {
    return this.floors.length > 0;
  }

  /** Milliseconds since 1970 of something that a fact says happened at an instant; by default the fact itself. */
  ms(trace: Trace, at = trace.at): number {
    if (this.receiptOffset) return this.receiptOffset.startMs + Date.parse(trace.receivedAt) - this.receiptOffset.receivedMs;
    const ms = Date.parse(at);
    const { sequenceNumber } = trace;
    if (sequenceNumber === undefined || this.floors.length === 0) return ms;
    const floor = this.floors.findLast(({ from }) => from <= sequenceNumber);
    return floor === undefined ? ms : Math.max(ms, floor.ms);
  }
}

function isImpossible({ at, receivedAt }: Trace): boolean {
  return at < FIRST_BELIEVABLE_YEAR || Date.parse(at) - Date.parse(receivedAt) > AHEAD_MS;
}

function contradictsReceipt(start: TransactionFact, end: TransactionFact): boolean {
  const byStation = Date.parse(end.at) - Date.parse(start.at);
  const byReceipt = Date.parse(end.receivedAt) - Date.parse(start.receivedAt);
  const believable = byReceipt > 0 && byReceipt <= LONGEST_SESSION_MS;
  return believable && byReceipt - byStation > LEAST_CONTRADICTION_MS ? byStation <= 0 : believable && byStation > LONGEST_SESSION_MS;
}

/** A floor for every number at which the clock stood before what it had shown earlier. */
function floorsOf(traces: readonly Trace[]): { from: number; ms: number }[] {
  const numbered = traces
    .flatMap(({ sequenceNumber, at, names }) =>
      sequenceNumber === undefined || !names ? [] : [{ from: sequenceNumber, ms: Date.parse(at) }],
    )
    .sort((a, b) => a.from - b.from || a.ms - b.ms);
  const floors: { from: number; ms: number }[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for (const { from, ms } of numbered) {
    if (ms < latest && floors.at(-1)?.ms !== latest) floors.push({ from, ms: latest });
    latest = Math.max(latest, ms);
  }
  return floors;
}

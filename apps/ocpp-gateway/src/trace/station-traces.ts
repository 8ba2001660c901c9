// What is remembered of each station for a person who looks for a fault: where its latest frames lie, and what it did that it should not. It
// outlives a connection, because the reason of an end is in what came before it.
import type { FrameLog, LoggedFrame, LogPosition } from './frame-log';

export interface Violation {
  readonly kind: string;
  count: number;
  lastAtMs: number;
}

/** Kinds are our own words, and few; the bound is against a mistake of ours. */
const MOST_KINDS = 100;
const MOST_STATIONS = 100_000;

export class StationTrace {
  private last: LogPosition = 0;
  /** Most stations commit none. */
  private violated: Map<string, Violation> | undefined;

  constructor(private readonly log: FrameLog) {}

  frame(direction: 'in' | 'out', atMs: number, text: string): void {
    this.last = this.log.write(this.last, direction, atMs, text);
  }

  violation(kind: string, atMs: number): void {
    this.violated ??= new Map();
    const known = this.violated.get(kind);
    if (known) {
      known.count += 1;
      known.lastAtMs = atMs;
    } else if (this.violated.size < MOST_KINDS) this.violated.set(kind, { kind, count: 1, lastAtMs: atMs });
  }

  frames(most: number): LoggedFrame[] {
    return this.log.read(this.last, most);
  }

  violations(): Violation[] {
    return [...(this.violated?.values() ?? [])];
  }
}

export class StationTraces {
  private readonly byKey = new Map<string, StationTrace>();

  constructor(private readonly log: FrameLog) {}

  of(stationKey: string): StationTrace {
    let trace = this.byKey.get(stationKey);
    if (!trace) {
      trace = new StationTrace(this.log);
      this.byKey.set(stationKey, trace);
      const [oldest] = this.byKey.keys();
      if (this.byKey.size > MOST_STATIONS && oldest !== undefined) this.byKey.delete(oldest);
    }
    return trace;
  }
}

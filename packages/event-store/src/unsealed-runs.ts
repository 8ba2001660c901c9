// What a process has written and not sealed yet: consecutive events of a stream are one run, so that a busy session costs a seal little.
import { markOf, type SealedRun } from './seal';

/** Seals stay far below the megabyte that the store takes at once. */
const RUN_BYTES = 200;
const LONGEST_RUN_BYTES = 12_000;
const LARGEST_SEAL_BYTES = 400_000;

export interface SealLoad {
  runs: SealedRun[];
  events: number;
}

export class UnsealedRuns {
  private byStream = new Map<string, SealedRun[]>();
  private bytes = 0;

  get isEmpty(): boolean {
    return this.byStream.size === 0;
  }

  /** Whether there is enough for a seal that cannot wait. */
  get isFull(): boolean {
    return this.bytes >= LARGEST_SEAL_BYTES / 2;
  }

  note(stream: string, revision: number, hash: string): void {
    const runs = this.byStream.get(stream);
    const last = runs?.at(-1);
    if (last && last.revision + 1 === revision && last.earlier.length < LONGEST_RUN_BYTES) {
      const mark = markOf(last.hash);
      last.earlier += mark;
      last.revision = revision;
      last.hash = hash;
      this.bytes += mark.length;
      return;
    }
    const run = { stream, revision, hash, earlier: '' };
    if (runs) runs.push(run);
    else this.byStream.set(stream, [run]);
    this.bytes += RUN_BYTES;
  }

  /** Takes what one seal can hold. */
  take(): SealLoad {
    const load: SealLoad = { runs: [], events: 0 };
    let bytes = 0;
    for (const [stream, runs] of this.byStream) {
      if (bytes >= LARGEST_SEAL_BYTES) break;
      this.byStream.delete(stream);
      for (const run of runs) {
        bytes += bytesOf(run);
        load.events += eventsOf(run);
        load.runs.push(run);
      }
    }
    this.bytes -= bytes;
    return load;
  }

  /** A seal was not written: its runs wait again, before those that came since. */
  putBack({ runs }: SealLoad): void {
    for (const run of runs.toReversed()) {
      this.byStream.set(run.stream, [run, ...(this.byStream.get(run.stream) ?? [])]);
      this.bytes += bytesOf(run);
    }
  }
}

function bytesOf({ earlier }: SealedRun): number {
  return RUN_BYTES + earlier.length;
}

function eventsOf({ earlier, hash }: SealedRun): number {
  return earlier.length / markOf(hash).length + 1;
}

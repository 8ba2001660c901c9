// The station's time. A session keeps its own timeline from its start, so that 45 minutes of charging can be reported in a few seconds: only
// the pauses between messages are shortened, never the times in them.
import { setTimeout as sleep } from 'node:timers/promises';

export interface StationClock {
  /** Epoch milliseconds. */
  now(): number;
  /** Lets this much station time pass; ends early, with an AbortError, when the signal fires. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
}

/** Wall-clock time in which pauses are `speed` times shorter. */
export function acceleratedClock(speed: number): StationClock {
  return {
    now: Date.now,
    pause: async (seconds, signal) => {
      await sleep((seconds * 1000) / speed, undefined, { signal });
    },
  };
}

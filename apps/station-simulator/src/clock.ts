// The station's time. A session keeps its own timeline from its start, so that 45 minutes of charging can be reported in a few seconds: only
// the pauses between messages are shortened, never the times in them.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Timers } from './timers';

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

/** As `acceleratedClock`, on alarms that a whole fleet shares. */
export function sharedClock(speed: number, timers: Timers): StationClock {
  return {
    now: Date.now,
    pause: (seconds, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        const interrupted = () => {
          alarm.cancel();
          reject(signal.reason);
        };
        const alarm = timers.after((seconds * 1000) / speed, () => {
          signal.removeEventListener('abort', interrupted);
          resolve();
        });
        signal.addEventListener('abort', interrupted, { once: true });
      }),
  };
}

/** A clock that is wrong by this much, as of a station that was never set. */
export function skewedClock(clock: StationClock, skewSeconds: number): StationClock {
  return { now: () => clock.now() + skewSeconds * 1000, pause: clock.pause };
}

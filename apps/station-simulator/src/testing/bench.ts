// A station at a scripted back end, in fast time: what the specs of the features stand on.
import type { StationClock } from '../clock';
import type { SimulatedVersion } from '../station/dialect';
import { SimulatedStation, type StationOptions } from '../station/station';
import { eventually, type Script, ScriptedBackEnd, wellMeaning } from './scripted-back-end';

export const START = Date.parse('2026-03-01T10:00:00Z');

/** Station time that runs from START, so many times faster than ours; the times in messages run as fast. */
export function fastClock(speed: number): StationClock {
  const began = performance.now();
  return {
    now: () => START + Math.round((performance.now() - began) * speed),
    pause: (seconds, signal) =>
      new Promise((resolve, reject) => {
        const interrupted = () => {
          clearTimeout(timer);
          reject(signal.reason);
        };
        const timer = setTimeout(
          () => {
            signal.removeEventListener('abort', interrupted);
            resolve();
          },
          (seconds * 1000) / speed,
        );
        signal.addEventListener('abort', interrupted);
      }),
  };
}

export interface Bench {
  readonly backEnd: ScriptedBackEnd;
  readonly station: SimulatedStation;
  /** Sends a CALL and resolves with the answer, or with the code of a CALLERROR. */
  command<T = Record<string, unknown>>(action: string, payload: object): Promise<T>;
  /** Resolves with the payloads of an action when there are so many. */
  heard<T = Record<string, unknown>>(action: string, count?: number): Promise<T[]>;
  /** Closes both; the frames that broke their schema are the result. */
  end(): Promise<readonly string[]>;
}

export const SPEED = 200;

export async function bench(version: SimulatedVersion, options: Partial<StationOptions> = {}, script?: Script): Promise<Bench> {
  const backEnd = new ScriptedBackEnd(version, script ?? wellMeaning(version));
  await backEnd.listen();
  const station = await SimulatedStation.connect({
    url: backEnd.url,
    identity: 'BENCH-1',
    version,
    clock: fastClock(SPEED),
    seed: 7,
    firstReconnectMilliseconds: 10,
    retryMilliseconds: 20,
    remotePlan: { energyWh: 100_000, meterValues: 1_000, secondsBetweenMeterValues: 10 },
    ...options,
  });
  return {
    backEnd,
    station,
    command: async <T>(action: string, payload: object) => (await backEnd.command(action, payload)) as T,
    heard: async <T>(action: string, count = 1) => {
      await eventually(() => backEnd.payloadsOf(action).length >= count);
      return backEnd.payloadsOf<T>(action);
    },
    end: async () => {
      await station.close();
      await backEnd.die();
      return backEnd.violations;
    },
  };
}

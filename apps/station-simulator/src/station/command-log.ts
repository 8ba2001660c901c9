// The CALLs of the back end, as a script waits for them: one that came before the script asked is found too, each only once.
import type { CommandReply } from '../wire/connection';

export interface Expectation {
  readonly action: string;
  /** Whether it is the one that is meant; by default any of the action is. */
  readonly fits?: (payload: unknown) => boolean;
  /** Answers it with this instead of what the station would say. */
  readonly answer?: CommandReply;
  /** Infinity waits as long as the station lives. */
  readonly withinMilliseconds?: number;
}

interface Waiting extends Expectation {
  readonly resolve: (payload: unknown) => void;
}

interface Arrived {
  readonly action: string;
  readonly payload: unknown;
}

/** Enough for a script; a station that nobody scripts keeps no more. */
const MOST_KEPT = 100;
const DEFAULT_WITHIN_MILLISECONDS = 10_000;

export class CommandLog {
  private readonly waiting: Waiting[] = [];
  private readonly arrived: Arrived[] = [];

  /** @throws when nothing that fits comes in time. */
  expect(expectation: Expectation): Promise<unknown> {
    const known = expectation.answer === undefined ? this.arrived.findIndex((command) => isMeant(expectation, command)) : -1;
    const [found] = known < 0 ? [] : this.arrived.splice(known, 1);
    if (found !== undefined) return Promise.resolve(found.payload);
    return new Promise((resolve, reject) => {
      const { action, withinMilliseconds = DEFAULT_WITHIN_MILLISECONDS } = expectation;
      const giveUp = () => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(new Error(`no ${action} that fits came within ${withinMilliseconds} ms`));
      };
      const timer = Number.isFinite(withinMilliseconds) ? setTimeout(giveUp, withinMilliseconds) : undefined;
      const waiting: Waiting = {
        ...expectation,
        resolve: (payload) => {
          clearTimeout(timer);
          resolve(payload);
        },
      };
      this.waiting.push(waiting);
    });
  }

  /** The reply that a script has for it, if any. */
  take(action: string, payload: unknown): CommandReply | undefined {
    const index = this.waiting.findIndex((expectation) => isMeant(expectation, { action, payload }));
    const [met] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (met === undefined) {
      this.arrived.push({ action, payload });
      if (this.arrived.length > MOST_KEPT) this.arrived.shift();
      return undefined;
    }
    met.resolve(payload);
    return met.answer;
  }
}

function isMeant({ action, fits }: Expectation, command: Arrived): boolean {
  return action === command.action && (fits?.(command.payload) ?? true);
}

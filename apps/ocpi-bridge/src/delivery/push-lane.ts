// How much may travel to one partner at once, and when: a partner that cannot be reached is probed with a single delivery until it answers,
// one that refuses our token is left alone for a while, one that asks for patience gets it.

/** Requests to one partner at once. */
const WIDTH = 8;
/** How long a partner that answered 401 is left alone. Only a new handshake or its operator can mend that. */
export const UNAUTHORIZED_PAUSE_MS = 5 * 60_000;

export class PushLane {
  private inFlight = 0;
  private pausedUntilMs = 0;
  /** Failures in a row to reach the partner at all. */
  private silences = 0;

  constructor(
    private readonly firstPauseMs: number,
    private readonly longestPauseMs: number,
  ) {}

  isOpen(nowMs: number): boolean {
    return nowMs >= this.pausedUntilMs && this.inFlight < (this.silences > 0 ? 1 : WIDTH);
  }

  /** When it opens again; in the past while it is open. */
  get opensAtMs(): number {
    return this.pausedUntilMs;
  }

  /** The partner was not reached the last time: one delivery at a time finds out whether it is back. */
  get isProbing(): boolean {
    return this.silences > 0;
  }

  enter(): void {
    this.inFlight += 1;
  }

  leave(): void {
    this.inFlight -= 1;
  }

  answered(): void {
    this.silences = 0;
  }

  /** @returns when the partner is tried again. */
  silent(nowMs: number): number {
    const pauseMs = Math.min(this.firstPauseMs * 2 ** Math.min(this.silences, 20), this.longestPauseMs);
    this.silences += 1;
    return this.pause(nowMs, pauseMs);
  }

  pause(nowMs: number, forMs: number): number {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + forMs);
    return this.pausedUntilMs;
  }
}

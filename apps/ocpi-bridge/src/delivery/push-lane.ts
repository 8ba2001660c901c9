// How much may travel to one partner at once, and when: a partner that cannot be reached is probed with a single delivery until it answers,
// one that refuses our token is left alone for a while, one that asks for patience gets it.

/** Requests to one partner at once. */
export const WIDTH = 16;
/** How long a partner that answered 401 is left alone. Only a new token, or its operator, can mend that. */
const UNAUTHORIZED_PAUSE_MS = 5 * 60_000;

export class PushLane {
  private inFlight = 0;
  private pausedUntilMs = 0;
  /** Failures in a row to reach the partner at all. */
  private silences = 0;
  private refusedToken: string | undefined;

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

  /** The partner does not take this token. */
  refused(nowMs: number, token: string): void {
    this.refusedToken = token;
    this.pause(nowMs, UNAUTHORIZED_PAUSE_MS);
  }

  get isRefused(): boolean {
    return this.refusedToken !== undefined;
  }

  /** What is sent from now on. Another token than the refused one has not been refused. */
  sends(token: string): void {
    if (this.refusedToken === undefined || this.refusedToken === token) return;
    this.refusedToken = undefined;
    this.pausedUntilMs = 0;
  }

  pause(nowMs: number, forMs: number): number {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, nowMs + forMs);
    return this.pausedUntilMs;
  }
}

// Slows down whoever fails at the door again and again, and nobody else: what counts is the pair of an identity and the address it comes from,
// so that a healthy station is let in although others fail behind the same address, or fail under its name from elsewhere. No delay is for
// ever, and each failure is longer ago than the one before it. Time is passed in.

interface Failures {
  count: number;
  lastAtMs: number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;
const FORGOTTEN_AFTER_MS = 10 * 60_000;
const MOST_REMEMBERED = 10_000;

export class FailedHandshakes {
  /** By pair, by identity and by address; the oldest first. */
  private readonly failures = new Map<string, Failures>();

  /** @param free how many failures cost nothing: a password is mistyped, a registration is late. */
  constructor(private readonly free: number) {}

  /** How long this pair has to wait before it is looked at again; 0 for not at all. */
  pauseMs(identity: string, address: string, nowMs: number): number {
    const failed = this.of(pairOf(identity, address), nowMs);
    if (!failed || failed.count < this.free) return 0;
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failed.count - this.free), LONGEST_PAUSE_MS);
    return Math.max(failed.lastAtMs + pauseMs - nowMs, 0);
  }

  /** @returns how long to keep the refusal back: many failures of one identity, or from one address, make each slower. */
  failed(identity: string, address: string, nowMs: number): number {
    this.add(pairOf(identity, address), nowMs);
    const most = Math.max(this.add(`identity ${identity}`, nowMs), this.add(`address ${address}`, nowMs));
    return most <= 2 * this.free ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (most - 2 * this.free - 1), LONGEST_DELAY_MS);
  }

  succeeded(identity: string, address: string): void {
    this.failures.delete(pairOf(identity, address));
  }

  private of(key: string, nowMs: number): Failures | undefined {
    const failed = this.failures.get(key);
    return failed && nowMs - failed.lastAtMs < FORGOTTEN_AFTER_MS ? failed : undefined;
  }

  private add(key: string, nowMs: number): number {
    const count = (this.of(key, nowMs)?.count ?? 0) + 1;
    this.failures.delete(key);
    this.failures.set(key, { count, lastAtMs: nowMs });
    const [oldest] = this.failures.keys();
    if (this.failures.size > MOST_REMEMBERED && oldest !== undefined) this.failures.delete(oldest);
    return count;
  }
}

function pairOf(identity: string, address: string): string {
  return `${address} ${identity}`;
}

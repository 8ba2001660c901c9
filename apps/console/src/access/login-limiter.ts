// Slows down whoever guesses a password: so many wrong attempts a minute for one user name from one address.
const WINDOW_MS = 60_000;
export const MOST_ATTEMPTS = 10;
/** A flood of user names must not fill the memory. */
const MOST_WINDOWS = 10_000;

interface Window {
  attempts: number;
  readonly endsAtMs: number;
}

export class LoginLimiter {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly now: () => number) {}

  /**
   * Counts an attempt before it is made, so that many at once are no way around.
   * @returns undefined when it may be made, else the seconds to wait.
   */
  admit(username: string, address: string): number | undefined {
    const window = this.windowOf(keyOf(username, address));
    if (window.attempts >= MOST_ATTEMPTS) return Math.ceil((window.endsAtMs - this.now()) / 1000);
    window.attempts += 1;
    return undefined;
  }

  /** Takes an attempt back that was not a wrong one. */
  release(username: string, address: string): void {
    const window = this.windows.get(keyOf(username, address));
    if (window && window.attempts > 0) window.attempts -= 1;
  }

  /** Windows are as long as each other, so they end in the order in which they are kept. */
  private windowOf(key: string): Window {
    for (const [old, { endsAtMs }] of this.windows) {
      if (endsAtMs > this.now() && this.windows.size <= MOST_WINDOWS) break;
      this.windows.delete(old);
    }
    const window = this.windows.get(key) ?? { attempts: 0, endsAtMs: this.now() + WINDOW_MS };
    this.windows.set(key, window);
    return window;
  }
}

function keyOf(username: string, address: string): string {
  return `${address} ${username.toLowerCase()}`;
}

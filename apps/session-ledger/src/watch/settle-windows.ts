// The settle windows that this process opened, and when they end. In memory only: the read model knows them too, a little later.
import type { Recorded } from '../session/session-book';

export class SettleWindows {
  /** Epoch milliseconds by session. */
  private readonly ends = new Map<string, number>();

  expect({ settling }: Recorded): void {
    for (const [sessionId, at] of settling) this.ends.set(sessionId, Date.parse(at));
  }

  /** @returns the sessions whose windows are over, once. */
  takeOver(nowMs: number): string[] {
    const over = [...this.ends].filter(([, atMs]) => atMs <= nowMs).map(([sessionId]) => sessionId);
    for (const sessionId of over) this.ends.delete(sessionId);
    return over;
  }
}

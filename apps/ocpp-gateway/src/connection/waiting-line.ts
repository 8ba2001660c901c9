// Gives turns in the order in which they were asked for: so many at once, so many a second. Who has waited too long, or would, is told when to
// come again instead, each at another time, at the pace of the line: those who were turned away together do not return together.

export interface LineLimits {
  readonly atOnce: number;
  /** On average; within one second as many may begin at once. */
  readonly perSecond: number;
  readonly longestWaitMs: number;
}

export type Turn =
  | { readonly kind: 'begun' }
  /** Not in this line, but in so many seconds. */
  | { readonly kind: 'later'; readonly retryAfterSeconds: number }
  /** He was gone when his turn came. */
  | { readonly kind: 'gone' };

interface Waiting {
  readonly sinceMs: number;
  readonly isGone: () => boolean;
  readonly tell: (turn: Turn) => void;
}

const LOOKED_AT_EVERY_MS = 50;
/** Beyond this nobody knows; many who are told so are told different times. */
const LONGEST_RETRY_SECONDS = 60;

export class WaitingLine {
  /** The first has waited longest. */
  private readonly waiting = new Set<Waiting>();
  private underWay = 0;
  private allowance: number;
  private refilledAtMs = Date.now();
  /** When the latest of those who were turned away would have his turn. */
  private promisedMs = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly limits: LineLimits) {
    this.allowance = limits.perSecond;
  }

  /** Who begins ends his turn with `over`. */
  turn(isGone: () => boolean): Promise<Turn> {
    const nowMs = Date.now();
    const { perSecond, longestWaitMs } = this.limits;
    if (this.waiting.size >= (perSecond * longestWaitMs) / 1000) return Promise.resolve(this.later(nowMs));
    return new Promise((tell) => {
      this.waiting.add({ sinceMs: nowMs, isGone, tell });
      this.advance();
    });
  }

  over(): void {
    this.underWay -= 1;
    this.advance();
  }

  private advance(): void {
    const nowMs = Date.now();
    this.refill(nowMs);
    for (const first of this.waiting) {
      const turn = this.turnOf(first, nowMs);
      if (!turn) break;
      this.waiting.delete(first);
      first.tell(turn);
    }
    if (this.waiting.size === 0 || this.timer) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.advance();
    }, LOOKED_AT_EVERY_MS);
  }

  private turnOf({ sinceMs, isGone }: Waiting, nowMs: number): Turn | undefined {
    if (isGone()) return { kind: 'gone' };
    if (nowMs - sinceMs > this.limits.longestWaitMs) return this.later(nowMs);
    if (this.underWay >= this.limits.atOnce || this.allowance < 1) return undefined;
    this.underWay += 1;
    this.allowance -= 1;
    return { kind: 'begun' };
  }

  private refill(nowMs: number): void {
    const { perSecond } = this.limits;
    this.allowance = Math.min(this.allowance + ((nowMs - this.refilledAtMs) / 1000) * perSecond, perSecond);
    this.refilledAtMs = nowMs;
  }

  private later(nowMs: number): Turn {
    const { perSecond } = this.limits;
    this.promisedMs = Math.max(this.promisedMs, nowMs + (this.waiting.size / perSecond) * 1000) + 1000 / perSecond;
    const seconds = Math.ceil((this.promisedMs - nowMs) / 1000);
    const most = Math.ceil((LONGEST_RETRY_SECONDS * (1 + Math.random())) / 2);
    return { kind: 'later', retryAfterSeconds: Math.min(seconds, most) };
  }
}

// Feeds a handler with the events that wait, in order, one batch at a time, and retries a failing batch with growing pauses. What stands
// between a subscription's push and a handler that takes its time.
import { type BatchHandler, comparePositions, type Position, type StoredEvent } from './event-store';

export interface PumpOptions {
  maxBatch?: number;
  onFailure: (error: unknown) => void;
}

const LONGEST_PAUSE_MS = 5_000;

export class BatchPump {
  private readonly queue: StoredEvent[] = [];
  private reached: Position | undefined;
  private handled: Position | undefined;
  private working: Promise<void> | undefined;
  private stopped = false;
  private wake: (() => void) | undefined;
  private watchers: { position: Position; resolve: () => void }[] = [];

  constructor(
    private readonly handle: BatchHandler,
    private readonly options: PumpOptions,
    /** Told after each batch, so that the source can be slowed down and let go again. */
    private readonly onBatchDone: (waiting: number) => void = () => undefined,
  ) {}

  /** The last position that the handler has finished. */
  get position(): Position | undefined {
    return this.handled;
  }

  /** @returns how many events wait now. */
  push(event: StoredEvent): number {
    this.queue.push(event);
    this.start();
    return this.queue.length;
  }

  /** The source has passed this position and no event before it matched. */
  pass(position: Position): void {
    this.reached = position;
    this.start();
  }

  /** Resolves when the handler has finished the position or a later one. */
  reachedPosition(position: Position): Promise<void> {
    if (this.handled !== undefined && comparePositions(this.handled, position) >= 0) return Promise.resolve();
    return new Promise((resolve) => this.watchers.push({ position, resolve }));
  }

  async drained(): Promise<void> {
    while (this.working) await this.working;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.wake?.();
    await this.drained();
  }

  private start(): void {
    if (this.working || this.stopped) return;
    this.working = this.work().finally(() => {
      this.working = undefined;
    });
  }

  private async work(): Promise<void> {
    // Events that arrive in the same turn travel in the same batch.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (!this.stopped && (this.queue.length > 0 || this.reached !== undefined)) {
      const batch = this.queue.slice(0, this.options.maxBatch ?? 500);
      const passed = batch.length === this.queue.length ? this.reached : undefined;
      const position = later(passed, batch.at(-1)?.position);
      if (position === undefined) return;
      if (!(await this.handleUntilDone(batch, position))) return;
      this.queue.splice(0, batch.length);
      if (passed !== undefined && this.reached === passed) this.reached = undefined;
      this.handled = position;
      this.tellWatchers(position);
      this.onBatchDone(this.queue.length);
    }
  }

  private tellWatchers(handled: Position): void {
    if (this.watchers.length === 0) return;
    const met = this.watchers.filter((watcher) => comparePositions(watcher.position, handled) <= 0);
    this.watchers = this.watchers.filter((watcher) => !met.includes(watcher));
    for (const watcher of met) watcher.resolve();
  }

  private async handleUntilDone(batch: StoredEvent[], position: Position): Promise<boolean> {
    for (let pauseMs = 50; !this.stopped; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        await this.handle(batch, position);
        return true;
      } catch (error) {
        this.options.onFailure(error);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pauseMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return false;
  }
}

/** A checkpoint may have been told before events that lie behind it joined the batch. */
function later(a: Position | undefined, b: Position | undefined): Position | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}

// Messages a station must not lose: what happened in a transaction, and the state of its connectors. They leave in the order in which they
// happened, and each is repeated, with a new message id, until the back end answers it with a CALLRESULT (OCPP 1.6 section 4.6, OCPP 2.0.1
// use case E04). Neither a CALLERROR nor a crash of the back end makes the station forget one.
import { setTimeout as sleep } from 'node:timers/promises';
import { StationClosed } from '../failures';
import type { Log } from './connection';

interface Entry {
  readonly action: string;
  /** Made at the moment of sending: a later message may need the id that an earlier one's answer brings. */
  readonly payload: () => object;
  readonly answered: (answer: unknown) => void;
  readonly abandoned: (error: StationClosed) => void;
}

const LONGEST_RETRY_FACTOR = 20;

export class Outbox {
  private readonly queue: Entry[] = [];
  private readonly closing = new AbortController();
  private readonly waiting: Array<{ readonly resolve: () => void; readonly reject: (error: Error) => void }> = [];
  private working = false;

  constructor(
    private readonly line: { call(action: string, payload: object): Promise<unknown> },
    private readonly retryMilliseconds: number,
    private readonly log: Log,
  ) {}

  /** Messages not confirmed yet. */
  get size(): number {
    return this.queue.length;
  }

  /** Resolves with the back end's answer, however long that takes; rejects only when the station is closed. */
  deliver(action: string, payload: () => object): Promise<unknown> {
    return new Promise((answered, abandoned) => this.put({ action, payload, answered, abandoned }));
  }

  /** Delivers without anybody waiting for the answer. */
  post(action: string, payload: () => object, answered: (answer: unknown) => void = () => undefined): void {
    this.put({
      action,
      payload,
      answered,
      abandoned: () => this.log(`${action} was never confirmed`),
    });
  }

  /** Resolves when nothing is left to confirm; rejects when the station is closed first. */
  emptied(): Promise<void> {
    if (this.queue.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  close(): void {
    this.closing.abort();
    for (const entry of this.queue.splice(0)) entry.abandoned(new StationClosed());
    for (const { reject } of this.waiting.splice(0)) reject(new StationClosed());
  }

  private put(entry: Entry): void {
    if (this.closing.signal.aborted) {
      entry.abandoned(new StationClosed());
      return;
    }
    this.queue.push(entry);
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    let failures = 0;
    for (let entry = this.queue[0]; entry !== undefined; entry = this.queue[0]) {
      try {
        const answer = await this.line.call(entry.action, entry.payload());
        if (this.queue[0] === entry) this.queue.shift();
        entry.answered(answer);
        failures = 0;
      } catch (error) {
        if (this.closing.signal.aborted) break;
        failures += 1;
        this.log(`${entry.action} will be repeated: ${error instanceof Error ? error.message : String(error)}`);
        await this.waitBeforeRetry(failures);
      }
    }
    this.working = false;
    for (const { resolve } of this.waiting.splice(0)) resolve();
  }

  /** The wait grows with each failure, as OCPP 1.6 TransactionMessageRetryInterval and 2.0.1 MessageAttemptInterval ask. */
  private async waitBeforeRetry(failures: number): Promise<void> {
    const milliseconds = this.retryMilliseconds * Math.min(failures, LONGEST_RETRY_FACTOR);
    // The abort only cuts the wait short; the loop sees an empty queue afterwards.
    await sleep(milliseconds, undefined, { signal: this.closing.signal }).catch(() => undefined);
  }
}

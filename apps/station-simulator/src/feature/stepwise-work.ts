// Work of a station that takes a while and tells how far it is: uploading, downloading, installing. A newer order of its kind cancels it.

import type { StationHost } from '../station/host';
import { DEFAULT_STEP_SECONDS } from '../station/outcomes';
import type { Alarm } from '../timers';

export class StepwiseWork {
  private current: string | undefined;
  private alarm: Alarm | undefined;
  private isCancelled = false;

  constructor(
    private readonly host: Pick<StationHost, 'later' | 'outcomes'>,
    private readonly tell: (status: string) => Promise<void>,
  ) {}

  /** The last status told, or undefined when the work is over or has not begun. */
  get status(): string | undefined {
    return this.current;
  }

  /** Resolves after the step's time, when it is told, or never when the work is cancelled. */
  async step(status: string): Promise<void> {
    await this.waitSeconds(this.host.outcomes.stepSeconds ?? DEFAULT_STEP_SECONDS);
    this.current = status;
    await this.tell(status);
  }

  waitSeconds(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.isCancelled) return;
      this.alarm = this.host.later(seconds, () => this.isCancelled || resolve());
    });
  }

  end(): void {
    this.current = undefined;
  }

  /** False when nothing was under way. */
  cancel(): boolean {
    const wasUnderWay = this.current !== undefined;
    this.isCancelled = true;
    this.alarm?.cancel();
    this.end();
    return wasUnderWay;
  }
}

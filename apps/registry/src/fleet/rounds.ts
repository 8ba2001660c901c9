// Looks again and again at what is to be done, one look at a time; a look that fails is made up for by the next one.
import type { Log } from '@evenkeel/service';

export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly looks: readonly { look(now: Date): Promise<void> }[],
    private readonly everyMs: number,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.lookAtAll().finally(() => this.start());
    }, this.everyMs).unref();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  /** Side by side: none waits for the stations of another. */
  private async lookAtAll(): Promise<void> {
    const looks = await Promise.allSettled(this.looks.map((each) => each.look(new Date())));
    for (const look of looks) {
      if (look.status === 'rejected')
        this.log.warn({ error: look.reason as unknown }, 'a look at the fleet failed; the next one comes by itself');
    }
  }
}

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

  private async lookAtAll(): Promise<void> {
    for (const each of this.looks) {
      try {
        await each.look(new Date());
      } catch (error) {
        this.log.warn({ error }, 'a look at the fleet failed; the next one comes by itself');
      }
    }
  }
}

// What the certificate room does by itself: it looks again at what waits and at what expires, and tells the authority of revocations.
import type { Relay } from '@evenkeel/event-store';
import type { Log } from '@evenkeel/service';
import type { CertificateDesk } from './certificate-desk';

export class CertificateRounds {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly desk: Pick<CertificateDesk, 'look'>,
    /** Absent: there is no authority to tell. */
    private readonly revocations: Pick<Relay, 'start' | 'stop'> | undefined,
    private readonly everyMs: number,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  async start(): Promise<void> {
    await this.revocations?.start();
    this.next();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
    await this.revocations?.stop();
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.desk
        .look(new Date())
        .catch((error) => this.log.warn({ error }, 'a look at the certificates failed; the next one comes by itself'))
        .finally(() => this.next());
    }, this.everyMs).unref();
  }
}

// An upload of logs or diagnostics, as far as the back end hears of it. Nothing is really uploaded.
import type { StationHost } from '../station/host';
import { StepwiseWork } from './stepwise-work';

export class Upload {
  private readonly work: StepwiseWork;

  constructor(
    private readonly host: Pick<StationHost, 'later' | 'outcomes'>,
    tell: (status: string) => Promise<void>,
  ) {
    this.work = new StepwiseWork(host, tell);
  }

  get status(): string {
    return this.work.status ?? 'Idle';
  }

  async run(): Promise<void> {
    await this.work.step('Uploading');
    await this.work.step(this.host.outcomes.logs ?? 'Uploaded');
    this.work.end();
  }

  cancel(): boolean {
    return this.work.cancel();
  }
}

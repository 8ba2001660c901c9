// Looks at the budgets now and then: time changes who needs what, and what nobody has answered is told again.
import type { Log } from '@evenkeel/service';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import type { BudgetDesk } from './budget-desk';

export class BudgetRounds implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly desk: Pick<BudgetDesk, 'look'>,
    private readonly everyMs: number,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  onModuleInit(): void {
    this.next();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private next(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.round = this.desk
        .look(new Date())
        .catch((error) => this.log.warn({ error }, 'a look at the budgets failed; the next one comes by itself'))
        .finally(() => this.next());
    }, this.everyMs).unref();
  }
}

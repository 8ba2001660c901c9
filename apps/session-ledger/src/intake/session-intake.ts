// Hears what stations reported. The batch is acknowledged when every fact in it is durable in its session's stream; the terms are asked for
// after that, because a silent registry is no reason to have a fact delivered again.
// Next: apps/session-ledger/src/session/session-book.ts
import type { Hears, Message } from '@evenkeel/contracts';
import { Hear } from '@evenkeel/messaging';
import { Controller } from '@nestjs/common';
import { CostDesk } from '../cost/cost-desk';
import { LimitDesk } from '../cost/limit-desk';
import { SessionBook } from '../session/session-book';
import { FollowUp } from '../terms/follow-up';

@Controller()
export class SessionIntake implements Hears<'session-ledger'> {
  constructor(
    private readonly book: SessionBook,
    private readonly followUp: FollowUp,
    private readonly costs: CostDesk,
    private readonly limits: LimitDesk,
  ) {}

  @Hear('stationFacts')
  async stationFacts({ facts }: Message<'stationFacts'>): Promise<void> {
    this.followUp.after(await this.book.record(facts));
    this.costs.after(facts);
    this.limits.after(facts);
  }
}

// A party's books, as billing tells them.
import type { StatementLine } from '@evenkeel/contracts';
import { Requester } from '@evenkeel/messaging';
import { SETTINGS } from '@evenkeel/service';
import { Controller, Inject } from '@nestjs/common';
import { Operate } from '../api/operate';
import type { Input, Output } from '../api/operations';
import type { ConsoleSettings } from '../config';
import { statementTable } from './statement-table';

/** Lines that billing tells at once: as many as one message holds for certain. */
const LINES_AT_ONCE = 1_000;

@Controller()
export class BooksController {
  constructor(
    private readonly services: Requester<'console'>,
    @Inject(SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  @Operate('trialBalance')
  trialBalance({ query }: Input<'trialBalance'>): Promise<Output<'trialBalance'>> {
    return this.services.ask('trialBalance', this.owned(query));
  }

  @Operate('settlementStatement')
  statement({ query }: Input<'settlementStatement'>): Promise<Output<'settlementStatement'>> {
    return this.services.ask('settlementStatement', this.owned(query));
  }

  @Operate('settlementStatementCsv')
  async table({ query }: Input<'settlementStatementCsv'>): Promise<Output<'settlementStatementCsv'>> {
    const lines: StatementLine[] = [];
    let after: string | undefined;
    do {
      const place = after === undefined ? {} : { after };
      const page = await this.services.ask('settlementStatement', { ...this.owned(query), limit: LINES_AT_ONCE, ...place });
      lines.push(...page.items);
      after = page.next;
    } while (after !== undefined);
    return statementTable(lines);
  }

  private owned<T extends { party?: string }>(query: T): T & { party: string } {
    return { ...query, party: query.party ?? this.settings.PARTY };
  }
}

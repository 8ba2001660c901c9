// Holds the books against what was issued, again and again: whether each CDR and each driver's bill has its number and its entry, whether all
// claims together are the receivables and these the revenue and taxes, and whether debits equal credits. What does not tie is a metric to be
// alerted on.
import type { BooksFinding, PartyKey } from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import type { Log, Metrics } from '@evenkeel/service';
import { sql } from 'kysely';
import { type BooksTables, isInTheBooks, type Series } from '../view/books-tables';

const checks: readonly BooksFinding['check'][] = ['not-booked', 'claims-differ', 'numbers-differ', 'not-balanced', 'deliveries-differ'];
/** What is younger may still be on its way into the books. */
const GRACE_SECONDS = 120;

export interface BooksCheckOptions {
  database: Database<BooksTables>;
  metrics: Pick<Metrics, 'gauge'>;
  log: Pick<Log, 'error' | 'warn'>;
  everyMs: number;
  graceSeconds?: number;
}

export class BooksCheck {
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly options: BooksCheckOptions) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setInterval(() => this.work(), this.options.everyMs);
    this.work();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.working;
  }

  /** @returns what does not tie, of one party or of all. */
  async findings(party?: PartyKey): Promise<BooksFinding[]> {
    const looks = [this.notBooked(), this.claimsDiffer(), this.numbersDiffer(), this.notBalanced(), this.deliveriesDiffer()];
    const found = await Promise.all(looks);
    return found.flat().filter((finding) => party === undefined || finding.party === party);
  }

  private work(): void {
    const { log } = this.options;
    this.working ??= this.look()
      .catch((error) => log.warn({ error }, 'the books could not be checked'))
      .finally(() => {
        this.working = undefined;
      });
  }

  private async look(): Promise<void> {
    const { metrics, log } = this.options;
    const found = await this.findings();
    const help = 'Places where the books and the issued CDRs do not tie, by check; 0 while they do';
    for (const check of checks) {
      const count = found.filter((finding) => finding.check === check).length;
      metrics.gauge('evenkeel_billing_books_out_of_balance', help, count, { check });
    }
    const at = 'When the books were last checked, in seconds since 1970';
    metrics.gauge('evenkeel_billing_books_checked_timestamp_seconds', at, Math.floor(Date.now() / 1000));
    if (found.length > 0) log.error({ findings: found }, 'the books do not tie');
  }

  private async notBooked(): Promise<BooksFinding[]> {
    const { database, graceSeconds = GRACE_SECONDS } = this.options;
    const { rows } = await sql<{ party: PartyKey; cdrs: string; one: string }>`
      select party, count(*) as cdrs, min(cdr_id) as one from claim
      where not ${isInTheBooks} and recorded_at < now() - make_interval(secs => ${graceSeconds})
      group by party`.execute(database);
    return rows.map(({ party, cdrs, one }) => ({
      ...{ party, check: 'not-booked' },
      text: `${cdrs} CDRs or bills have no number or no entry that says what they say, among them ${one}`,
    }));
  }

  /** Those that are on their way are left out on both sides. */
  private async claimsDiffer(): Promise<BooksFinding[]> {
    const { rows } = await sql<{ party: PartyKey; currency: string; due: string; receivable: string; income: string }>`
      with coming as (select party, currency, sum(due) as due from claim
             where not ${isInTheBooks} and receivable is null group by party, currency),
           posted as (select party, currency,
             coalesce(sum(debit - credit) filter (where account like 'receivable/%'), 0) as receivable,
             coalesce(sum(credit - debit) filter (where account not like 'receivable/%'), 0) as income
             from turnover where kind in ('claim', 'credit') group by party, currency),
           compared as (select party, currency, coalesce(claimed.due, 0) - coalesce(coming.due, 0) as due,
             coalesce(posted.receivable, 0) as receivable, coalesce(posted.income, 0) as income
             from claimed full join posted using (party, currency) left join coming using (party, currency))
      select * from compared where due <> receivable or due <> income`.execute(this.options.database);
    return rows.map(({ party, currency, due, receivable, income }) => ({
      ...{ party, check: 'claims-differ' },
      text: `CDRs and bills less credits claim ${due} ${currency}, receivables are ${receivable}, revenue and taxes ${income}`,
    }));
  }

  private async numbersDiffer(): Promise<BooksFinding[]> {
    const { rows } = await sql<{ party: PartyKey; series: Series; numbered: number; highest: number }>`
      select party, series, numbered, highest from numbering where numbered <> highest`.execute(this.options.database);
    return rows.map(({ party, series, numbered, highest }) => ({
      ...{ party, check: 'numbers-differ' },
      text: `${numbered} ${series === 'cdr' ? 'CDRs' : 'bills'} have a number, and the highest number is ${highest}`,
    }));
  }

  private async notBalanced(): Promise<BooksFinding[]> {
    const { rows } = await sql<{ party: PartyKey; currency: string; difference: string }>`
      select party, currency, sum(debit - credit) as difference from turnover
      group by party, currency having sum(debit - credit) <> 0`.execute(this.options.database);
    return rows.map(({ party, currency, difference }) => ({
      ...{ party, check: 'not-balanced' },
      text: `debits exceed credits by ${difference} ${currency}`,
    }));
  }

  private async deliveriesDiffer(): Promise<BooksFinding[]> {
    const { database, graceSeconds = GRACE_SECONDS } = this.options;
    const { rows } = await sql<{ party: PartyKey; deliveries: string; one: string }>`
      select party, count(*) as deliveries, min(cdr_id) as one from delivery
      where not agrees and recorded_at < now() - make_interval(secs => ${graceSeconds})
      group by party`.execute(database);
    return rows.map(({ party, deliveries, one }) => ({
      ...{ party, check: 'deliveries-differ' },
      text: `${deliveries} deliveries are of no CDR of the books, or of one with another amount or debtor, among them ${one}`,
    }));
  }
}

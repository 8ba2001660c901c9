// The trial balance: what every account of a party was moved by, in each currency. Drivers share one line, because each of them has an
// account of its own.
import type { Reply, Request } from '@evenkeel/contracts';
import { Decimal, Money } from '@evenkeel/money';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import type { BooksCheck } from '../books/books-check';
import type { BooksTables } from './books-tables';

interface AccountRow {
  account: string;
  currency: string;
  debit: string;
  credit: string;
}

export class TrialBalanceView {
  constructor(
    private readonly database: Database<BooksTables>,
    private readonly check: Pick<BooksCheck, 'findings'>,
  ) {}

  async get({ party, through }: Request<'trialBalance'>): Promise<Reply<'trialBalance'>> {
    const until = through === undefined ? sql`` : sql`and month <= ${through}`;
    const { rows } = await sql<AccountRow>`
      select regexp_replace(account, '^([a-z-]+/driver)/.*$', '\\1') as account, currency, sum(debit) as debit, sum(credit) as credit
      from turnover where party = ${party} ${until}
      group by 1, 2 order by 1, 2`.execute(this.database);
    const currencies = [...new Set(rows.map(({ currency }) => currency))].sort();
    const totals = currencies.map((currency) => {
      const of = rows.filter((row) => row.currency === currency);
      return { currency, ...amountsOf({ debit: sumOf(of, 'debit'), credit: sumOf(of, 'credit') }, currency) };
    });
    const accounts = rows.map(({ account, currency, ...sides }) => ({ account, currency, ...amountsOf(sides, currency) }));
    return { party, ...(through === undefined ? {} : { through }), accounts, totals, findings: await this.check.findings(party) };
  }
}

function amountsOf({ debit, credit }: { debit: string; credit: string }, currency: string) {
  const [debits, credits] = [Money.parse(debit, currency), Money.parse(credit, currency)];
  return { debit: debits.toString(), credit: credits.toString(), balance: debits.subtract(credits).toString() };
}

function sumOf(rows: readonly AccountRow[], side: 'debit' | 'credit'): string {
  return rows.reduce((sum, row) => sum.add(Decimal.parse(row[side])), Decimal.ZERO).toString();
}

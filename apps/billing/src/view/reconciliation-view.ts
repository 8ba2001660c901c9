// A settlement statement held against what the partner has got: each CDR and credit is delivered, waits or was given up, and the statement is
// settled when all of them are delivered for the amounts that are stated and booked.
import type { Reconciliation, StatementTotal } from '@evenkeel/contracts';
import { Money } from '@evenkeel/money';
import type { Database } from '@evenkeel/read-model';
import { type RawBuilder, sql } from 'kysely';
import type { BooksTables, DeliveryRow } from './books-tables';

interface DeliveredRow {
  currency: string;
  status: DeliveryRow['status'] | 'waiting';
  cdrs: string;
  credits: string;
  due: string;
  /** Null where nothing is known of a delivery. */
  amount: string | null;
  agrees: boolean;
}

/** @param ofStatement the condition on `claim` that chooses the statement's lines. */
export async function reconciliationOf(
  database: Database<BooksTables>,
  ofStatement: RawBuilder<boolean>,
  totals: readonly StatementTotal[],
): Promise<Reconciliation> {
  const { rows } = await sql<DeliveredRow>`
    select claim.currency, coalesce(delivery.status, 'waiting') as status, count(*) as cdrs, count(*) filter (where claim.credit) as credits,
           sum(claim.due) as due, sum(delivery.amount) as amount, bool_and(coalesce(delivery.agrees, false)) as agrees
    from claim left join delivery on delivery.cdr_id = claim.cdr_id where ${ofStatement} group by 1, 2`.execute(database);
  const count = (of: readonly DeliveredRow[], column: 'cdrs' | 'credits') => of.reduce((all, row) => all + Number(row[column]), 0);
  const inStatus = (status: DeliveredRow['status']) => rows.filter((row) => row.status === status);
  return {
    cdrs: count(rows, 'cdrs'),
    credits: count(rows, 'credits'),
    delivered: count(inStatus('delivered'), 'cdrs'),
    waiting: count(inStatus('waiting'), 'cdrs'),
    parked: count(inStatus('parked'), 'cdrs'),
    sums: totals.map(({ currency, due }) => {
      const sum = (status: DeliveredRow['status'], column: 'due' | 'amount') => {
        const of = inStatus(status).filter((row) => row.currency === currency);
        return Money.sum(
          of.map((row) => Money.parse(row[column] ?? '0', currency)),
          currency,
        ).toString();
      };
      return { currency, due, delivered: sum('delivered', 'amount'), waiting: sum('waiting', 'due'), parked: sum('parked', 'due') };
    }),
    agrees: rows.every(({ status, agrees }) => status === 'delivered' && agrees) && totals.every(({ ties }) => ties),
  };
}

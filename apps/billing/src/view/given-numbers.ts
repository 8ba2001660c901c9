// The numbers of a book in a table of what it numbers. What has a number was stored before it, so its row is there.
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import type { GivenNumber } from '../numbering/numbered';

/** @param rows of which table, by which key, and which of them alone where a key names several. */
export async function giveNumbers(
  database: QueryExecutorProvider,
  rows: { table: string; key: string; only?: RawBuilder<boolean> },
  numbers: readonly GivenNumber[],
): Promise<void> {
  if (numbers.length === 0) return;
  const { table, key, only = sql<boolean>`true` } = rows;
  await sql`
    update ${sql.table(table)} set number = given.number
    from json_to_recordset(${JSON.stringify(numbers)}::json) as given (cdr_id text, number integer)
    where ${sql.ref(`${table}.${key}`)} = given.cdr_id and ${only}`.execute(database);
}

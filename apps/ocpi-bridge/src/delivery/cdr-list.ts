// The list of CDRs that a partner reads page by page, flat in cost at any offset: how many there are of each hour is kept, so that a page begins
// at the hour its offset falls into and the rows before it are never walked. The order is the one of their issue, which never changes, and
// `last_updated` of a CDR is its issue too, so that the dates of a query cut one stretch out of the list (OCPI 2.2.1 mod_cdrs, GET).
import type { PartyKey } from '@evenkeel/contracts';
import type { PageQuery } from '@evenkeel/ocpi';
import type { Database } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import type { Deliverable } from './delivery';
import type { DeliveryTables } from './delivery-view';

export interface CdrHourRow {
  recipient: PartyKey;
  hour: string;
  cdrs: number;
}

const HOUR_MS = 3_600_000;

export async function createCdrHours(database: Transaction<DeliveryTables>): Promise<void> {
  await database.schema
    .createTable('cdr_hour')
    .addColumn('recipient', 'text', (column) => column.notNull())
    .addColumn('hour', 'timestamptz', (column) => column.notNull())
    .addColumn('cdrs', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('cdr_hour_key', ['recipient', 'hour'])
    .execute();
  await sql`create index delivery_cdrs on delivery (recipient, last_updated, stream) where module = 'cdrs'`.execute(database);
}

/** @param cdrs those that were not in the list before. */
export async function countCdrs(
  transaction: Transaction<DeliveryTables>,
  cdrs: readonly { recipient: PartyKey; last_updated: string }[],
): Promise<void> {
  const hours = new Map<string, CdrHourRow>();
  for (const { recipient, last_updated } of cdrs) {
    const hour = new Date(Math.floor(Date.parse(last_updated) / HOUR_MS) * HOUR_MS).toISOString();
    const counted = hours.get(`${recipient} ${hour}`) ?? { recipient, hour, cdrs: 0 };
    hours.set(`${recipient} ${hour}`, { ...counted, cdrs: counted.cdrs + 1 });
  }
  if (hours.size === 0) return;
  await transaction
    .insertInto('cdr_hour')
    .values([...hours.values()])
    .onConflict((conflict) => conflict.columns(['recipient', 'hour']).doUpdateSet({ cdrs: sql<number>`cdr_hour.cdrs + excluded.cdrs` }))
    .execute();
}

/** One page of the CDRs that these parties were or will be sent, and how many match. */
export async function cdrPage(
  database: Database<DeliveryTables>,
  recipients: readonly PartyKey[],
  { from = '-infinity', to = 'infinity', offset, limit }: PageQuery,
): Promise<{ items: Deliverable[]; total: number }> {
  const listed = sql`module = 'cdrs' and recipient = any(${recipients}::text[])`;
  // Both statements must see the same list.
  const transaction = database.transaction().setIsolationLevel('repeatable read').setAccessMode('read only');
  return transaction.execute(async (view) => {
    const { rows: found } = await sql<{ total: string; first: string | null; last: string; before: string }>`
      with hours as (
        select hour, sum(cdrs) as cdrs from cdr_hour
        where recipient = any(${recipients}::text[]) and hour > ${from}::timestamptz - interval '1 hour' and hour < ${to}::timestamptz
        group by hour
      ), counted as (
        select hour, case
          when hour >= ${from}::timestamptz and hour + interval '1 hour' <= ${to}::timestamptz then cdrs
          else (
            select count(*) from delivery where ${listed}
            and last_updated >= greatest(hour, ${from}::timestamptz) and last_updated < least(hour + interval '1 hour', ${to}::timestamptz)
          ) end as cdrs
        from hours
      ), running as (
        select hour, cdrs, sum(cdrs) over (order by hour) as up_to from counted
      )
      select coalesce(sum(cdrs), 0) as total,
        min(hour) filter (where up_to > ${offset}) as first,
        min(up_to - cdrs) filter (where up_to > ${offset}) as before,
        coalesce(min(hour) filter (where up_to >= ${offset + limit}), max(hour)) as last
      from running`.execute(view);
    const [{ total, first, last, before } = missingRow()] = found;
    if (first === null) return { items: [], total: Number(total) };
    const { rows } = await sql<{ object: Deliverable }>`
      select object from delivery where ${listed}
      and last_updated >= greatest(${first}::timestamptz, ${from}::timestamptz)
      and last_updated < least(${last}::timestamptz + interval '1 hour', ${to}::timestamptz)
      order by last_updated, stream offset ${offset - Number(before)} limit ${limit}`.execute(view);
    return { items: rows.map(({ object }) => object), total: Number(total) };
  });
}

function missingRow(): never {
  throw new Error('a query without groups has one row');
}

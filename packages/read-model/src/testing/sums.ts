// A projection for specs, and pods that run it: each with a pool of its own, as processes have.
import { randomUUID } from 'node:crypto';
import type { EventStore, Position } from '@evenkeel/event-store';
import { type RunningPostgres, eventually as waitFor } from '@evenkeel/testkit';
import { sql } from 'kysely';
import { type Database, openDatabase, recordset } from '../database';
import type { Projection } from '../projection';
import { Projector, type ProjectorOptions } from '../projector';

export type TotalTables = { total: { stream: string; sum: number } };

/** Adds up `by` a stream. Applied twice or not at all, an event shows. */
export const sums: Projection<TotalTables> = {
  name: 'sums',
  version: 1,
  streamPrefixes: ['thing-'],
  async create(transaction) {
    await sql`create table total (stream text primary key, sum integer not null)`.execute(transaction);
  },
  async apply(transaction, events) {
    const added = new Map<string, number>();
    for (const { stream, data } of events) added.set(stream, (added.get(stream) ?? 0) + (data as { by: number }).by);
    await sql`
      insert into total select stream, sum from ${recordset('total', rowsOf(added))}
      on conflict (stream) do update set sum = total.sum + excluded.sum`.execute(transaction);
  },
};

function rowsOf(sumByStream: ReadonlyMap<string, number>) {
  return [...sumByStream].map(([stream, sum]) => ({ stream, sum }));
}

export interface Pod {
  database: Database<TotalTables>;
  projector: Projector<TotalTables>;
  totals(): Promise<Record<string, number>>;
}

export class DatabaseUnderTest {
  private readonly pods: Pod[] = [];
  private readonly revisions = new Map<string, number>();

  private constructor(
    readonly url: string,
    private readonly store: EventStore,
  ) {}

  static async create(postgres: RunningPostgres, store: EventStore): Promise<DatabaseUnderTest> {
    return new DatabaseUnderTest(await postgres.ensureDatabase(`test_${randomUUID().replaceAll('-', '')}`), store);
  }

  /** @returns the position of the last one. */
  async add(stream: string, ...amounts: number[]): Promise<Position> {
    const events = amounts.map((by) => ({ id: randomUUID(), type: 'Added', data: { by } }));
    const { revision, position } = await this.store.append(stream, this.revisions.get(stream) ?? 'no-stream', events);
    this.revisions.set(stream, revision);
    return position;
  }

  async pod(options: Partial<ProjectorOptions<TotalTables>> = {}): Promise<Pod> {
    const { projection = sums } = options;
    const database = await openDatabase<TotalTables>(this.url, { projections: [projection] });
    const projector = new Projector({ database, store: this.store, projection, onFailure: () => undefined, pollMs: 50, ...options });
    const pod: Pod = {
      database,
      projector,
      totals: async () => {
        const rows = await database.selectFrom('total').selectAll().execute();
        return Object.fromEntries(rows.map(({ stream, sum }) => [stream, sum]));
      },
    };
    this.pods.push(pod);
    return pod;
  }

  /** The schemas of the projection, as an operator would list them. */
  async schemas(): Promise<string[]> {
    const database = await openDatabase<TotalTables>(this.url);
    try {
      const { rows } = await sql<{ nspname: string }>`select nspname from pg_namespace where nspname like 'sums%' order by 1`.execute(
        database,
      );
      return rows.map(({ nspname }) => nspname);
    } finally {
      await database.destroy();
    }
  }

  async close(): Promise<void> {
    for (const { projector, database } of this.pods) {
      await projector.stop();
      await database.destroy();
    }
  }
}

/** A pod follows a silent one after 5 s, and on a busy machine later. */
export function eventually<T>(look: Parameters<typeof waitFor<T>>[0]): Promise<T> {
  return waitFor(look, 15_000);
}

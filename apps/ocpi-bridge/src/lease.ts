// One replica at a time pushes and pulls: it holds a lease in the database and renews it while it lives. A replica that died is followed
// within the lease's length; one that only slept may still finish a request, which receivers must bear anyway (a CDR is known by its id).
import { randomUUID } from 'node:crypto';
import type { Database, Migrations } from '@evenkeel/read-model';
import { sql } from 'kysely';

export interface LeaseTables {
  lease: { name: string; holder: string; held_until: string };
}

export const leaseMigrations: Migrations = {
  '003-lease': {
    up: async (database) => {
      await database.schema
        .createTable('lease')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('holder', 'text', (column) => column.notNull())
        .addColumn('held_until', 'timestamptz', (column) => column.notNull())
        .execute();
    },
  },
};

const LENGTH_SECONDS = 5;
/** Renewed well before it ends. */
const RENEW_MS = 1_500;

export class Lease {
  private readonly holder = randomUUID();
  private renewAtMs = 0;

  constructor(
    private readonly database: Database<LeaseTables>,
    private readonly name: string,
  ) {}

  /** @returns whether this replica is the one. */
  async hold(): Promise<boolean> {
    const nowMs = performance.now();
    if (nowMs < this.renewAtMs) return true;
    this.renewAtMs = 0;
    const { numAffectedRows } = await sql`
      insert into lease (name, holder, held_until)
      values (${this.name}, ${this.holder}, now() + make_interval(secs => ${LENGTH_SECONDS}))
      on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
      where lease.holder = excluded.holder or lease.held_until < now()`.execute(this.database);
    if (numAffectedRows !== 1n) return false;
    this.renewAtMs = nowMs + RENEW_MS;
    return true;
  }

  /** Lets the next replica begin at once. */
  async release(): Promise<void> {
    this.renewAtMs = 0;
    await this.database.deleteFrom('lease').where('name', '=', this.name).where('holder', '=', this.holder).execute();
  }
}

// Until when each list of a partner was read completely: the next crawl begins there.
import type { Database, Migrations } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { pulledBy, type Role } from '../interfaces';
import type { RegisteredPartner } from '../partner/partner-view';

export interface PullTables {
  /** A new registration starts from the beginning. */
  pull: { partner_id: string; registered_at: string; module: string; complete_until: string };
}

export const pullMigrations: Migrations = {
  '006-pull': {
    up: async (database) => {
      await database.schema
        .createTable('pull')
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .addColumn('registered_at', 'timestamptz', (column) => column.notNull())
        .addColumn('module', 'text', (column) => column.notNull())
        .addColumn('complete_until', 'timestamptz', (column) => column.notNull())
        .addPrimaryKeyConstraint('pull_key', ['partner_id', 'registered_at', 'module'])
        .execute();
    },
  },
  // What was kept in the words of OCPI 2.2.1 comes back in the canonical form.
  '008-pull-again': {
    up: async (database) => {
      for (const table of ['pull', 'partner_location', 'partner_tariff']) await database.deleteFrom(table).execute();
    },
  },
};

/** Before anything was ever updated. */
export const BEGINNING = '1970-01-01T00:00:00.000Z';

export class PullBook {
  constructor(
    private readonly database: Database<PullTables>,
    private readonly role: Role,
  ) {}

  async completeUntil({ partnerId, registeredAt }: RegisteredPartner, module: string): Promise<string | undefined> {
    const row = await this.database
      .selectFrom('pull')
      .select('complete_until')
      .where('partner_id', '=', partnerId)
      .where('registered_at', '=', registeredAt)
      .where('module', '=', module)
      .executeTakeFirst();
    return row?.complete_until;
  }

  /** @param since what the crawl began at: where that was set back meanwhile, it must begin there again. */
  async remember(partner: RegisteredPartner, module: string, since: string | undefined, until: string): Promise<void> {
    await this.database
      .insertInto('pull')
      .values(rowOf(partner, module, until))
      .onConflict((conflict) =>
        conflict
          .columns(['partner_id', 'registered_at', 'module'])
          .doUpdateSet({ complete_until: until })
          .where('pull.complete_until', '=', since ?? until),
      )
      .execute();
  }

  /** Has the next crawl of each list begin at an instant that it is past, or at the beginning. */
  async again(partner: RegisteredPartner, since: string = BEGINNING): Promise<void> {
    await this.database
      .insertInto('pull')
      .values(pulledBy[this.role].map((module) => rowOf(partner, module, since)))
      .onConflict((conflict) =>
        conflict
          .columns(['partner_id', 'registered_at', 'module'])
          .doUpdateSet({ complete_until: sql`least(pull.complete_until, excluded.complete_until)` }),
      )
      .execute();
  }
}

function rowOf({ partnerId, registeredAt }: RegisteredPartner, module: string, until: string): PullTables['pull'] {
  return { partner_id: partnerId, registered_at: registeredAt, module, complete_until: until };
}

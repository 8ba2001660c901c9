// The parties behind each hub, as the hub says of them (OCPI mod_hub_client_info). They live in a table only: the hub's list brings them back.
import { partyKey } from '@evenkeel/contracts';
import { type ClientInfo, instantOf } from '@evenkeel/ocpi';
import type { Database, Migrations } from '@evenkeel/read-model';
import { sql } from 'kysely';

export interface HubTables {
  hub_client: {
    partner_id: string;
    party: string;
    role: string;
    status: string;
    info: ClientInfo;
    last_updated: string;
    /** When the hub said so last. */
    seen_at: string;
  };
}
export type HubClient = HubTables['hub_client'];

export const hubMigrations: Migrations = {
  '010-hub-clients': {
    up: async (database) => {
      await database.schema
        .createTable('hub_client')
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .addColumn('party', 'text', (column) => column.notNull())
        .addColumn('role', 'text', (column) => column.notNull())
        .addColumn('status', 'text', (column) => column.notNull())
        .addColumn('info', 'jsonb', (column) => column.notNull())
        .addColumn('last_updated', 'timestamptz', (column) => column.notNull())
        .addColumn('seen_at', 'timestamptz', (column) => column.notNull())
        .addPrimaryKeyConstraint('hub_client_key', ['partner_id', 'party', 'role'])
        .execute();
    },
  },
};

export class HubClients {
  constructor(private readonly database: Database<HubTables>) {}

  of(partnerId: string): Promise<HubClient[]> {
    return this.database.selectFrom('hub_client').selectAll().where('partner_id', '=', partnerId).execute();
  }

  /** What is older than what we have only shows that the hub still knows the party. @param rows at most one a party and role. */
  async keep(rows: readonly HubClient[]): Promise<void> {
    if (rows.length === 0) return;
    const newer = (column: 'status' | 'info' | 'last_updated') => sql<never>`
      case when excluded.last_updated >= hub_client.last_updated
      then ${sql.ref(`excluded.${column}`)} else ${sql.ref(`hub_client.${column}`)} end`;
    await this.database
      .insertInto('hub_client')
      .values([...rows])
      .onConflict((conflict) =>
        conflict.columns(['partner_id', 'party', 'role']).doUpdateSet(({ ref }) => ({
          ...{ status: newer('status'), info: newer('info'), last_updated: newer('last_updated') },
          seen_at: ref('excluded.seen_at'),
        })),
      )
      .execute();
  }

  /** What the hub's whole list did not name is not behind it any more. */
  async forget(partnerId: string, notSeenSince: string): Promise<void> {
    await this.database.deleteFrom('hub_client').where('partner_id', '=', partnerId).where('seen_at', '<', notSeenSince).execute();
  }
}

export function rowOf(partnerId: string, info: ClientInfo, seenAt: string): HubClient {
  const { country_code, party_id, role, status, last_updated } = info;
  return {
    ...{ partner_id: partnerId, party: partyKey(country_code, party_id), role, status, info },
    ...{ last_updated: instantOf(last_updated), seen_at: seenAt },
  };
}

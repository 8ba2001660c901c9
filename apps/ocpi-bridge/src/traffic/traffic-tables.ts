// What is kept of the exchanges with partners, all of it for a while only: the latest messages, how requests of the last hours ended, and how
// the circuit to each partner stands. Nothing of it can be derived from a stream, and nothing rests on it.
import type { PartnerMessage } from '@evenkeel/contracts';
import type { Outcome } from '@evenkeel/ocpi';
import type { Migrations } from '@evenkeel/read-model';
import type { Generated } from 'kysely';

/** How a request of ours ended. */
export type Ending = Outcome['kind'] | 'unreachable';
export const endings: readonly Ending[] = ['acknowledged', 'refused', 'unauthorized', 'transient', 'unreachable'];

export interface MessageRow {
  id: Generated<string>;
  partner_id: string;
  at: string;
  direction: PartnerMessage['direction'];
  method: string;
  path: string;
  http_status: number | null;
  ocpi_status: number | null;
  status_message: string | null;
  duration_ms: number;
  request_id: string;
}

export interface TrafficTables {
  partner_message: MessageRow;
  /** Our requests to a partner in one minute that ended in one way. */
  partner_requests: { partner_id: string; minute: string; ending: Ending; requests: number };
  partner_contact: {
    partner_id: string;
    last_success_at: string | null;
    last_error_at: string | null;
    last_error: string | null;
  };
  /** As the replica that pushes has it; a row that is older than its pause says nothing any more. */
  partner_circuit: { partner_id: string; paused_until: string; probing: boolean };
}

export const trafficMigrations: Migrations = {
  '009-partner-traffic': {
    up: async (database) => {
      await database.schema
        .createTable('partner_message')
        .addColumn('id', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity())
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .addColumn('at', 'timestamptz', (column) => column.notNull())
        .addColumn('direction', 'text', (column) => column.notNull())
        .addColumn('method', 'text', (column) => column.notNull())
        .addColumn('path', 'text', (column) => column.notNull())
        .addColumn('http_status', 'integer')
        .addColumn('ocpi_status', 'integer')
        .addColumn('status_message', 'text')
        .addColumn('duration_ms', 'integer', (column) => column.notNull())
        .addColumn('request_id', 'text', (column) => column.notNull())
        .execute();
      await database.schema.createIndex('partner_message_newest').on('partner_message').columns(['partner_id', 'id']).execute();
      await database.schema
        .createTable('partner_requests')
        .addColumn('partner_id', 'text', (column) => column.notNull())
        .addColumn('minute', 'timestamptz', (column) => column.notNull())
        .addColumn('ending', 'text', (column) => column.notNull())
        .addColumn('requests', 'integer', (column) => column.notNull())
        .addPrimaryKeyConstraint('partner_requests_key', ['partner_id', 'minute', 'ending'])
        .execute();
      await database.schema
        .createTable('partner_contact')
        .addColumn('partner_id', 'text', (column) => column.primaryKey())
        .addColumn('last_success_at', 'timestamptz')
        .addColumn('last_error_at', 'timestamptz')
        .addColumn('last_error', 'text')
        .execute();
      await database.schema
        .createTable('partner_circuit')
        .addColumn('partner_id', 'text', (column) => column.primaryKey())
        .addColumn('paused_until', 'timestamptz', (column) => column.notNull())
        .addColumn('probing', 'boolean', (column) => column.notNull())
        .execute();
    },
  },
};

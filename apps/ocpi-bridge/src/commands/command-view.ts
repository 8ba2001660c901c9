// The commands of partners that are not finished: what the worker has to do.
import { type Database, type Projection, putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import { type PartnerCommandState, partnerCommand, partnerCommandCodec, partnerCommandStreamPrefix } from './partner-command';

export interface CommandTables {
  /** A row lives as long as something is to be done. */
  partner_command: { stream: string; state: PartnerCommandState };
}

export const commandProjection: Projection<CommandTables> = {
  name: 'commands',
  version: 1,
  create: (database: Transaction<CommandTables>) =>
    database.schema
      .createTable('partner_command')
      .addColumn('stream', 'text', (column) => column.primaryKey())
      .addColumn('state', 'jsonb', (column) => column.notNull())
      .execute(),
  streamPrefixes: [partnerCommandStreamPrefix],
  async apply(transaction, events) {
    const streams = [...new Set(events.map(({ stream }) => stream))];
    const stored = await transaction.selectFrom('partner_command').selectAll().where('stream', 'in', streams).execute();
    const states = new Map(stored.map((row) => [row.stream, row.state]));
    for (const event of events) {
      const before = states.get(event.stream) ?? partnerCommand.initial();
      states.set(event.stream, partnerCommand.evolve(before, partnerCommandCodec.decode(event), event.revision));
    }
    const rows = [...states].map(([stream, state]) => ({ stream, state }));
    const open = rows.filter(({ state }) => isOpen(state));
    await putRows(transaction, 'partner_command', open, { key: ['stream'] });
    const finished = rows.filter(({ state }) => !isOpen(state)).map(({ stream }) => stream);
    if (finished.length > 0) await transaction.deleteFrom('partner_command').where('stream', 'in', finished).execute();
  },
};

function isOpen({ status }: PartnerCommandState): boolean {
  return status === 'accepted' || status === 'settled';
}

export class CommandView {
  constructor(private readonly database: Database<CommandTables>) {}

  open(): Promise<CommandTables['partner_command'][]> {
    return this.database.selectFrom('partner_command').selectAll().execute();
  }
}

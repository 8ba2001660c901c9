// The commands of partners that are not finished: what the worker has to do; and for which sessions partners have set a profile.
import type { PartyKey } from '@evenkeel/contracts';
import { type Database, type Projection, putRows } from '@evenkeel/read-model';
import type { Transaction } from 'kysely';
import { type PartnerCommandState, partnerCommand, partnerCommandCodec, partnerCommandStreamPrefix } from './partner-command';

export interface CommandTables {
  /** A row lives as long as something is to be done. */
  partner_command: { stream: string; state: PartnerCommandState };
  /** A session for which its payer has set a profile at least once. Station ids are folded. */
  partner_profile: { session_id: string; station_key: string; issuer: PartyKey };
}

export const commandProjection: Projection<CommandTables> = {
  name: 'commands',
  version: 2,
  async create(database: Transaction<CommandTables>) {
    await database.schema
      .createTable('partner_command')
      .addColumn('stream', 'text', (column) => column.primaryKey())
      .addColumn('state', 'jsonb', (column) => column.notNull())
      .execute();
    await database.schema
      .createTable('partner_profile')
      .addColumn('session_id', 'text', (column) => column.primaryKey())
      .addColumn('station_key', 'text', (column) => column.notNull())
      .addColumn('issuer', 'text', (column) => column.notNull())
      .execute();
    await database.schema.createIndex('partner_profile_by_station').on('partner_profile').column('station_key').execute();
  },
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
    const profiles = rows.flatMap(({ state }) => profileSetBy(state));
    await putRows(transaction, 'partner_profile', profiles, { key: ['session_id'] });
    const finished = rows.filter(({ state }) => !isOpen(state)).map(({ stream }) => stream);
    if (finished.length > 0) await transaction.deleteFrom('partner_command').where('stream', 'in', finished).execute();
  },
};

function isOpen({ status }: PartnerCommandState): boolean {
  return status === 'accepted' || status === 'settled';
}

function profileSetBy({ given, outcome }: PartnerCommandState): CommandTables['partner_profile'][] {
  if (given?.order.command !== 'SET_PROFILE' || outcome?.result !== 'ACCEPTED') return [];
  const { issuer, order } = given;
  return [{ session_id: order.sessionId, station_key: order.stationId.toLowerCase(), issuer }];
}

export class CommandView {
  constructor(private readonly database: Database<CommandTables>) {}

  open(): Promise<CommandTables['partner_command'][]> {
    return this.database.selectFrom('partner_command').selectAll().execute();
  }

  profilesAt(stationId: string): Promise<CommandTables['partner_profile'][]> {
    return this.database.selectFrom('partner_profile').selectAll().where('station_key', '=', stationId.toLowerCase()).execute();
  }
}

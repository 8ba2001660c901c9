// Partners as the bridge looks them up: by the token of a request, by a party, by role. The tables hold no token in clear.
import type { PartyKey } from '@evenkeel/contracts';
import { type Database, type Projection, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import { type PartnerState, partner, partnerCodec, partnerStreamPrefix } from './partner';

export interface PartnerTables {
  partner: { partner_id: string; status: PartnerState['status']; state: PartnerState };
  /** Every token that opens a door, by its keyed hash. */
  partner_credential: { hash: string; partner_id: string; handshake_only: boolean };
  partner_party: { party: string; role: string; partner_id: string };
}

async function createTables(database: Transaction<PartnerTables>): Promise<void> {
  await database.schema
    .createTable('partner')
    .addColumn('partner_id', 'text', (column) => column.primaryKey())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('state', 'jsonb', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('partner_credential')
    .addColumn('hash', 'text', (column) => column.primaryKey())
    .addColumn('partner_id', 'text', (column) => column.notNull())
    .addColumn('handshake_only', 'boolean', (column) => column.notNull())
    .execute();
  await database.schema
    .createTable('partner_party')
    .addColumn('party', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('partner_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('partner_party_key', ['party', 'role', 'partner_id'])
    .execute();
}

export const partnerProjection: Projection<PartnerTables> = {
  name: 'partners',
  version: 2,
  create: createTables,
  streamPrefixes: [partnerStreamPrefix],
  async apply(transaction, events) {
    const ids = [...new Set(events.map(({ stream }) => stream.slice(partnerStreamPrefix.length)))];
    const stored = await transaction.selectFrom('partner').selectAll().where('partner_id', 'in', ids).execute();
    const states = new Map(stored.map((row) => [row.partner_id, row.state]));
    for (const event of events) {
      const id = event.stream.slice(partnerStreamPrefix.length);
      states.set(id, partner.evolve(states.get(id) ?? partner.initial(), partnerCodec.decode(event), event.revision));
    }
    await transaction.deleteFrom('partner_credential').where('partner_id', 'in', ids).execute();
    await transaction.deleteFrom('partner_party').where('partner_id', 'in', ids).execute();
    const rows = [...states].map(([partner_id, state]) => ({ partner_id, status: state.status, state }));
    await putRows(transaction, 'partner', rows, { key: ['partner_id'] });
    const credentials = rows.flatMap(({ partner_id, state }) => credentialsOf(state).map((credential) => ({ partner_id, ...credential })));
    if (credentials.length > 0) await transaction.insertInto('partner_credential').values(credentials).execute();
    const parties = rows.flatMap(({ partner_id, state }) => partiesOf(state).map((party) => ({ partner_id, ...party })));
    if (parties.length > 0) await transaction.insertInto('partner_party').values(parties).execute();
  },
};

function credentialsOf({ handshakeToken, registration, previousToken, nextToken }: PartnerState) {
  return [
    ...(handshakeToken ? [{ hash: handshakeToken.hash, handshake_only: true }] : []),
    ...(registration ? [{ hash: registration.ourToken.hash, handshake_only: false }] : []),
    ...(previousToken ? [{ hash: previousToken.hash, handshake_only: false }] : []),
    ...(nextToken ? [{ hash: nextToken.hash, handshake_only: false }] : []),
  ];
}

function partiesOf({ registration }: PartnerState) {
  const pairs = (registration?.roles ?? []).map(({ party, role }) => `${party} ${role}`);
  return [...new Set(pairs)].map((pair) => ({ party: pair.slice(0, 6), role: pair.slice(7) }));
}

/** A partner with whom the handshake is done. */
export type RegisteredPartner = PartnerState & Required<Pick<PartnerState, 'registration' | 'registeredAt'>>;

export interface Caller {
  partner: PartnerState;
  hash: string;
  handshakeOnly: boolean;
}

export class PartnerView {
  constructor(private readonly database: Database<PartnerTables>) {}

  /** @param hashes of what the Authorization header may mean, the likeliest first. */
  async callerBy(hashes: readonly string[]): Promise<Caller | undefined> {
    if (hashes.length === 0) return undefined;
    const rows = await this.database
      .selectFrom('partner_credential')
      .innerJoin('partner', 'partner.partner_id', 'partner_credential.partner_id')
      .select(['partner_credential.hash', 'partner_credential.handshake_only', 'partner.state'])
      .where('partner_credential.hash', 'in', hashes)
      .execute();
    const row = hashes.flatMap((hash) => rows.filter((candidate) => candidate.hash === hash))[0];
    return row && { partner: row.state, hash: row.hash, handshakeOnly: row.handshake_only };
  }

  async one(partnerId: string): Promise<PartnerState | undefined> {
    const row = await this.database.selectFrom('partner').select('state').where('partner_id', '=', partnerId).executeTakeFirst();
    return row?.state;
  }

  async all(): Promise<PartnerState[]> {
    const rows = await this.database.selectFrom('partner').select('state').orderBy(sql`lower(state ->> 'name')`).execute();
    return rows.map(({ state }) => state);
  }

  async registered(): Promise<RegisteredPartner[]> {
    const rows = await this.database
      .selectFrom('partner')
      .select('state')
      .where('status', '=', 'registered')
      .orderBy('partner_id')
      .execute();
    return rows.flatMap(({ state }) => (isRegistered(state) ? [state] : []));
  }

  /** The platform through which a party is reached in a role. */
  async partnerOf(party: PartyKey, role: string): Promise<RegisteredPartner | undefined> {
    const row = await this.database
      .selectFrom('partner_party')
      .innerJoin('partner', 'partner.partner_id', 'partner_party.partner_id')
      .select('partner.state')
      .where('party', '=', party)
      .where('role', '=', role)
      .executeTakeFirst();
    return row && isRegistered(row.state) ? row.state : undefined;
  }
}

export function isRegistered(state: PartnerState): state is RegisteredPartner {
  return state.registration !== undefined && state.registeredAt !== undefined;
}

// Partners as the bridge looks them up: by the token of a request, by a party, by role. The tables hold no token in clear.
import type { PartyKey } from '@evenkeel/contracts';
import { type Database, Memo, type Projection, putRows } from '@evenkeel/read-model';
import { sql, type Transaction } from 'kysely';
import type { HubTables } from '../hub/hub-clients';
import { hubOf, type PartnerState, partner, partnerCodec, partnerStreamPrefix } from './partner';
import { CONNECTED, routes } from './routes';

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

/** `away`: what its hub says of a party that cannot be reached. */
export type RoutedPartner = RegisteredPartner & { away?: string };

export interface Caller {
  partner: PartnerState;
  hash: string;
  handshakeOnly: boolean;
  /** Its party, or one behind it, that the request is from, where it says so. */
  from?: PartyKey;
}

export class PartnerView {
  private readonly routed = new Memo<RoutedPartner | undefined>();

  constructor(private readonly database: Database<PartnerTables & HubTables>) {}

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
    if (!row) return undefined;
    const [partner = row.state] = await this.withClients([row.state]);
    return { partner, hash: row.hash, handshakeOnly: row.handshake_only };
  }

  async one(partnerId: string): Promise<PartnerState | undefined> {
    const row = await this.database.selectFrom('partner').select('state').where('partner_id', '=', partnerId).executeTakeFirst();
    return row && (await this.withClients([row.state]))[0];
  }

  async all(): Promise<PartnerState[]> {
    const rows = await this.database.selectFrom('partner').select('state').orderBy(sql`lower(state ->> 'name')`).execute();
    return this.withClients(rows.map(({ state }) => state));
  }

  async registered(): Promise<RegisteredPartner[]> {
    const rows = await this.database
      .selectFrom('partner')
      .select('state')
      .where('status', '=', 'registered')
      .orderBy('partner_id')
      .execute();
    return (await this.withClients(rows.map(({ state }) => state))).filter(isRegistered);
  }

  /** The platform through which a party is reached in a role: drivers wait while it is looked up, so it is remembered until partners change. */
  async partnerOf(party: PartyKey, role: string): Promise<RoutedPartner | undefined> {
    const key = `${party}/${role}`;
    const routed = await this.routed.get(key, () => this.route(party, role));
    // What hubs say of those behind them is no event: whether it has changed can only be seen.
    if (routed === undefined || hubOf(routed.registration) !== undefined) this.routed.forget(key);
    return routed;
  }

  /** Partners have changed. */
  refresh(): void {
    this.routed.forgetAll();
  }

  private async route(party: PartyKey, role: string): Promise<RoutedPartner | undefined> {
    const row = await this.database
      .selectFrom(routes)
      .innerJoin('partner', 'partner.partner_id', 'route.partner_id')
      .select(['partner.state', 'route.status'])
      .where('route.party', '=', party)
      .where('route.role', '=', role)
      .executeTakeFirst();
    if (!row || !isRegistered(row.state)) return undefined;
    return row.status === CONNECTED ? row.state : { ...row.state, away: row.status };
  }

  /** Of a hub: the roles are those of everybody behind it whom we do not know ourselves, and its own. */
  private async withClients(states: readonly PartnerState[]): Promise<PartnerState[]> {
    const hubs = states.filter(({ registration }) => registration && hubOf(registration) !== undefined).map(({ partnerId }) => partnerId);
    if (hubs.length === 0) return [...states];
    const rows = await this.database.selectFrom(routes).selectAll('route').where('route.partner_id', 'in', hubs).execute();
    return states.map((state) => {
      const { registration, partnerId } = state;
      if (!registration || !hubs.includes(partnerId)) return state;
      const nameOf = (party: PartyKey) => registration.roles.find((role) => role.party === party)?.name ?? party;
      const reached = rows.filter(({ partner_id }) => partner_id === partnerId);
      const roles = reached.map(({ party, role, status }) => ({ role, party, name: nameOf(party), status }));
      return { ...state, registration: { ...registration, roles } };
    });
  }
}

export function isRegistered(state: PartnerState): state is RegisteredPartner {
  return state.registration !== undefined && state.registeredAt !== undefined;
}

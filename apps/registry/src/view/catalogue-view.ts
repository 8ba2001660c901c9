// Reads documents back: for operators in pages, for a waiting station by key.
import {
  type Connector,
  type Driver,
  type IssuedToken,
  type KnownToken,
  type Location,
  type PartyKey,
  Problem,
  type Reply,
  type Request,
  type ResolvedToken,
  type Tariff,
  type TokenRecord,
  type TokenReference,
} from '@evenkeel/contracts';
import { type Database, Memo } from '@evenkeel/read-model';
import { sql } from 'kysely';
import { type RegistryTables, tokenRowKey } from './registry-tables';

const DEFAULT_PAGE = 100;
type PageOf<T> = { items: T[]; next?: string };

/** A connector that has a tariff, and where it is; the location is null while it is not registered. Like connectors of one location come once. */
export interface TariffUse {
  connector: Connector;
  location: Location | null;
}

export class CatalogueView {
  private readonly tokens = new Memo<TokenRecord[]>();
  private readonly tariffs = new Memo<Tariff[]>();
  private readonly locations = new Memo<Location | undefined>();

  constructor(private readonly database: Database<RegistryTables>) {}

  /** The tables have changed. */
  refresh(): void {
    for (const memo of [this.tokens, this.tariffs, this.locations]) memo.forgetAll();
  }

  /**
   * A 1.6 station knows no type, so a token is looked for among all types; of several the asked type comes first, then our own party.
   * @param onlyParty looks among this party's tokens only.
   */
  async findToken({ key, type }: TokenReference, onlyParty?: PartyKey): Promise<TokenRecord | undefined> {
    const all = await this.tokens.get(key, async () => {
      const rows = await this.database.selectFrom('token').select('document').where('key', '=', key).execute();
      return rows.flatMap((row) => row.document ?? []);
    });
    const found = onlyParty === undefined ? all : all.filter((token) => token.party === onlyParty);
    return found.find((token) => token.type === type) ?? found[0];
  }

  /** Who is behind each reference, as long as anybody may know. */
  async resolve(tokens: readonly IssuedToken[]): Promise<ResolvedToken[]> {
    const keys = tokens.map(tokenRowKey);
    const rows = await this.database.selectFrom('token').select(['token_key', 'document']).where('token_key', 'in', keys).execute();
    const known = new Map(rows.map(({ token_key, document }) => [token_key, document]));
    return keys.map((key) => {
      const token = known.get(key);
      if (token) return { status: 'known', token };
      return { status: token === null ? 'erased' : 'unknown' };
    });
  }

  /** The version of the tariff that was in force at the instant, or the first one ever for an instant before it. */
  async tariffAt(party: PartyKey, tariffId: string, at: string): Promise<Tariff> {
    const key = `${party}/${tariffId.toLowerCase()}`;
    const versions = await this.tariffs.get(key, async () => {
      const rows = await this.database
        .selectFrom('tariff')
        .select('document')
        .where('tariff_key', '=', key)
        .orderBy('valid_from')
        .execute();
      return rows.map((row) => row.document);
    });
    const tariff = versions.findLast((version) => version.lastUpdated <= at) ?? versions[0];
    if (!tariff) throw new Problem('not-found', `there is no tariff ${tariffId} of ${party}`);
    return tariff;
  }

  async usesOf(party: PartyKey, tariffId: string): Promise<TariffUse[]> {
    const { rows } = await sql<TariffUse>`
      select distinct connector, location.document as location
      from station
      cross join lateral jsonb_path_query(station.registered, '$.evses[*].connectors[*]') as connector
      left join location on location.location_key = ${party}::text || '/' || lower(station.location_id)
      where station.registered ->> 'party' = ${party} and lower(connector ->> 'tariffId') = ${tariffId.toLowerCase()}
    `.execute(this.database);
    return rows;
  }

  async location(party: PartyKey, locationId: string): Promise<Location> {
    const key = `${party}/${locationId.toLowerCase()}`;
    const location = await this.locations.get(key, async () => {
      const row = await this.database.selectFrom('location').select('document').where('location_key', '=', key).executeTakeFirst();
      return row?.document;
    });
    if (!location) throw new Problem('not-found', `there is no location ${locationId} of ${party}`);
    return location;
  }

  async listTokens({ limit = DEFAULT_PAGE, after }: Request<'listTokens'>): Promise<Reply<'listTokens'>> {
    let rows = this.database
      .selectFrom('token')
      .select(['token_key', 'key', 'document'])
      .where('document', 'is not', null)
      .orderBy('token_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('token_key', '>', after);
    const known = (await rows.execute()).flatMap(({ token_key, key, document }) =>
      document === null ? [] : [{ key: token_key, document: { ...document, key } }],
    );
    return pageOf<KnownToken>(known, limit);
  }

  async listDrivers({ limit = DEFAULT_PAGE, after }: Request<'listDrivers'>): Promise<Reply<'listDrivers'>> {
    let rows = this.database
      .selectFrom('driver')
      .select(['driver_id as key', 'document'])
      .orderBy('driver_id')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('driver_id', '>', after);
    return pageOf<Driver>(await rows.execute(), limit);
  }

  async listLocations({ limit = DEFAULT_PAGE, after }: Request<'listLocations'>): Promise<Reply<'listLocations'>> {
    let rows = this.database
      .selectFrom('location')
      .select(['location_key as key', 'document'])
      .orderBy('location_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('location_key', '>', after);
    return pageOf<Location>(await rows.execute(), limit);
  }

  async listTariffs({ limit = DEFAULT_PAGE, after }: Request<'listTariffs'>): Promise<Reply<'listTariffs'>> {
    let rows = this.database
      .selectFrom('tariff')
      .distinctOn('tariff_key')
      .select(['tariff_key as key', 'document'])
      .orderBy('tariff_key')
      .orderBy('valid_from', 'desc')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('tariff_key', '>', after);
    return pageOf<Tariff>(await rows.execute(), limit);
  }

  async findOperator(
    username: string,
  ): Promise<{ username: string; role: RegistryTables['operator']['role']; password_hash: string | null } | undefined> {
    return this.database
      .selectFrom('operator')
      .select(['username', 'role', 'password_hash'])
      .where(sql`lower(username)`, '=', username.toLowerCase())
      .executeTakeFirst();
  }

  async findApiKey(keyHash: string): Promise<{ username: string; role: RegistryTables['operator']['role'] } | undefined> {
    return this.database.selectFrom('operator').select(['username', 'role']).where('key_hash', '=', keyHash).executeTakeFirst();
  }
}

/** @param rows one more than the page holds, where there is a next page. */
function pageOf<T>(rows: readonly { key: string; document: T }[], limit: number): PageOf<T> {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { items: page.map((row) => row.document), ...(rows.length > limit && last ? { next: last.key } : {}) };
}

// Reads documents back: for operators in pages, for a waiting station by key.
import {
  type Driver,
  type Location,
  type PartyKey,
  Problem,
  type Reply,
  type Request,
  type Tariff,
  type TokenRecord,
  type TokenReference,
} from '@evenkeel/contracts';
import type { Database } from '@evenkeel/read-model';
import { sql } from 'kysely';
import type { RegistryTables } from './registry-tables';

const DEFAULT_PAGE = 100;
type PageOf<T> = { items: T[]; next?: string };

export class CatalogueView {
  constructor(private readonly database: Database<RegistryTables>) {}

  /**
   * A 1.6 station knows only the uid, so a token is looked for among all types; of several the asked type comes first, then our own party.
   * @param onlyParty looks among this party's tokens only.
   */
  async findToken({ uid, type }: TokenReference, onlyParty?: PartyKey): Promise<TokenRecord | undefined> {
    let rows = this.database.selectFrom('token').select('document').where('uid_key', '=', uid.toLowerCase());
    if (onlyParty !== undefined) rows = rows.where('party', '=', onlyParty);
    const found = (await rows.execute()).map((row) => row.document);
    return found.find((token) => token.type === type) ?? found[0];
  }

  /** The version of the tariff that was in force at the instant, or the first one ever for an instant before it. */
  async tariffAt(party: PartyKey, tariffId: string, at: string): Promise<Tariff> {
    const versions = this.database.selectFrom('tariff').select('document').where('tariff_key', '=', `${party}/${tariffId.toLowerCase()}`);
    const inForce = await versions.where('valid_from', '<=', at).orderBy('valid_from', 'desc').limit(1).executeTakeFirst();
    const tariff = inForce ?? (await versions.orderBy('valid_from').limit(1).executeTakeFirst());
    if (!tariff) throw new Problem('not-found', `there is no tariff ${tariffId} of ${party}`);
    return tariff.document;
  }

  async location(party: PartyKey, locationId: string): Promise<Location> {
    const row = await this.database
      .selectFrom('location')
      .select('document')
      .where('location_key', '=', `${party}/${locationId.toLowerCase()}`)
      .executeTakeFirst();
    if (!row) throw new Problem('not-found', `there is no location ${locationId} of ${party}`);
    return row.document;
  }

  async listTokens({ limit = DEFAULT_PAGE, after }: Request<'listTokens'>): Promise<Reply<'listTokens'>> {
    let rows = this.database
      .selectFrom('token')
      .select(['token_key as key', 'document'])
      .orderBy('token_key')
      .limit(limit + 1);
    if (after !== undefined) rows = rows.where('token_key', '>', after);
    return pageOf<TokenRecord>(await rows.execute(), limit);
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

// The keys of persons, outside the log, because an append-only log forgets nothing: one row a driver or token, wrapped under the master key.
// A person is erased by deleting the row. What was sealed under it stays where it is, in every stream, copy and backup of the log, and says
// nothing any more. (Backups of this table must end: a key that is restored opens again what it once sealed.)
import { randomBytes, randomUUID } from 'node:crypto';
import type { IdentityHash } from '@evenkeel/contracts';
import { type Migrations, recordset } from '@evenkeel/read-model';
import { type QueryExecutorProvider, type RawBuilder, sql } from 'kysely';
import { type DataKey, KEY_BYTES, unwrap, wrap } from './sealing';

export const keyMigrations: Migrations = {
  '002-data-key': {
    up: async (database) => {
      await sql`
        create table public.data_key (
          subject text primary key, key_id text not null unique, driver text, wrapped text not null, created_at timestamptz not null default now()
        )`.execute(database);
      await sql`create index data_key_by_driver on public.data_key (driver)`.execute(database);
    },
  },
};

/** The master key or the identity secret is not the one that this database was begun with. */
export class WrongMasterKey extends Error {
  override readonly name = 'WrongMasterKey';
}

/** Whom a key belongs to: the stream of a driver or token. @property driver the driver who holds the token. */
export interface Subject {
  readonly subject: string;
  readonly driver?: string;
}

interface KeyRow {
  subject: string;
  key_id: string;
  wrapped: string;
}

const PROOF = 'proof';

export class DataKeys {
  private readonly masterKey: Buffer;

  /** @param masterKey 32 bytes, hexadecimal. */
  constructor(
    private readonly database: QueryExecutorProvider,
    masterKey: string,
  ) {
    this.masterKey = Buffer.from(masterKey, 'hex');
  }

  /** @throws WrongMasterKey unless both secrets are those of the first start: with others, everybody would be unknown and nothing would say why. */
  async prove(identity: IdentityHash): Promise<void> {
    const expected = identity.of(PROOF, PROOF);
    await this.insert([{ subject: PROOF, secret: Buffer.from(expected) }]);
    const [row] = await this.rows(sql`subject = ${PROOF}`);
    let found: string;
    try {
      found = row ? unwrap(this.masterKey, row.wrapped, PROOF).toString() : '';
    } catch (error) {
      throw new WrongMasterKey('IDENTITY_MASTER_KEY is not the key that the keys of this database are wrapped with', { cause: error });
    }
    if (found !== expected)
      throw new WrongMasterKey('IDENTITY_SECRET is not the secret that the references of this database were made with');
  }

  /** The keys of the subjects, in their order; made where there are none yet. */
  async ensure(subjects: readonly Subject[]): Promise<DataKey[]> {
    if (subjects.length === 0) return [];
    const named = new Map(subjects.map((subject) => [subject.subject, subject]));
    const keys = await this.bySubject([...named.keys()]);
    const missing = [...named.values()].filter(({ subject }) => !keys.has(subject));
    if (missing.length > 0) {
      const made = await this.insert(missing.map((subject) => ({ ...subject, secret: randomBytes(KEY_BYTES) })));
      const others = missing.flatMap(({ subject }) => (made.has(subject) ? [] : [subject]));
      for (const [subject, key] of [...made, ...(await this.bySubject(others))]) keys.set(subject, key);
    }
    await this.noteDrivers(subjects);
    return subjects.map(({ subject }) => {
      const key = keys.get(subject);
      if (!key) throw new Error(`the key of ${subject} was destroyed while it was asked for`);
      return key;
    });
  }

  /** Those of the keys that still exist, by id. @param connection a transaction, where one is under way. */
  async find(ids: readonly string[], connection: QueryExecutorProvider = this.database): Promise<Map<string, DataKey>> {
    if (ids.length === 0) return new Map();
    const rows = await this.rows(sql`key_id = any(${[...new Set(ids)]}::text[])`, connection);
    return new Map(rows.map((row) => [row.key_id, this.opened(row)]));
  }

  /** The tokens whose keys still exist of those that the driver holds or held last. */
  async heldBy(driver: string): Promise<string[]> {
    return (await this.rows(sql`driver = ${driver}`)).map(({ subject }) => subject);
  }

  async destroy(subject: string): Promise<void> {
    await sql`delete from public.data_key where subject = ${subject}`.execute(this.database);
  }

  private async rows(condition: RawBuilder<unknown>, connection: QueryExecutorProvider = this.database): Promise<KeyRow[]> {
    return (await sql<KeyRow>`select subject, key_id, wrapped from public.data_key where ${condition}`.execute(connection)).rows;
  }

  private async bySubject(subjects: readonly string[]): Promise<Map<string, DataKey>> {
    if (subjects.length === 0) return new Map();
    const rows = await this.rows(sql`subject = any(${subjects}::text[])`);
    return new Map(rows.map((row) => [row.subject, this.opened(row)]));
  }

  /** Of two processes that make a subject's key at once, the first one's stays. @returns those that were not too late, by subject. */
  private async insert(keys: readonly (Subject & { secret: Buffer })[]): Promise<Map<string, DataKey>> {
    const made = keys.map(({ secret, ...subject }) => ({ ...subject, key: { id: randomUUID(), secret } }));
    const rows = made.map(({ subject, driver, key }) => {
      return { subject, key_id: key.id, driver: driver ?? null, wrapped: wrap(this.masterKey, key.secret, subject) };
    });
    const inserted = await sql<{ subject: string }>`
      insert into public.data_key (subject, key_id, driver, wrapped)
      select subject, key_id, driver, wrapped from ${recordset('public.data_key', rows)}
      on conflict (subject) do nothing returning subject`.execute(this.database);
    const stored = new Set(inserted.rows.map(({ subject }) => subject));
    return new Map(made.flatMap(({ subject, key }) => (stored.has(subject) ? [[subject, key] as const] : [])));
  }

  private async noteDrivers(subjects: readonly Subject[]): Promise<void> {
    const held = subjects.filter(({ driver }) => driver !== undefined);
    if (held.length === 0) return;
    await sql`
      update public.data_key set driver = held.driver
      from ${recordset('public.data_key', held)} as held
      where data_key.subject = held.subject and data_key.driver is distinct from held.driver`.execute(this.database);
  }

  private opened({ subject, key_id, wrapped }: KeyRow): DataKey {
    return { id: key_id, secret: unwrap(this.masterKey, wrapped, subject) };
  }
}

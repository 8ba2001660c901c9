// The keys of persons, outside the log, because an append-only log forgets nothing: one row a driver or token, wrapped under the master key.
// A person is erased by deleting the row. What was sealed under it stays where it is, in every stream, copy and backup of the log, and says
// nothing any more. (Backups of this table must end: a key that is restored opens again what it once sealed.)
import { randomBytes, randomUUID } from 'node:crypto';
import type { IdentityHash } from '@evenkeel/contracts';
import type { Migrations } from '@evenkeel/read-model';
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
    const names = [...new Set(subjects.map(({ subject }) => subject))];
    let rows = await this.rows(sql`subject in (${sql.join(names)})`);
    const known = new Set(rows.map(({ subject }) => subject));
    const missing = subjects.filter(({ subject }) => !known.has(subject));
    if (missing.length > 0) {
      await this.insert(missing.map((subject) => ({ ...subject, secret: randomBytes(KEY_BYTES) })));
      rows = await this.rows(sql`subject in (${sql.join(names)})`);
    }
    await this.noteDrivers(subjects);
    const keys = new Map(rows.map((row) => [row.subject, this.opened(row)]));
    return subjects.map(({ subject }) => {
      const key = keys.get(subject);
      if (!key) throw new Error(`the key of ${subject} was destroyed while it was asked for`);
      return key;
    });
  }

  /** Those of the keys that still exist, by id. @param connection a transaction, where one is under way. */
  async find(ids: readonly string[], connection: QueryExecutorProvider = this.database): Promise<Map<string, DataKey>> {
    if (ids.length === 0) return new Map();
    const rows = await this.rows(sql`key_id in (${sql.join([...new Set(ids)])})`, connection);
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

  /** Of two processes that make a subject's key at once, the first one's stays. */
  private async insert(keys: readonly (Subject & { secret: Buffer })[]): Promise<void> {
    const rows = keys.map(({ subject, driver, secret }) => {
      return sql`(${subject}, ${randomUUID()}, ${driver ?? null}, ${wrap(this.masterKey, secret, subject)})`;
    });
    await sql`insert into public.data_key (subject, key_id, driver, wrapped) values ${sql.join(rows)} on conflict (subject) do nothing`.execute(
      this.database,
    );
  }

  private async noteDrivers(subjects: readonly Subject[]): Promise<void> {
    const held = subjects.flatMap(({ subject, driver }) => (driver === undefined ? [] : [sql`(${subject}, ${driver})`]));
    if (held.length === 0) return;
    await sql`
      update public.data_key set driver = held.driver from (values ${sql.join(held)}) as held (subject, driver)
      where data_key.subject = held.subject and data_key.driver is distinct from held.driver`.execute(this.database);
  }

  private opened({ subject, key_id, wrapped }: KeyRow): DataKey {
    return { id: key_id, secret: unwrap(this.masterKey, wrapped, subject) };
  }
}

// A service's own PostgreSQL database: opened with a small pool, migrated before anything reads it. Migrations make the tables that cannot be
// derived from the streams; projections make their own (see `generations.ts`), and the search path lets readers find both without a prefix.
import { Kysely, type Migration, Migrator, PostgresDialect, type RawBuilder, sql, type Transaction } from 'kysely';
import { Pool, types } from 'pg';
import { bookkeeping } from './generations';
import { type ProjectionVersion, servingSchema } from './projection';

export type Database<Tables> = Kysely<Tables>;
/** Name -> migration, applied once each in the order of their names: `001-lease`, `002-...`. */
export type Migrations = Record<string, Migration>;

export interface DatabaseOptions {
  migrations?: Migrations;
  /** Whose tables are read here, in the versions that this program knows. */
  projections?: readonly ProjectionVersion[];
}

// bigint and numeric arrive as text, because a JavaScript number cannot hold them; timestamps as RFC 3339 text, as everywhere else.
const TIMESTAMP_WITH_ZONE = 1184;
types.setTypeParser(TIMESTAMP_WITH_ZONE, (text) => new Date(text).toISOString());

/** Connections a process holds at most. No code takes a second connection inside a transaction, so a small pool cannot deadlock. */
const POOL_SIZE = 8;

/** @throws the driver's error while the server is away, or the first failing migration's. */
export async function openDatabase<Tables>(
  url: string,
  { migrations = {}, projections = [] }: DatabaseOptions = {},
): Promise<Database<Tables>> {
  // Not on the readers' search path: a migration's tables must not end in a projection's schema, which is dropped one day.
  const plain = connect<MigrationTables>(url, 1);
  try {
    await migrate(plain, { ...bookkeeping, ...migrations });
  } finally {
    await plain.destroy();
  }
  return connect<Tables>(url, POOL_SIZE, [...projections.map(servingSchema), 'public']);
}

type MigrationTables = { kysely_migration: { name: string } };

async function migrate(database: Database<MigrationTables>, migrations: Migrations): Promise<void> {
  // A pod of an older version that starts during a deployment, or after a roll back, meets migrations that only the newer one knows.
  const executed = (await isThere(database, 'kysely_migration'))
    ? await database.selectFrom('kysely_migration').select('name').execute()
    : [];
  const unknown = executed.filter(({ name }) => !(name in migrations)).map(({ name }) => [name, { up: async () => undefined }]);
  const known: Migrations = { ...migrations, ...Object.fromEntries(unknown) };
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => known }, allowUnorderedMigrations: true });
  for (let look = 1; ; look++) {
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    if (!isSchemaGone(error) || look === LOOKS) throw error;
  }
}

/** The migrator looks at all tables that there are, and a projection's old schema may be dropped while it does: then it looks again. */
const LOOKS = 5;

/** SQLSTATE 3F000, invalid_schema_name. */
function isSchemaGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === '3F000';
}

async function isThere(database: Database<MigrationTables>, table: string): Promise<boolean> {
  const { rows } = await sql<{ there: boolean }>`select to_regclass(${table}) is not null as there`.execute(database);
  return rows[0]?.there === true;
}

function connect<Tables>(connectionString: string, max: number, searchPath?: readonly string[]): Database<Tables> {
  const options = searchPath === undefined ? {} : { options: `-c search_path=${searchPath.join(',')}` };
  const pool = new Pool({ connectionString, max, connectionTimeoutMillis: 5_000, keepAlive: true, ...options });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => pool.idleCount);
  // Likewise one that breaks in the middle of a transaction: the query that waits on it fails by itself.
  pool.on('connect', (client) => client.on('error', () => pool.idleCount));
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Rows as something that a statement reads from, with one parameter however many they are: a parameter a value would keep the process from what
 * it is asked. Each has the columns of the table; what a row leaves out is null.
 */
export function recordset(table: string, rows: readonly unknown[]): RawBuilder<unknown> {
  return sql`json_populate_recordset(null::${sql.table(table)}, ${JSON.stringify(rows)}::json)`;
}

export interface PutOptions {
  key: readonly string[];
  /** Columns that keep what they had when the row was first put; `all` where what was put once never changes. */
  keep?: readonly string[] | 'all';
}

/**
 * Writes the rows in one statement with one parameter, however many they are; a row whose key is there replaces the one that is there.
 * @param rows at most one a key.
 */
export async function putRows<Tables, Table extends string & keyof Tables>(
  transaction: Transaction<Tables>,
  table: Table,
  rows: readonly Tables[Table][],
  { key, keep = [] }: PutOptions,
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const columns = Object.keys(first as object);
  const list = (names: readonly string[]) => sql.join(names.map((name) => sql.ref(name)));
  const replaced = keep === 'all' ? [] : columns.filter((column) => !key.includes(column) && !keep.includes(column));
  const replacements = replaced.map((column) => sql`${sql.ref(column)} = ${sql.ref(`excluded.${column}`)}`);
  const conflict = replacements.length === 0 ? sql`nothing` : sql`update set ${sql.join(replacements)}`;
  await sql`
    insert into ${sql.table(table)} (${list(columns)})
    select ${list(columns)} from ${recordset(table, rows)}
    on conflict (${list(key)}) do ${conflict}`.execute(transaction);
}

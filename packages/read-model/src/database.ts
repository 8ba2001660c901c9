// A service's own PostgreSQL database: opened with a small pool, migrated before anything reads it.
import { Kysely, type Migration, Migrator, PostgresDialect } from 'kysely';
import { Pool, types } from 'pg';

export type Database<Tables> = Kysely<Tables>;
/** Name -> migration, applied once each in the order of their names: `001-sessions`, `002-...`. */
export type Migrations = Record<string, Migration>;

// bigint and numeric arrive as text, because a JavaScript number cannot hold them; timestamps as RFC 3339 text, as everywhere else.
const TIMESTAMP_WITH_ZONE = 1184;
types.setTypeParser(TIMESTAMP_WITH_ZONE, (text) => new Date(text).toISOString());

/** Connections a process holds at most. No code takes a second connection inside a transaction, so a small pool cannot deadlock. */
const POOL_SIZE = 8;

/** @throws the driver's error while the server is away, or the first failing migration's. */
export async function openDatabase<Tables>(url: string, migrations: Migrations): Promise<Database<Tables>> {
  const pool = new Pool({ connectionString: url, max: POOL_SIZE, connectionTimeoutMillis: 5_000, keepAlive: true });
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on('error', () => pool.idleCount);
  const database = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    const migrator = new Migrator({ db: database, provider: { getMigrations: async () => ({ ...checkpoints, ...migrations }) } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    return database;
  } catch (error) {
    await database.destroy();
    throw error;
  }
}

const checkpoints: Migrations = {
  '000-projection-checkpoints': {
    up: async (database) => {
      await database.schema
        .createTable('projection_checkpoint')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('position', 'text')
        .execute();
    },
  },
};

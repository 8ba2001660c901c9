// A real PostgreSQL, started with fsync on, with a database for each reader.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port';
import { RestartableServer } from './restartable-server';
import type { ServerProcess } from './server-process';

export interface RunningPostgres {
  readonly port: number;
  readonly process: ServerProcess;
  urlOf(database: string): string;
  /** Creates the database unless it exists. */
  ensureDatabase(database: string): Promise<string>;
  /** Every row of every table of every database whose name starts so, as text: what a dump would hold. */
  dump(databasePrefix: string): Promise<DumpedRow[]>;
  /** SIGKILL, and after a pause it is started again. Resolves when it is ready. */
  crash(downMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface DumpedRow {
  /** `database.schema.table` */
  table: string;
  row: string;
}

export interface PostgresOptions {
  /** Kept between starts; by default a temporary folder that is removed at the end, and that no power cut would leave whole. */
  dataFolder?: string;
  port?: number;
  password?: string;
  onLine?: (line: string) => void;
}

export async function startPostgres(options: PostgresOptions = {}): Promise<RunningPostgres> {
  const port = options.port ?? (await freePort());
  const password = options.password ?? 'evenkeel';
  const temporary = options.dataFolder === undefined ? await mkdtemp(join(tmpdir(), 'evenkeel-postgres-')) : undefined;
  // The server runs as a system user of its own and must be able to reach its folder.
  if (temporary !== undefined) await chmod(temporary, 0o755);
  const server = await RestartableServer.start({
    name: 'PostgreSQL',
    command: process.execPath,
    args: [
      join(__dirname, '..', 'dist', 'postgres-main.js'),
      options.dataFolder ?? join(temporary ?? '', 'data'),
      String(port),
      ...(temporary === undefined ? [] : ['throwaway']),
    ],
    env: { EVENKEEL_POSTGRES_PASSWORD: password },
    onLine: options.onLine,
    readyWhen: (line) => line === 'PostgreSQL is ready',
  });
  const urlOf = (database: string) => `postgres://evenkeel:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  return {
    port,
    get process() {
      return server.process;
    },
    crash: (downMs) => server.crash(downMs),
    urlOf,
    async ensureDatabase(database) {
      await createDatabase(urlOf('postgres'), database);
      return urlOf(database);
    },
    dump: (databasePrefix) => dumpDatabases(urlOf, databasePrefix),
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

async function dumpDatabases(urlOf: (database: string) => string, prefix: string): Promise<DumpedRow[]> {
  const databases = await queried<{ datname: string }>(
    urlOf('postgres'),
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  const dumped: DumpedRow[] = [];
  for (const { datname } of databases) {
    const tables = await queried<{ schema: string; name: string; quoted: string }>(
      urlOf(datname),
      `select table_schema as schema, table_name as name, format('%I.%I', table_schema, table_name) as quoted
         from information_schema.tables
        where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
    );
    for (const { schema, name, quoted } of tables) {
      const rows = await queried<{ row: string }>(urlOf(datname), `select dumped::text as row from ${quoted} as dumped`);
      dumped.push(...rows.map(({ row }) => ({ table: `${datname}.${schema}.${name}`, row })));
    }
  }
  return dumped;
}

async function queried<R extends object>(url: string, text: string, values: unknown[] = []): Promise<R[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as R[];
  } finally {
    await client.end();
  }
}

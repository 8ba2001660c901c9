// The process: starts the server, says so in one line of JSON, and stops it on SIGTERM or SIGINT.
import { readConfig } from './config';
import { startEmbeddedEventStore } from './embedded-event-store';
import { StartRefusedError } from './start-refused-error';

const NOTE =
  'A development and test server: a single node without TLS, authentication or replication. Use an EventStoreDB cluster in production.';

async function main(): Promise<void> {
  const config = readConfig(process.argv.slice(2), process.env);
  const server = await startEmbeddedEventStore({ ...config, report: (message) => say({ msg: message, level: 'warn' }) });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      server.close().then(() => say({ msg: 'embedded event store has stopped', signal }), refuse);
    });
  }
  say({ msg: 'embedded event store is ready', url: server.url, dataFolder: config.dataFolder, note: NOTE });
}

function say(line: Record<string, string>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function refuse(error: unknown): void {
  const reason =
    error instanceof StartRefusedError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${reason}\n`);
  process.exitCode = 1;
}

main().catch(refuse);

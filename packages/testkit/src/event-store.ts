// The embedded event store as a process of its own, as `npm start` runs it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { RestartableServer } from './restartable-server';
import type { ServerProcess } from './server-process';

export interface RunningEventStore {
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly process: ServerProcess;
  /** SIGKILL, and after a pause it is started again. Resolves when it is ready. */
  crash(downMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface EventStoreOptions {
  /** Kept between starts; by default a temporary folder that is removed at the end. */
  dataFolder?: string;
  port?: number;
  onLine?: (line: string) => void;
}

export async function startEventStore(options: EventStoreOptions = {}): Promise<RunningEventStore> {
  const port = options.port ?? (await freePort());
  const temporary = options.dataFolder === undefined ? await mkdtemp(join(tmpdir(), 'evenkeel-events-')) : undefined;
  const dataFolder = options.dataFolder ?? temporary ?? '';
  const server = await RestartableServer.start({
    name: 'event store',
    command: process.execPath,
    args: [require.resolve('@evenkeel/embedded-eventstore/dist/main.js'), '--data', dataFolder, '--port', String(port)],
    onLine: options.onLine,
    readyWhen: (line) => line.includes('is ready'),
  });
  return {
    url: `esdb://127.0.0.1:${port}?tls=false`,
    port,
    dataFolder,
    get process() {
      return server.process;
    },
    crash: (downMs) => server.crash(downMs),
    async stop() {
      await server.stop();
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}

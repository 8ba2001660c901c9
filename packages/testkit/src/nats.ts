// A real nats-server with JetStream: found on the PATH, else installed by the system's package manager, else a message with the one command
// to run.
import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { natsServerConfig, natsUser, type PlatformAccount } from '@evenkeel/contracts';
import { freePort } from './free-port';
import { RestartableServer } from './restartable-server';
import type { ServerProcess } from './server-process';

const run = promisify(execFile);

export interface RunningNats {
  readonly port: number;
  readonly process: ServerProcess;
  /** Connection URL of one service's user, or of `provision`. */
  urlOf(account: string, user: string): string;
  /** SIGKILL, and after a pause it is started again. Resolves when it is ready. */
  crash(downMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface NatsOptions {
  platforms: readonly PlatformAccount[];
  /** Kept between starts; by default a temporary folder that is removed at the end. */
  dataFolder?: string;
  host?: string;
  port?: number;
  onLine?: (line: string) => void;
}

/**
 * @returns the path of a nats-server program.
 * @throws with the command to run where it can neither be found nor installed.
 */
export async function findNatsServer(onProgress: (line: string) => void = () => undefined): Promise<string> {
  const found = await onPath('nats-server');
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && (await onPath('apt-get')) !== undefined) {
    onProgress('nats-server is not installed: installing it with apt-get');
    await run('apt-get', ['update', '-qq']);
    await run('apt-get', ['install', '-y', '--no-install-recommends', 'nats-server'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    const installed = await onPath('nats-server');
    if (installed !== undefined) return installed;
  }
  throw new Error('nats-server is not on the PATH. Install it with: apt-get install -y nats-server');
}

export async function startNats(options: NatsOptions): Promise<RunningNats> {
  const program = await findNatsServer();
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? (await freePort());
  const temporary = options.dataFolder === undefined ? await mkdtemp(join(tmpdir(), 'evenkeel-nats-')) : undefined;
  const folder = options.dataFolder ?? temporary ?? '';
  await mkdir(folder, { recursive: true });
  const configFile = join(folder, 'nats-server.conf');
  const config = natsServerConfig({ host, port, storeFolder: join(folder, 'jetstream'), platforms: options.platforms });
  await writeFile(configFile, config, { mode: 0o600 });
  const server = await RestartableServer.start({
    name: 'nats-server',
    command: program,
    args: ['-c', configFile],
    onLine: options.onLine,
    readyWhen: (line) => line.includes('Server is ready'),
  });
  return {
    port,
    get process() {
      return server.process;
    },
    crash: (downMs) => server.crash(downMs),
    urlOf(account, user) {
      const platform = options.platforms.find(({ name }) => name === account);
      if (!platform) throw new Error(`no account is called ${account}`);
      return `nats://${natsUser(account, user)}:${encodeURIComponent(platform.passwordOf(user))}@${host}:${port}`;
    },
    async stop() {
      await server.stop();
      if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
    },
  };
}

async function onPath(program: string): Promise<string | undefined> {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/usr/local/bin']) {
    const path = join(folder, program);
    try {
      await access(path);
      return path;
    } catch {
      // Not in this folder; the next may have it.
    }
  }
  return undefined;
}

// A server as a child process: started, watched until it is ready, stopped with its own signal, and killed without mercy when a test wants it.
import { type ChildProcess, spawn } from 'node:child_process';

export interface ServerCommand {
  name: string;
  command: string;
  args: readonly string[];
  env?: NodeJS.ProcessEnv;
  /** Told each line the process writes. */
  onLine?: (line: string) => void;
  /** The line that means "ready"; without it the process is ready at once. */
  readyWhen?: (line: string) => boolean;
  readyWithinMs?: number;
  /** Ends a start that is not wanted any more. */
  signal?: AbortSignal;
}

export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Resolves with the exit code, or the signal, when the process ends. */
  readonly ended: Promise<number | string>;
  /** SIGTERM, and SIGKILL when that is not obeyed in time. */
  stop(graceMs?: number): Promise<void>;
  /** SIGKILL, to what it has started as well. */
  kill(): Promise<void>;
}

/** What runs, by process id. Whoever ends before it has stopped its servers takes them along. */
const running = new Set<number>();
process.once('exit', () => {
  for (const pid of running) killGroup(pid);
});

/** @throws when the process ends, or stays silent, before it is ready; the message carries its last lines. */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const child = spawn(server.command, server.args, {
    env: { ...process.env, ...server.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A process group of its own: Ctrl-C reaches the one who starts servers, who stops them in order.
    detached: true,
    signal: server.signal,
    killSignal: 'SIGKILL',
  });
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    child.once('exit', () => running.delete(pid));
  }
  const last: string[] = [];
  let ready: () => void = () => undefined;
  const becameReady = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const onLine = (line: string) => {
    last.push(line);
    if (last.length > 20) last.shift();
    server.onLine?.(line);
    if (server.readyWhen?.(line)) ready();
  };
  eachLine(child, onLine);
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      last.push(error.message);
      resolve('not started');
    });
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0));
  });
  if (!server.readyWhen) ready();
  const failed = ended.then((how) => {
    throw new Error(`${server.name} ended (${how}) before it was ready:\n${last.join('\n')}`);
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    const withinMs = server.readyWithinMs ?? 30_000;
    timer = setTimeout(() => fail(new Error(`${server.name} was not ready within ${withinMs} ms:\n${last.join('\n')}`)), withinMs);
  });
  try {
    await Promise.race([becameReady, failed, late]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
    failed.catch(() => undefined);
  }
  return handleOf(server.name, child, ended);
}

function handleOf(name: string, child: ChildProcess, ended: Promise<number | string>): ServerProcess {
  const signal = async (first: NodeJS.Signals, graceMs: number) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(first);
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended;
    clearTimeout(timer);
  };
  return {
    name,
    pid: child.pid ?? -1,
    ended,
    stop: (graceMs = 15_000) => signal('SIGTERM', graceMs),
    async kill() {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(child.pid);
      await ended;
    },
  };
}

/** Each server leads a process group of its own. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It was faster and has ended by itself.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function eachLine(child: ChildProcess, onLine: (line: string) => void): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') onLine(line);
    });
  }
}

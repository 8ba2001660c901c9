// The process as its users meet it: what it prints, how it refuses, and what is left after it is killed.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { connect, meterEvent, newFolder, until } from './server-under-test';

const MAIN = join(__dirname, '..', 'dist', 'main.js');

interface RunningServer {
  readonly child: ChildProcess;
  readonly line: { readonly msg: string; readonly url: string; readonly note: string };
}

describe('the server process', () => {
  let folder: string;
  let children: ChildProcess[];
  let clients: EventStoreDBClient[];
  beforeEach(() => {
    folder = newFolder();
    children = [];
    clients = [];
  });
  afterEach(async () => {
    for (const client of clients) await client.dispose();
    for (const child of children) await kill(child, 'SIGKILL');
    rmSync(folder, { recursive: true });
  });

  function run(args: readonly string[], environment: Record<string, string> = {}, command = process.execPath): ChildProcess {
    const child = spawn(command, args, { env: { PATH: process.env.PATH ?? '', ...environment } });
    children.push(child);
    return child;
  }

  async function start(args = [MAIN, '--data', folder, '--port', '0'], command?: string): Promise<RunningServer> {
    const child = run(args, {}, command);
    const line = await new Promise<string>((resolve, reject) => {
      child.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString().split('\n')[0] ?? ''));
      child.stderr?.once('data', (bytes: Buffer) => reject(new Error(bytes.toString())));
    });
    return { child, line: JSON.parse(line) };
  }

  async function refusal(args: readonly string[], environment?: Record<string, string>): Promise<{ code: number; lines: string[] }> {
    const child = run([MAIN, ...args], environment);
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      said += bytes.toString();
    });
    const [code] = await once(child, 'close');
    return { code, lines: said.trim().split('\n') };
  }

  async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    }
    return child.exitCode;
  }

  function clientOf({ line }: RunningServer): EventStoreDBClient {
    const client = connect(line.url);
    clients.push(client);
    return client;
  }

  it('says where it listens and what it is, and stops cleanly on SIGTERM and SIGINT', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child, line } = await start();
      expect(line.msg).toBe('embedded event store is ready');
      expect(line.url).toMatch(/^esdb:\/\/127\.0\.0\.1:\d+\?tls=false$/);
      expect(line.note).toContain('development and test server');
      expect(await kill(child, signal)).toBe(0);
    }
  });

  it('takes its configuration from the environment', async () => {
    const child = run([MAIN], { EVENTSTORE_DATA: folder, EVENTSTORE_PORT: '0', EVENTSTORE_HOST: '127.0.0.1' });
    const [bytes] = await once(child.stdout as NodeJS.ReadableStream, 'data');
    expect(JSON.parse(String(bytes)).dataFolder).toBe(folder);
  });

  it.each([
    [['--port', '0'], 'Say where the data is kept'],
    [['--data', '/tmp'], 'Say where to listen'],
    [['--data', '/tmp', '--port', 'http'], 'The port "http" is not a number'],
    [['--data', '/tmp', '--port', '70000'], 'The port "70000" is not a number'],
    [['--data', '/tmp', '--color', 'red'], "Unknown option '--color'"],
    [['--data', '/dev/null/x', '--port', '0'], 'The data folder /dev/null/x cannot be written'],
  ])('refuses %j', async (args, reason) => {
    const { code, lines } = await refusal(args);
    expect(code).toBe(1);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(reason);
  });

  it('refuses a folder in use and a port that is taken', async () => {
    const { child, line } = await start();
    const locked = await refusal(['--data', folder, '--port', '0']);
    expect(locked).toEqual({ code: 1, lines: [expect.stringContaining(`in use by the event store of process ${child.pid}`)] });
    const { port } = new URL(line.url);
    const other = newFolder();
    const taken = await refusal(['--data', other, '--port', port]);
    expect(taken).toEqual({ code: 1, lines: [`Port ${port} on 127.0.0.1 is taken by another process.`] });
    rmSync(other, { recursive: true });
  });

  it('refuses a damaged store in one line', async () => {
    writeFileSync(join(folder, 'segment-0000000000000001.log'), Buffer.alloc(200, 'x'));
    const { code, lines } = await refusal(['--data', folder, '--port', '0']);
    expect(code).toBe(1);
    expect(lines).toEqual([expect.stringContaining('is not a segment of an embedded event store')]);
  });

  it('has everything it acknowledged after SIGKILL under 32 writers, and starts again at once, five times over', async () => {
    const acknowledged = new Map<string, number>();
    for (let round = 0; round < 5; round++) {
      const server = await start();
      const client = clientOf(server);
      let isKilled = false;
      const write = async (writer: number) => {
        const stream = `session-${round}${writer}`;
        for (let number = 0; !isKilled; number++) {
          await client.appendToStream(stream, meterEvent(number));
          acknowledged.set(stream, number + 1);
        }
      };
      const writers = Array.from({ length: 32 }, (_, writer) => write(writer).catch(() => stopWriting()));
      const stopWriting = () => {
        isKilled = true;
      };
      await until(() => acknowledged.size === 32 * (round + 1));
      await new Promise((resolve) => setTimeout(resolve, 50 + 30 * round));
      server.child.kill('SIGKILL');
      const next = await start();
      await Promise.all(writers);
      const reader = clientOf(next);
      for (const [stream, count] of acknowledged) {
        const numbers: unknown[] = [];
        for await (const { event } of reader.readStream(stream)) numbers.push(event?.data);
        expect(numbers.length).toBeGreaterThanOrEqual(count);
        expect(numbers).toEqual(numbers.map((_, number) => ({ number })));
      }
      await kill(next.child, 'SIGTERM');
    }
  }, 60_000);

  it('refuses appends while there is no room, serves reads, and recovers when there is room again', async () => {
    // A limit on the size of a file stands in for a full disk: both fail the write.
    const server = await start(['--fsize=65536:', process.execPath, MAIN, '--data', folder, '--port', '0'], 'prlimit');
    const client = clientOf(server);
    let stored = 0;
    const append = () => client.appendToStream('session-1', { ...meterEvent(stored), data: { text: 'x'.repeat(4000) } });
    const fill = async () => {
      for (;;) {
        await append();
        stored++;
      }
    };
    await expect(fill()).rejects.toThrow('The event store cannot write to its disk and stored nothing');
    expect(stored).toBeGreaterThan(5);
    await expect(append()).rejects.toThrow('stored nothing');
    const unary = client.appendToStream('session-1', meterEvent(0), { credentials: { username: 'a', password: 'b' } });
    stored += await unary.then(
      () => 1,
      () => 0,
    );
    const count = async (reader: EventStoreDBClient) => {
      let read = 0;
      for await (const { event } of reader.readStream('session-1')) if (event) read++;
      return read;
    };
    expect(await count(client)).toBe(stored);
    execFileSync('prlimit', ['--pid', String(server.child.pid), '--fsize=unlimited:']);
    const { nextExpectedRevision } = await append();
    expect(nextExpectedRevision).toBe(BigInt(stored));
    await kill(server.child, 'SIGKILL');
    expect(await count(clientOf(await start()))).toBe(stored + 1);
  });
});

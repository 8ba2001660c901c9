// Idle stations and what they cost a server: each connects, boots, tells a state, and is silent from then on but for pongs. The plain and the
// TLS benchmark differ in their doors only.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Answer, idOf, type Reply, type Request, requestSubject } from '@evenkeel/contracts';
import { type Broker, connectBroker, provision } from '@evenkeel/messaging';
import { type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import WebSocket from 'ws';
import { usageOf } from './process-usage';

/** What the first connections cost is loading code. */
const WARM = 200;
/** Until collectors have done their work and nothing is on its way any more. */
const SETTLE_MS = 20_000;
const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => idOf('password', user) };
/** As services are started everywhere; what V8 keeps for young objects is part of what a connection costs. */
const NODE_OPTIONS = ['--max-semi-space-size=64', '--no-parallel-scavenge'];
const print = (line: string) => process.stdout.write(`${line}\n`);

export interface IdleLoad {
  readonly connections: number;
  /** Handshakes under way at once. */
  readonly atOnce: number;
}

export interface Cost {
  readonly kibibytesEach: number;
  readonly acceptedPerSecond: number;
  readonly cpuMicrosecondsEach: number;
}

export function printHead(what: string): void {
  print(`${what}, Node ${process.version}\n`);
  print('| server | memory a connection | accepted a second | CPU a connection |\n| --- | --- | --- | --- |');
}

export function printRow(name: string, { kibibytesEach, acceptedPerSecond, cpuMicrosecondsEach }: Cost): void {
  print(`| ${name} | ${kibibytesEach.toFixed(1)} KiB | ${acceptedPerSecond.toFixed(0)} | ${cpuMicrosecondsEach.toFixed(0)} µs |`);
}

export function printRatio(gateway: Cost, bare: Cost): void {
  print(`\nthe gateway costs ${(gateway.kibibytesEach / bare.kibibytesEach).toFixed(2)} times the bare server's memory`);
}

/** @param script beside this file; it prints `ready PORT`. */
export async function measureBare(load: IdleLoad, protocol: 'ws' | 'wss', script: string, ...args: string[]): Promise<Cost> {
  let port = '';
  const server = await startServer({
    name: script,
    command: process.execPath,
    args: [...NODE_OPTIONS, join(__dirname, script), ...args],
    readyWhen: (line) => {
      port = line.split(' ')[1] ?? '';
      return line.startsWith('ready');
    },
  });
  return measure(server, `${protocol}://127.0.0.1:${port}`, load).finally(() => server.kill());
}

/** @param env opens the door that `baseUrl` leads to. */
export async function measureGateway(load: IdleLoad, folder: string, baseUrl: string, env: Record<string, string>): Promise<Cost> {
  const nats = await startNats({ platforms: [ACCOUNT], dataFolder: folder });
  const provisioner = await connectBroker(nats.urlOf(ACCOUNT.name, 'provision'), 'console');
  await provision(provisioner, { replicas: 1 });
  await provisioner.close();
  const registry = await connectBroker(nats.urlOf(ACCOUNT.name, 'registry'), 'registry');
  admitEverybody(registry);
  const server = await startServer({
    name: 'ocpp-gateway',
    command: process.execPath,
    args: [...NODE_OPTIONS, require.resolve('@evenkeel/ocpp-gateway/dist/main.js')],
    env: {
      NATS_URL: nats.urlOf(ACCOUNT.name, 'ocpp-gateway'),
      IDENTITY_SECRET: '1d'.repeat(32),
      UPGRADES_PER_SECOND: '100000',
      ...env,
    },
    readyWhen: (line) => line.includes('is ready'),
    onLine: (line) => /"level":"(warn|error|fatal)"/.test(line) && print(line.slice(0, 300)),
  });
  try {
    return await measure(server, `${baseUrl}/ocpp`, load);
  } finally {
    await server.kill();
    await registry.close();
    await nats.stop();
  }
}

/** Runs a benchmark in a folder of its own, and ends the process with it. */
export async function runInFolder(benchmark: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-load-'));
  let code = 0;
  try {
    await benchmark(folder);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    code = 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(code);
}

function admitEverybody(registry: Broker): void {
  registry.connection.subscribe(requestSubject('admitStation'), {
    callback: (failure, message) => {
      if (failure) throw failure;
      const { identity: stationId } = message.json<Request<'admitStation'>>();
      const value: Reply<'admitStation'> = {
        admitted: true,
        party: 'US-CHG',
        stationId,
        versions: ['1.6'],
        registration: 'accepted',
        booted: true,
      };
      const answer: Answer<Reply<'admitStation'>> = { ok: true, value };
      message.respond(Buffer.from(JSON.stringify(answer)));
    },
  });
}

async function measure({ pid }: ServerProcess, url: string, { connections, atOnce }: IdleLoad): Promise<Cost> {
  const sockets = await connectAll(url, 'WARM', WARM, atOnce);
  await pause(SETTLE_MS / 4);
  const before = usageOf(pid);
  const startedAt = performance.now();
  sockets.push(...(await connectAll(url, 'IDLE', connections - WARM, atOnce)));
  const seconds = (performance.now() - startedAt) / 1000;
  const measured = connections - WARM;
  const { cpuMicroseconds } = usageOf(pid);
  await pause(SETTLE_MS);
  const { residentMegabytes } = usageOf(pid);
  for (const socket of sockets) socket.terminate();
  return {
    kibibytesEach: ((residentMegabytes - before.residentMegabytes) * 1024) / measured,
    acceptedPerSecond: measured / seconds,
    cpuMicrosecondsEach: (cpuMicroseconds - before.cpuMicroseconds) / measured,
  };
}

/** Each connects, boots and tells a state before the next one takes its place in the queue. */
async function connectAll(url: string, name: string, count: number, atOnce: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) sockets.push(await connectOne(`${url}/${name}-${next++}`));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return sockets;
}

function connectOne(url: string): Promise<WebSocket> {
  return new Promise((resolve, fail) => {
    // What is measured is the server; the certificate is known to be right.
    const socket = new WebSocket(url, 'ocpp1.6', { perMessageDeflate: false, rejectUnauthorized: false });
    socket.once('error', fail);
    socket.once('open', () => socket.send('[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'));
    socket.once('message', () => {
      socket.send('[2,"2","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError"}]');
      socket.once('message', () => resolve(socket));
    });
  });
}

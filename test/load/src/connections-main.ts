// `npm run load:connections`: what an idle station costs one gateway process, and how fast stations are let in, against a bare `ws` server in
// the same run. Stations connect, boot, tell a state, and are silent from then on but for pongs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, idOf, type Reply, type Request, requestSubject } from '@evenkeel/contracts';
import { type Broker, connectBroker, provision } from '@evenkeel/messaging';
import { freePort, type RunningNats, type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import WebSocket from 'ws';
import { usageOf } from './process-usage';

const CONNECTIONS = Number(process.env.LOAD_CONNECTIONS ?? 19_000);
/** Handshakes under way at once. */
const AT_ONCE = 100;
/** Until collectors have done their work and nothing is on its way any more. */
const SETTLE_MS = 20_000;
/** As services are started here; what V8 keeps for young objects is part of what a connection costs. */
const FLAGS = ['--max-semi-space-size=64', '--no-parallel-scavenge'];
const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => idOf('password', user) };
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Cost {
  readonly kibibytesEach: number;
  readonly acceptedPerSecond: number;
  readonly cpuMicrosecondsEach: number;
}

async function main(): Promise<void> {
  print(`${CONNECTIONS} idle stations, Node ${process.version}\n`);
  print('| server | memory a connection | accepted a second | CPU a connection |\n|---|---|---|---|');
  const bare = await measureBare();
  printRow('bare ws', bare);
  const gateway = await measureGateway();
  printRow('ocpp-gateway', gateway);
  print(`\nthe gateway costs ${(gateway.kibibytesEach / bare.kibibytesEach).toFixed(1)} times the bare server's memory`);
}

function printRow(name: string, { kibibytesEach, acceptedPerSecond, cpuMicrosecondsEach }: Cost): void {
  print(`| ${name} | ${kibibytesEach.toFixed(1)} KiB | ${acceptedPerSecond.toFixed(0)} | ${cpuMicrosecondsEach.toFixed(0)} µs |`);
}

async function measureBare(): Promise<Cost> {
  let port = '';
  const server = await startServer({
    name: 'bare server',
    command: process.execPath,
    args: [...FLAGS, join(__dirname, 'bare-server.js')],
    readyWhen: (line) => {
      port = line.split(' ')[1] ?? '';
      return line.startsWith('ready');
    },
  });
  return measure(server, `ws://127.0.0.1:${port}`).finally(() => server.stop());
}

async function measureGateway(): Promise<Cost> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-load-'));
  const nats = await startNats({ platforms: [ACCOUNT], dataFolder: folder });
  const provisioner = await connectBroker(nats.urlOf(ACCOUNT.name, 'provision'), 'console');
  await provision(provisioner, { replicas: 1 });
  await provisioner.close();
  const registry = await connectBroker(nats.urlOf(ACCOUNT.name, 'registry'), 'registry');
  admitEverybody(registry);
  const port = await freePort();
  const server = await startGateway(nats, port);
  try {
    return await measure(server, `ws://127.0.0.1:${port}/ocpp`);
  } finally {
    await server.kill();
    await registry.close();
    await nats.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startGateway(nats: RunningNats, port: number): Promise<ServerProcess> {
  return startServer({
    name: 'ocpp-gateway',
    command: process.execPath,
    args: [...FLAGS, require.resolve('@evenkeel/ocpp-gateway/dist/main.js')],
    env: {
      NATS_URL: nats.urlOf(ACCOUNT.name, 'ocpp-gateway'),
      OCPP_PORT: String(port),
      IDENTITY_SECRET: '1d'.repeat(32),
      UPGRADES_PER_SECOND: '100000',
      LOG_LEVEL: 'info',
    },
    readyWhen: (line) => line.includes('is ready'),
    onLine: (line) => /"level":"(warn|error|fatal)"/.test(line) && print(line.slice(0, 300)),
  });
}

function admitEverybody(registry: Broker): void {
  registry.connection.subscribe(requestSubject('admitStation'), {
    callback: (failure, message) => {
      if (failure) throw failure;
      const { identity } = message.json<Request<'admitStation'>>();
      const value: Reply<'admitStation'> = {
        admitted: true,
        party: 'US-CHG',
        stationId: identity,
        versions: ['1.6'],
        registration: 'accepted',
        booted: true,
      };
      const answer: Answer<Reply<'admitStation'>> = { ok: true, value };
      message.respond(Buffer.from(JSON.stringify(answer)));
    },
  });
}

async function measure({ pid }: ServerProcess, url: string): Promise<Cost> {
  // What the first connections cost is loading code.
  const sockets = await connectAll(url, 'WARM', 200);
  await pause(SETTLE_MS / 4);
  const before = usageOf(pid);
  const startedAt = performance.now();
  sockets.push(...(await connectAll(url, 'IDLE', CONNECTIONS - sockets.length)));
  const seconds = (performance.now() - startedAt) / 1000;
  const measured = sockets.length - 200;
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
async function connectAll(url: string, name: string, count: number): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const identity = `${name}-${next++}`;
      sockets.push(await connectOne(`${url}/${identity}`));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return sockets;
}

function connectOne(url: string): Promise<WebSocket> {
  return new Promise((resolve, fail) => {
    const socket = new WebSocket(url, 'ocpp1.6', { perMessageDeflate: false });
    socket.once('error', fail);
    socket.once('open', () => socket.send('[2,"1","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]'));
    socket.once('message', () => {
      socket.send('[2,"2","StatusNotification",{"connectorId":1,"status":"Available","errorCode":"NoError"}]');
      socket.once('message', () => resolve(socket));
    });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

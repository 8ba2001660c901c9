// `npm run load:tls`: what an idle station costs one gateway process by TLS, and how fast stations are let in, against a bare `ws` server
// behind TLS in the same run. Stations connect, boot, tell a state, and are silent from then on but for pongs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, idOf, type Reply, type Request, requestSubject } from '@evenkeel/contracts';
import { prepareCertificates } from '@evenkeel/local';
import { type Broker, connectBroker, provision } from '@evenkeel/messaging';
import { freePort, type RunningNats, type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import WebSocket from 'ws';
import { usageOf } from './process-usage';

const CONNECTIONS = Number(process.env.LOAD_CONNECTIONS ?? 5_000);
/** Handshakes under way at once. */
const AT_ONCE = 50;
/** What the first connections cost is loading code. */
const WARM = 200;
/** Until collectors have done their work and nothing is on its way any more. */
const SETTLE_MS = 20_000;
const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => idOf('password', user) };
/** As services are started everywhere. */
const NODE_OPTIONS = ['--max-semi-space-size=64', '--no-parallel-scavenge'];
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Cost {
  readonly kibibytesEach: number;
  readonly acceptedPerSecond: number;
  readonly cpuMicrosecondsEach: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'evenkeel-load-tls-'));
  try {
    const { tlsFolder } = await prepareCertificates(folder, 'Chargem', '127.0.0.1');
    print(`${CONNECTIONS} idle stations by TLS, Node ${process.version}\n`);
    print('| server | memory a connection | accepted a second | CPU a connection |\n| --- | --- | --- | --- |');
    const bare = await measureBare(tlsFolder);
    printRow('bare ws behind TLS', bare);
    const gateway = await measureGateway(folder, tlsFolder);
    printRow('ocpp-gateway', gateway);
    print(`\nthe gateway costs ${(gateway.kibibytesEach / bare.kibibytesEach).toFixed(2)} times the bare server's memory`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function printRow(name: string, { kibibytesEach, acceptedPerSecond, cpuMicrosecondsEach }: Cost): void {
  print(`| ${name} | ${kibibytesEach.toFixed(1)} KiB | ${acceptedPerSecond.toFixed(0)} | ${cpuMicrosecondsEach.toFixed(0)} µs |`);
}

async function measureBare(tlsFolder: string): Promise<Cost> {
  let port = '';
  const server = await startServer({
    name: 'bare TLS server',
    command: process.execPath,
    args: [...NODE_OPTIONS, join(__dirname, 'bare-tls-server.js'), tlsFolder],
    readyWhen: (line) => {
      port = line.split(' ')[1] ?? '';
      return line.startsWith('ready');
    },
  });
  return measure(server, `wss://127.0.0.1:${port}`).finally(() => server.kill());
}

async function measureGateway(folder: string, tlsFolder: string): Promise<Cost> {
  const nats = await startNats({ platforms: [ACCOUNT], dataFolder: folder });
  const provisioner = await connectBroker(nats.urlOf(ACCOUNT.name, 'provision'), 'console');
  await provision(provisioner, { replicas: 1 });
  await provisioner.close();
  const registry = await connectBroker(nats.urlOf(ACCOUNT.name, 'registry'), 'registry');
  admitEverybody(registry);
  const tlsPort = await freePort();
  const server = await startGateway(nats, tlsPort, tlsFolder);
  try {
    return await measure(server, `wss://127.0.0.1:${tlsPort}/ocpp`);
  } finally {
    await server.kill();
    await registry.close();
    await nats.process.stop();
  }
}

function startGateway(nats: RunningNats, tlsPort: number, tlsFolder: string): Promise<ServerProcess> {
  return startServer({
    name: 'ocpp-gateway',
    command: process.execPath,
    args: [...NODE_OPTIONS, require.resolve('@evenkeel/ocpp-gateway/dist/main.js')],
    env: {
      NATS_URL: nats.urlOf(ACCOUNT.name, 'ocpp-gateway'),
      OCPP_PORT: '0',
      OCPP_TLS_PORT: String(tlsPort),
      TLS_FOLDER: tlsFolder,
      IDENTITY_SECRET: '1d'.repeat(32),
    },
    readyWhen: (line) => line.includes('is ready'),
    onLine: (line) => /"level":"(warn|error|fatal)"/.test(line) && print(line.slice(0, 300)),
  });
}

function admitEverybody(registry: Broker): void {
  registry.connection.subscribe(requestSubject('admitStation'), {
    callback: (failure, message) => {
      if (failure) throw failure;
      const { identity: stationId } = message.json<Request<'admitStation'>>();
      const admitted = { admitted: true, party: 'US-CHG', versions: ['1.6'], registration: 'accepted', booted: true } as const;
      const answer: Answer<Reply<'admitStation'>> = { ok: true, value: { ...admitted, versions: ['1.6'], stationId } };
      message.respond(Buffer.from(JSON.stringify(answer)));
    },
  });
}

async function measure({ pid }: ServerProcess, url: string): Promise<Cost> {
  const sockets = await connectAll(url, 'WARM', WARM);
  await pause(SETTLE_MS / 4);
  const before = usageOf(pid);
  const startedAt = performance.now();
  sockets.push(...(await connectAll(url, 'IDLE', CONNECTIONS - WARM)));
  const seconds = (performance.now() - startedAt) / 1000;
  const measured = CONNECTIONS - WARM;
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
    while (next < count) sockets.push(await connectOne(`${url}/${name}-${next++}`));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
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

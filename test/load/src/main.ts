// `npm run load`: measures the whole chain against the bare server in the same run and prints the table of the README beside this folder.
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AppName } from '@evenkeel/contracts';
import { defaultPorts, demoStation, Network, networkFileOf, type PlatformName, type Ports } from '@evenkeel/local';
import { connectBroker } from '@evenkeel/messaging';
import { stationPassword, stationsOf } from '@evenkeel/registry';
import { freePort, startServer } from '@evenkeel/testkit';
import { type ClosedLoop, closedLoop, type LoopResult, type LoopStation } from './closed-loop';
import { usageOf } from './process-usage';
import { MESSAGES_A_TRANSACTION, transactions } from './transactions';

const STATIONS = Number(process.env.LOAD_STATIONS ?? 200);
const SECONDS = Number(process.env.LOAD_SECONDS ?? 20);
const WARM_UP_SECONDS = 5;
const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  print(`${STATIONS} stations in a closed loop for ${SECONDS} s on ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
  const floor = await measureFloor();
  print(`\nbare ws + ajv: ${rate(floor.result)}, ${floor.cpu.toFixed(1)} µs of CPU a message`);
  await measureChain(floor.cpu);
}

async function measureFloor(): Promise<{ result: LoopResult; cpu: number }> {
  let port = '';
  const server = await startServer({
    name: 'bare server',
    command: process.execPath,
    args: [join(__dirname, 'bare-server.js')],
    readyWhen: (line) => {
      port = line.split(' ')[1] ?? '';
      return line.startsWith('ready');
    },
  });
  const stations = Array.from(
    { length: STATIONS },
    (): LoopStation => ({ url: `ws://127.0.0.1:${port}/`, next: transactions('T', Date.now()) }),
  );
  const { result, cpu } = await measure(closedLoop(stations), new Map([['bare', server.pid]]));
  await server.stop();
  return { result, cpu: cpu.get('bare') ?? 0 };
}

async function measureChain(floorCpu: number): Promise<void> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'evenkeel-load-'));
  const ports = Object.fromEntries(await Promise.all(Object.keys(defaultPorts).map(async (name) => [name, await freePort()]))) as Ports;
  const network = await Network.start({ dataFolder, ports, host: '127.0.0.1', progress: () => undefined, wants: isMeasured });
  try {
    const file = await networkFileOf('chargem');
    const token = file.tokens.find((each) => each.valid)?.uid ?? '';
    const identities = [...stationsOf(file)].map(({ stationId }) => stationId).filter((id) => id !== demoStation);
    const stations = identities.slice(0, STATIONS).map((identity): LoopStation => {
      const password = stationPassword(file.passwordSecret, identity);
      const authorization = `Basic ${Buffer.from(`${identity}:${password}`).toString('base64')}`;
      return { url: `${network.ocppUrl}/${identity}`, authorization, next: transactions(token, Date.now() - 30 * 86_400_000) };
    });
    const processes = new Map<string, number>([
      ['ocpp-gateway', network.service('chargem', 'ocpp-gateway').pid ?? 0],
      ['nats-server', network.nats.process.pid],
      ['session-ledger', network.service('chargem', 'session-ledger').pid ?? 0],
      ['event store', network.stores.chargem.process.pid],
      ['billing', network.service('chargem', 'billing').pid ?? 0],
      ['registry', network.service('chargem', 'registry').pid ?? 0],
      ['ocpi-bridge', network.service('chargem', 'ocpi-bridge').pid ?? 0],
      ['PostgreSQL', network.postgres.process.pid],
    ]);
    const backlog = await watchBacklog(network);
    const loop = closedLoop(stations);
    const { result, cpu, memory } = await measure(loop, processes, backlog.sample);
    print(
      `\nthe chain: ${rate(result)}, ${result.errors} errors, about ${Math.round(result.answered / MESSAGES_A_TRANSACTION)} transactions`,
    );
    print(
      `backlog of the ledger, facts in messages: ${backlog.samples.join(', ')}; empty ${await backlog.drained()} s after the last message`,
    );
    print('\n| process | CPU µs a message | RSS MiB |\n|---|---|---|');
    let total = 0;
    for (const name of processes.keys()) {
      total += cpu.get(name) ?? 0;
      print(`| ${name} | ${(cpu.get(name) ?? 0).toFixed(1)} | ${(memory.get(name) ?? 0).toFixed(0)} |`);
    }
    print(`| **all** | **${total.toFixed(1)}** | |`);
    print(`\nthe gateway costs ${((cpu.get('ocpp-gateway') ?? 0) / floorCpu).toFixed(2)} times the bare server a message`);
    await backlog.close();
  } finally {
    await network.stop();
    await rm(dataFolder, { recursive: true, force: true });
  }
}

/** CPU is counted from the mark to the end of the drain, so that work put off is work counted. */
async function measure(loop: ClosedLoop, processes: ReadonlyMap<string, number>, sample: () => Promise<void> = async () => undefined) {
  await loop.begin();
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_SECONDS * 1000));
  const before = new Map([...processes].map(([name, pid]) => [name, usageOf(pid)]));
  loop.mark();
  for (let second = 0; second < SECONDS; second += 5) {
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await sample();
  }
  const result = loop.result();
  const cpu = new Map<string, number>();
  const memory = new Map<string, number>();
  for (const [name, pid] of processes) {
    const usage = usageOf(pid);
    cpu.set(name, (usage.cpuMicroseconds - (before.get(name)?.cpuMicroseconds ?? 0)) / result.answered);
    memory.set(name, usage.residentMegabytes);
  }
  await loop.end();
  return { result, cpu, memory };
}

/** MobilityYou and the console have no part in what is measured. */
function isMeasured(platform: PlatformName, service: AppName): boolean {
  return platform === 'chargem' && service !== 'console';
}

async function watchBacklog(network: Network) {
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'provision'), 'console');
  const manager = await broker.manager();
  const pending = async () => {
    const { num_pending, num_ack_pending } = await manager.consumers.info('FACTS', 'session-ledger_fact');
    return num_pending + num_ack_pending;
  };
  const samples: number[] = [];
  return {
    samples,
    sample: async () => {
      samples.push(await pending());
    },
    async drained(): Promise<string> {
      const startedAt = performance.now();
      while ((await pending()) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      return ((performance.now() - startedAt) / 1000).toFixed(1);
    },
    close: () => broker.close(),
  };
}

function rate({ answered, seconds, p50Ms, p99Ms }: LoopResult): string {
  return `${Math.round(answered / seconds)} answered messages/s, p50 ${p50Ms.toFixed(1)} ms, p99 ${p99Ms.toFixed(1)} ms`;
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

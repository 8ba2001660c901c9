// `npm run load`: measures the whole chain against the bare server in the same run and prints the table of the README beside this folder.
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { AppName } from '@evenkeel/contracts';
import type { Network } from '@evenkeel/local';
import { connectBroker } from '@evenkeel/messaging';
import { startServer } from '@evenkeel/testkit';
import { type ClosedLoop, closedLoop, type LoopResult, type LoopStation } from './closed-loop';
import { startUnderLoad } from './network-under-load';
import { usageOf } from './process-usage';
import { MESSAGES_A_TRANSACTION, transactions } from './transactions';

const STATIONS = Number(process.env.LOAD_STATIONS ?? 200);
const SECONDS = Number(process.env.LOAD_SECONDS ?? 20);
const PACED_RATE = Number(process.env.LOAD_RATE ?? 5_000);
const WARM_UP_SECONDS = 5;
const services: readonly AppName[] = ['ocpp-gateway', 'session-ledger', 'billing', 'registry', 'ocpi-bridge'];
const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  print(`${STATIONS} stations, ${SECONDS} s a measurement, ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
  const floor = await measureFloor();
  print(`\nbare ws + ajv: ${rate(floor.result)}, ${floor.cpu.get('bare')?.toFixed(1)} µs of CPU a message`);
  const chain = await startChain();
  try {
    for (const [title, pauseMs] of [
      [`paced at ${PACED_RATE} messages/s`, (STATIONS * 1000) / PACED_RATE],
      ['as fast as answers come', 0],
    ] as const) {
      report(title, await measure(closedLoop(chain.stations(), pauseMs), chain.processes, chain.backlog), floor.cpu.get('bare') ?? 0);
    }
  } finally {
    await chain.stop();
  }
}

interface Measured {
  result: LoopResult;
  /** Microseconds of a message, by process. */
  cpu: Map<string, number>;
  memory: Map<string, number>;
  backlog: number[];
  drainSeconds: number;
}

async function measureFloor(): Promise<Measured> {
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
  const measured = await measure(closedLoop(stations), new Map([['bare', server.pid]]), async () => 0);
  await server.stop();
  return measured;
}

async function startChain() {
  const underLoad = await startUnderLoad(services, print);
  const { network, token } = underLoad;
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'provision'), 'console');
  const manager = await broker.manager();
  const waitingFor = async (stream: string, consumer: string) => {
    const { num_pending, num_ack_pending } = await manager.consumers.info(stream, consumer);
    return num_pending + num_ack_pending;
  };
  let round = 0;
  return {
    processes: processesOf(network),
    /** The stations of one measurement; each measurement has transactions of its own. */
    stations: (): LoopStation[] => {
      const firstStart = Date.now() - 60 * 86_400_000 + 20 * 86_400_000 * round++;
      return underLoad.stations(STATIONS).map((station) => ({ ...station, next: transactions(token, firstStart) }));
    },
    /** Messages that the ledger and billing have not finished. */
    backlog: async () => (await waitingFor('FACTS', 'session-ledger_fact')) + (await waitingFor('SESSIONS', 'billing_session-completed')),
    stop: async () => {
      await broker.close();
      await underLoad.stop();
    },
  };
}

function processesOf(network: Network): Map<string, number> {
  return new Map<string, number>([
    ...services.map((name): [string, number] => [name, network.service('chargem', name).pid ?? 0]),
    ['nats-server', network.nats.process.pid],
    ['event store', network.stores.chargem.process.pid],
    ['PostgreSQL', network.postgres.process.pid],
  ]);
}

/** CPU is counted from before the first message until everything behind the last one is done, so that work put off is work counted. */
async function measure(loop: ClosedLoop, processes: ReadonlyMap<string, number>, backlogNow: () => Promise<number>): Promise<Measured> {
  const before = new Map([...processes].map(([name, pid]) => [name, usageOf(pid).cpuMicroseconds]));
  await loop.begin();
  await pause(WARM_UP_SECONDS);
  loop.mark();
  const backlog: number[] = [];
  for (let second = 0; second < SECONDS; second += 5) {
    await pause(5);
    backlog.push(await backlogNow());
  }
  const result = loop.result();
  const answered = await loop.end();
  const drainStartedAt = performance.now();
  while ((await backlogNow()) > 0) await pause(0.1);
  const drainSeconds = (performance.now() - drainStartedAt) / 1000;
  // Relays and projections follow within moments.
  await pause(1);
  const cpu = new Map<string, number>();
  const memory = new Map<string, number>();
  for (const [name, pid] of processes) {
    const { cpuMicroseconds, residentMegabytes } = usageOf(pid);
    cpu.set(name, (cpuMicroseconds - (before.get(name) ?? 0)) / answered);
    memory.set(name, residentMegabytes);
  }
  return { result, cpu, memory, backlog, drainSeconds };
}

function report(title: string, { result, cpu, memory, backlog, drainSeconds }: Measured, floorCpu: number): void {
  print(
    `\nthe chain, ${title}: ${rate(result)}, ${result.errors} errors, ${Math.round(result.answered / MESSAGES_A_TRANSACTION)} transactions`,
  );
  print(
    `messages waiting for the ledger and billing, every 5 s: ${backlog.join(', ')}; all done ${drainSeconds.toFixed(1)} s after the last answer`,
  );
  print('\n| process | CPU µs a message | RSS MiB |\n|---|---|---|');
  for (const [name, microseconds] of cpu) print(`| ${name} | ${microseconds.toFixed(1)} | ${(memory.get(name) ?? 0).toFixed(0)} |`);
  const total = [...cpu.values()].reduce((sum, microseconds) => sum + microseconds, 0);
  print(`| **all** | **${total.toFixed(1)}** | |`);
  print(`\nthe gateway costs ${((cpu.get('ocpp-gateway') ?? 0) / floorCpu).toFixed(2)} times the bare server a message`);
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** MobilityYou and the console have no part in what is measured. */
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

// `npm run load:replay`: how fast the ledger's tables are built from a store of 1,000,000 events, while it serves and when it starts with
// nothing, and how soon it serves with its tables intact. Prints the section "Replay" of the README beside this folder.
import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { EventStoreDb } from '@evenkeel/event-store';
import { databaseOf, type Network } from '@evenkeel/local';
import { connectBroker, Requester } from '@evenkeel/messaging';
import { type Database, openDatabase, rebuildProgress, requestRebuild } from '@evenkeel/read-model';
import { sessionStreamPrefix } from '@evenkeel/session-ledger';
import { sql } from 'kysely';
import { closedLoop } from './closed-loop';
import { type NetworkUnderLoad, startUnderLoad } from './network-under-load';
import { usageOf } from './process-usage';
import { fill, type RecordedSession, recordedSessions } from './stored-sessions';
import { transactions } from './transactions';

const EVENTS = Number(process.env.LOAD_EVENTS ?? 1_000_000);
const TEMPLATES = 5;
const services = ['ocpp-gateway', 'registry', 'session-ledger'] as const;
const print = (line: string) => process.stdout.write(`${line}\n`);
type Tables = { session: { session_id: string } };

async function main(): Promise<void> {
  print(`${EVENTS} events, ${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
  const underLoad = await startUnderLoad(services, print);
  const { network } = underLoad;
  const store = new EventStoreDb(network.stores.chargem.url);
  const databaseUrl = await network.postgres.ensureDatabase(databaseOf('chargem', 'session-ledger'));
  const database = await openDatabase<Tables>(databaseUrl, { projections: [{ name: 'sessions', version: 1 }] });
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'console'), 'console');
  try {
    const recorded = await record(underLoad, store);
    await Promise.all(services.map((name) => network.service('chargem', name).stop()));
    await prepare(store, recorded);
    await measureStart('with no tables', network, database, new Requester<'console'>(broker), async () => dropTables(database));
    await measureStart('with its tables intact', network, database, new Requester<'console'>(broker), async () => undefined);
    await measureRebuild(network, database);
  } finally {
    await database.destroy();
    await broker.close();
    await store.close();
    await underLoad.stop();
  }
}

/** Lets one station charge, and takes what the ledger stored about it. */
async function record({ stations, token }: NetworkUnderLoad, store: EventStoreDb): Promise<RecordedSession[]> {
  const next = transactions(token, Date.now() - 60 * 86_400_000);
  const loop = closedLoop(
    stations(1).map((station) => ({ ...station, next })),
    5,
  );
  await loop.begin();
  const endAt = Date.now() + 60_000;
  for (;;) {
    const recorded = await recordedSessions(store, sessionStreamPrefix);
    if (recorded.length >= TEMPLATES || Date.now() > endAt) {
      await loop.end();
      return recorded;
    }
    await pause(500);
  }
}

async function prepare(store: EventStoreDb, recorded: readonly RecordedSession[]): Promise<void> {
  const types = recorded[0]?.events.map(({ type }) => type) ?? [];
  const bytes = JSON.stringify(recorded[0]?.events.map(({ data }) => data)).length / Math.max(1, types.length);
  print(`a session is ${types.length} events (${[...new Set(types)].join(', ')}), ${bytes.toFixed(0)} bytes an event`);
  const startedAt = performance.now();
  const { sessions, events } = await fill(store, sessionStreamPrefix, recorded, EVENTS);
  print(`${events} events in ${sessions} sessions written in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  await passRelay(store);
}

/** What was copied has been said long ago. */
async function passRelay(store: EventStoreDb): Promise<void> {
  const stream = 'checkpoint-session-ledger';
  const checkpoint = await store.readLast(stream);
  const position = await store.lastPosition();
  await store.append(stream, checkpoint?.revision ?? 'no-stream', [{ id: randomUUID(), type: 'CheckpointReached', data: { position } }]);
}

async function dropTables(database: Database<Tables>): Promise<void> {
  await sql`delete from public.projection_generation`.execute(database);
  await sql`delete from public.projection`.execute(database);
  await sql`drop schema if exists sessions_v1 cascade`.execute(database);
}

async function measureStart(
  title: string,
  network: Network,
  database: Database<Tables>,
  requester: Requester<'console'>,
  before: () => Promise<void>,
): Promise<void> {
  await before();
  const ledger = network.service('chargem', 'session-ledger');
  const others = { PostgreSQL: network.postgres.process.pid, 'event store': network.stores.chargem.process.pid };
  const usedBefore = Object.fromEntries(Object.entries(others).map(([name, pid]) => [name, usageOf(pid).cpuMicroseconds]));
  let answered = 0;
  let refused = 0;
  let starting = true;
  const asking = (async () => {
    while (starting) {
      await requester.ask('listSessions', { limit: 1 }).then(
        () => answered++,
        () => refused++,
      );
      await pause(100);
    }
  })();
  const startedAt = performance.now();
  await ledger.start();
  const seconds = (performance.now() - startedAt) / 1000;
  starting = false;
  await asking;
  const own = usageOf(ledger.pid ?? 0);
  const rows = await sessionsIn(database);
  print(
    `\nthe ledger started ${title}: ready after ${seconds.toFixed(1)} s, ${rows} sessions listed; questions meanwhile: ${refused} left to others, ${answered} answered`,
  );
  const spent = Object.entries(others).map(
    ([name, pid]) => `${name} ${cpuSeconds(usageOf(pid).cpuMicroseconds - (usedBefore[name] ?? 0))}`,
  );
  print(
    `CPU: ledger ${cpuSeconds(own.cpuMicroseconds)} (start of the process included), ${spent.join(', ')}; ledger ${own.residentMegabytes.toFixed(0)} MiB`,
  );
  if (title !== 'with its tables intact') print(speed(seconds, own.cpuMicroseconds / 1_000_000, rows));
  await ledger.stop();
}

/** While it serves. */
async function measureRebuild(network: Network, database: Database<Tables>): Promise<void> {
  const ledger = network.service('chargem', 'session-ledger');
  await ledger.start();
  await pause(3_000);
  const processes = {
    ledger: ledger.pid ?? 0,
    PostgreSQL: network.postgres.process.pid,
    'event store': network.stores.chargem.process.pid,
  };
  const before = Object.entries(processes).map(([, pid]) => usageOf(pid).cpuMicroseconds);
  const latencies: number[] = [];
  let rebuilding = true;
  const reading = (async () => {
    while (rebuilding) {
      const askedAt = performance.now();
      await database.selectFrom('session').selectAll().orderBy('session_id').limit(100).execute();
      latencies.push(performance.now() - askedAt);
      await pause(20);
    }
  })();
  const startedAt = performance.now();
  const [rebuild] = await requestRebuild(database);
  if (!rebuild) throw new Error('no pod was seen');
  while (!(await rebuildProgress(database, rebuild)).serves) await pause(50);
  const seconds = (performance.now() - startedAt) / 1000;
  rebuilding = false;
  await reading;
  const used = Object.entries(processes).map(([name, pid], index): [string, number] => [
    name,
    usageOf(pid).cpuMicroseconds - (before[index] ?? 0),
  ]);
  const sorted = latencies.sort((a, b) => a - b);
  print(`\na rebuild while it serves: ${seconds.toFixed(1)} s from the request to the swap (up to 2 s of them until the pod looks)`);
  print(`CPU: ${used.map(([name, micros]) => `${name} ${cpuSeconds(micros)}`).join(', ')}`);
  print(speed(seconds, (used[0]?.[1] ?? 0) / 1_000_000, await sessionsIn(database)));
  print(
    `a reader of pages of 100 meanwhile: ${sorted.length} reads, none failed, p50 ${at(sorted, 0.5)} ms, p99 ${at(sorted, 0.99)} ms, longest ${at(sorted, 1)} ms`,
  );
}

function speed(seconds: number, cpu: number, rows: number): string {
  const perSecond = (each: number) => Math.round(EVENTS / each);
  return `${perSecond(seconds)} events/s by the clock, ${perSecond(cpu)} events a second of the ledger's CPU, the filtered-out ones counted; ${Math.round(rows / seconds)} sessions/s`;
}

async function sessionsIn(database: Database<Tables>): Promise<number> {
  const { rows } = await sql<{ count: string }>`select count(*) as count from session`.execute(database);
  return Number(rows[0]?.count ?? 0);
}

function cpuSeconds(microseconds: number): string {
  return `${(microseconds / 1_000_000).toFixed(1)} s`;
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

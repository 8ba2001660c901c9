// `npm run load:roaming`: what roaming costs, each against a bare HTTP server in the same run: a list of tokens is imported, CDRs are pushed to a
// partner that takes 5 ms to answer, tokens are authorized in real time, and a partner reads pages out of a million CDRs. Prints the section
// "Roaming" of the README beside this folder.
import { randomUUID } from 'node:crypto';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { databaseOf, demoStation, type Network } from '@evenkeel/local';
import { connectBroker, Publisher, Requester } from '@evenkeel/messaging';
import { type DeliveryTables, deliveryProjection } from '@evenkeel/ocpi-bridge/dist/delivery/delivery-view';
import { cdrOf, identitySecret } from '@evenkeel/ocpi-bridge/dist/testing/charging';
import { type Database, openDatabase } from '@evenkeel/read-model';
import { type ServerProcess, startServer } from '@evenkeel/testkit';
import { sql } from 'kysely';
import { startUnderLoad } from './network-under-load';
import { usageOf } from './process-usage';

const TOKENS = Number(process.env.LOAD_TOKENS ?? 500_000);
const PUSHED = Number(process.env.LOAD_PUSHED ?? 5_000);
const CDRS = Number(process.env.LOAD_CDRS ?? 1_000_000);
/** The first ones are not counted: they wait for the compiler. */
const [WARMING, AUTHORIZED] = [1_000, 2_000];
const ANSWER_MS = 5;
/** Requests to a partner at once, as the bridge makes them. */
const WIDTH = 16;
const PAGE = 1_000;
const PARTY = 'US-LDT';
const services = ['registry', 'ocpi-bridge'] as const;
const print = (line: string) => process.stdout.write(`${line}\n`);

/** The partner and what it was given. */
interface Partner {
  process: ServerProcess;
  url: string;
  token: () => string;
}

async function main(): Promise<void> {
  print(`${cpus().length} cores (${cpus()[0]?.model}), Node ${process.version}`);
  const identified = { IDENTITY_SECRET: identitySecret };
  const underLoad = await startUnderLoad(services, print, {
    registry: identified,
    'ocpi-bridge': { ...identified, OUTBOUND_PER_SECOND: '100000', INBOUND_PER_SECOND: '100000' },
  });
  const partner = await startPartner();
  const { network } = underLoad;
  try {
    await untilQuiet(network);
    await measureImport(network, partner);
    await measurePush(network, partner);
    await measureAuthorization(network, partner);
    await measurePages(network, partner);
  } finally {
    await partner.process.stop();
    await underLoad.stop();
  }
}

async function startPartner(): Promise<Partner> {
  let [url, token] = ['', ''];
  const server = await startServer({
    name: 'bare partner',
    command: process.execPath,
    args: [join(__dirname, 'bare-partner.js')],
    env: { TOKENS: String(TOKENS), ANSWER_MS: String(ANSWER_MS) },
    onLine: (line) => {
      if (line.startsWith('token ')) token = line.slice('token '.length);
    },
    readyWhen: (line) => {
      url = line.split(' ')[1] ?? '';
      return line.startsWith('ready ');
    },
  });
  return { process: server, url, token: () => token };
}

async function measureImport(network: Network, { url }: Partner): Promise<void> {
  const bareMs = await clocked(async () => {
    for (let offset = 0; offset < TOKENS; offset += PAGE) await (await fetch(`${url}/tokens?offset=${offset}&limit=${PAGE}`)).json();
  });
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'console'), 'console');
  const asker = await connectBroker(network.nats.urlOf('CHARGEM', 'ocpi-bridge'), 'ocpi-bridge');
  const console = new Requester<'console'>(broker);
  const bridge = new Requester<'ocpi-bridge'>(asker);
  const before = cpuOf(network);
  const ms = await clocked(async () => {
    const partner = { name: 'Load', versionsUrl: `${url}/versions`, tokenA: 'invitation' };
    await console.ask('introducePartner', { actor: { operator: 'load' }, partner });
    for (;;) {
      const { total } = await bridge.ask('publishedTokens', { party: PARTY, offset: 0, limit: 1 });
      if (total >= TOKENS) return;
      await pause(1_000);
    }
  });
  print(`\n${TOKENS} tokens imported in ${seconds(ms)}, until the registry lists them; read from the bare server: ${seconds(bareMs)}`);
  print(`CPU: ${spent(network, before)}`);
  await broker.close();
  await asker.close();
}

async function measurePush(network: Network, { url }: Partner): Promise<void> {
  const body = JSON.stringify(cdrOf(PARTY, 'bare'));
  const bareMs = await clocked(() => atOnce(PUSHED, WIDTH, async () => void (await (await post(`${url}/cdrs`, body)).text())));
  const counted = async () => Number(await (await fetch(`${url}/counted`)).text());
  const [before, used] = [await counted(), cpuOf(network)];
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'billing'), 'billing');
  const billing = new Publisher<'billing'>(broker);
  const ms = await clocked(async () => {
    await atOnce(PUSHED, 64, async (index) => {
      const cdr = { ...cdrOf(PARTY, `load-${index}`), cdrId: randomUUID(), issuedAt: new Date().toISOString() };
      await billing.say('cdrIssued', 'US-CHG', { cdr }, randomUUID());
    });
    while ((await counted()) < before + PUSHED) await pause(50);
  });
  const [rate, bare] = [(PUSHED / ms) * 1_000, (PUSHED / bareMs) * 1_000];
  print(
    `\n${PUSHED} CDRs pushed, ${rate.toFixed(0)} a second, from what billing said to the last answer of a partner that takes ${ANSWER_MS} ms;`,
  );
  print(`POSTs of the same by a bare client, ${WIDTH} at once: ${bare.toFixed(0)} a second. CPU: ${spent(network, used)}`);
  await broker.close();
}

async function measureAuthorization(network: Network, { url }: Partner): Promise<void> {
  const bare = await latencies(async () => void (await (await post(`${url}/tokens/CARD1/authorize`, '{}')).json()));
  const broker = await connectBroker(network.nats.urlOf('CHARGEM', 'ocpp-gateway'), 'ocpp-gateway');
  const gateway = new Requester<'ocpp-gateway'>(broker);
  const place = { party: 'US-CHG', stationId: demoStation, evseId: 1 };
  // Each token once: an answer serves the same token at the same station for a while.
  const ours = await latencies(async (index) => {
    const token = { uid: `CARD${TOKENS - 1 - index}`, type: 'RFID' } as const;
    const { verdict } = await gateway.ask('authorizeToken', { ...place, token });
    if (verdict !== 'Accepted') throw new Error(`a token of the partner is ${verdict}`);
  });
  print(
    `\nauthorized in real time, one after the other: p50 ${ours.p50} ms, p99 ${ours.p99} ms; asked of the partner directly: p50 ${bare.p50} ms, p99 ${bare.p99} ms`,
  );
  await broker.close();
}

async function measurePages(network: Network, partner: Partner): Promise<void> {
  const url = await network.postgres.ensureDatabase(databaseOf('chargem', 'ocpi-bridge'));
  const database = await openDatabase<DeliveryTables>(url, { projections: [deliveryProjection] });
  const total = await fillCdrs(database);
  await database.destroy();
  const list = network.ocpiVersionsUrl('chargem').replace(/versions$/, 'cpo/2.3.0/cdrs');
  const authorization = `Token ${Buffer.from(partner.token()).toString('base64')}`;
  const read = async (query: string) => {
    const response = await fetch(`${list}?limit=${PAGE}&${query}`, { headers: { authorization } });
    return { text: await response.text(), count: response.headers.get('x-total-count') };
  };
  const { text } = await read('offset=0');
  await fetch(`${partner.url}/page`, { method: 'PUT', body: text });
  const bareMs = await typical(async () => void (await (await fetch(`${partner.url}/page`)).text()));
  print(`\n${total} CDRs; a page of ${PAGE} is ${(text.length / 2 ** 20).toFixed(1)} MiB, ${bareMs.toFixed(1)} ms from a bare server\n`);
  print('| asked | matching | ms | times the bare server |\n| --- | --- | --- | --- |');
  const dates = 'date_from=2025-03-01T00:30:00Z&date_to=2025-10-01T00:00:00Z';
  for (const query of [0, 0.25, 0.5, 0.75, 0.999]
    .map((share) => `offset=${Math.floor(total * share)}`)
    .concat(`${dates}&offset=0`, `${dates}&offset=${Math.floor(total * 0.5)}`)) {
    const { count } = await read(query);
    const ms = await typical(async () => void (await read(query)));
    print(`| ${query} | ${count} | ${ms.toFixed(1)} | ${(ms / bareMs).toFixed(2)} |`);
  }
}

/** Copies of one that was delivered, spread over 2025. @returns how many CDRs the partner has. */
async function fillCdrs(database: Database<DeliveryTables>): Promise<number> {
  const issued = sql`timestamptz '2025-01-01' + number * interval '365 days' / ${CDRS}`;
  const issuedAt = sql`to_jsonb(to_char((${issued}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))`;
  const copied = sql.join(
    ['module', 'recipient', 'status', 'revision', 'attempt', 'refusals', 'round', 'due_at', 'first_due_at', 'retry_at', 'delivered_at'].map(
      (column) => sql.ref(column),
    ),
  );
  await sql`
    insert into delivery (stream, object_id, session_id, last_updated, object, ${copied})
    select stream || '-' || number, object_id || '-' || number, session_id || '-' || number, ${issued},
      jsonb_set(object, '{cdr,issuedAt}', ${issuedAt}), ${copied}
    from (select * from delivery where module = 'cdrs' and status = 'delivered' limit 1) as one, generate_series(1, ${CDRS}) as number`.execute(
    database,
  );
  await sql`truncate cdr_hour`.execute(database);
  await sql`insert into cdr_hour select recipient, date_bin('1 hour', last_updated, timestamptz 'epoch'), count(*) from delivery where module = 'cdrs' group by 1, 2`.execute(
    database,
  );
  await sql`analyze delivery, cdr_hour`.execute(database);
  const { rows } = await sql<{ total: string }>`select sum(cdrs) as total from cdr_hour`.execute(database);
  return Number(rows[0]?.total);
}

function post(url: string, body: string): Promise<Response> {
  return fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
}

async function atOnce(times: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < times; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

async function clocked(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** The middle of nine. */
async function typical(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 9; round++) times.push(await clocked(work));
  return times.sort((one, other) => one - other)[4] ?? 0;
}

async function latencies(work: (index: number) => Promise<void>): Promise<{ p50: string; p99: string }> {
  const times: number[] = [];
  for (let index = 0; index < WARMING + AUTHORIZED; index++) {
    const ms = await clocked(() => work(index));
    if (index >= WARMING) times.push(ms);
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
  return { p50: at(0.5), p99: at(0.99) };
}

/** What has just started is still busy with the network that it was told of. */
async function untilQuiet(network: Network): Promise<void> {
  const total = () => [...cpuOf(network).values()].reduce((sum, each) => sum + each, 0);
  for (let [quiet, before] = [0, total()]; quiet < 8; before = total()) {
    await pause(1_000);
    quiet = total() - before < 150_000 ? quiet + 1 : 0;
  }
}

/** Microseconds so far, by process. */
function cpuOf(network: Network): Map<string, number> {
  const pids = {
    ...Object.fromEntries(services.map((name) => [name, network.service('chargem', name).pid ?? 0])),
    'nats-server': network.nats.process.pid,
    'event store': network.stores.chargem.process.pid,
    PostgreSQL: network.postgres.process.pid,
  };
  return new Map(Object.entries(pids).map(([name, pid]) => [name, usageOf(pid).cpuMicroseconds]));
}

function spent(network: Network, before: ReadonlyMap<string, number>): string {
  return [...cpuOf(network)].map(([name, now]) => `${name} ${((now - (before.get(name) ?? 0)) / 1e6).toFixed(1)} s`).join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

main().then(
  () => process.exit(0),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

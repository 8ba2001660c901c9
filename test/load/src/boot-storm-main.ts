// `npm run load:storm`: all stations of Chargem come back in one instant, as after a power cut: each proves itself with its password, boots and
// tells the states of two connectors. How long until the last one is settled, against a bare `ws` server that answers the same frames; once as new stations,
// which are asked for their inventory, and once as known ones.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { networkFileOf } from '@evenkeel/local';
import { stationPassword, stationsOf } from '@evenkeel/registry';
import { Fleet, type StormReport } from '@evenkeel/station-simulator';
import { startServer } from '@evenkeel/testkit';
import { startUnderLoad } from './network-under-load';

const STATIONS = Number(process.env.LOAD_STATIONS ?? 5_000);
/** After this a station that is not settled counts as refused for good. */
const GIVE_UP_MS = 120_000;
/** In which new stations have been asked for their inventories. */
const CALM_MS = 20_000;
const VERSION = '1.6';
const print = (line: string) => process.stdout.write(`${line}\n`);

interface Wanted {
  readonly url: string;
  readonly stations: readonly { readonly identity: string; readonly password: string }[];
}

async function main(): Promise<void> {
  const file = await networkFileOf('chargem');
  const stations = [...stationsOf(file)]
    .slice(0, STATIONS)
    .map(({ stationId: identity }) => ({ identity, password: stationPassword(file.passwordSecret, identity) }));
  print(`${stations.length} stations at once, OCPP ${VERSION}, Node ${process.version}\n`);
  print('| server | settled | seconds | dials | refused dials | handshake p99 | boot p99 |\n|---|---|---|---|---|---|---|');
  const bare = await againstBare(stations);
  printRow('bare ws', bare);
  const { network, stop } = await startUnderLoad(['registry', 'session-ledger', 'ocpp-gateway'], print);
  try {
    const unknown = await storm({ url: network.ocppUrl, stations });
    printRow('Chargem, stations that were never seen', unknown);
    await pause(CALM_MS);
    const known = await storm({ url: network.ocppUrl, stations });
    printRow('Chargem, stations that come back', known);
    print(`\n${(known.seconds / bare.seconds).toFixed(1)} times the bare server for stations that come back`);
    if (unknown.settled + known.settled < 2 * stations.length) process.exitCode = 1;
  } finally {
    await stop();
  }
}

async function againstBare(stations: Wanted['stations']): Promise<StormReport> {
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
  return storm({ url: `ws://127.0.0.1:${port}`, stations }).finally(() => server.stop());
}

/** In a process of its own, so that the fleet's work is not the server's. */
async function storm(wanted: Wanted): Promise<StormReport> {
  const child = fork(__filename, ['fleet']);
  child.send(wanted);
  const [report] = (await once(child, 'message')) as [StormReport];
  return report;
}

function printRow(name: string, { settled, seconds, dials, failedDials, handshakeMilliseconds, bootMilliseconds }: StormReport): void {
  const refused = Object.values(failedDials).reduce((sum, count) => sum + count, 0);
  const ms = (value: number) => `${Math.round(value)} ms`;
  print(
    `| ${name} | ${settled} | ${seconds.toFixed(1)} | ${dials} | ${refused} | ${ms(handshakeMilliseconds.p99)} | ${ms(bootMilliseconds.p99)} |`,
  );
}

async function playFleet({ url, stations }: Wanted): Promise<void> {
  const passwords = new Map(stations.map(({ identity, password }) => [identity, password]));
  const fleet = new Fleet({
    url,
    identities: stations.map(({ identity }) => identity),
    version: VERSION,
    passwordOf: (identity) => passwords.get(identity) ?? '',
  });
  const report = await fleet.settle(AbortSignal.timeout(GIVE_UP_MS));
  process.send?.(report, () => process.exit(0));
}

if (process.argv[2] === 'fleet') process.once('message', (wanted) => void playFleet(wanted as Wanted));
else void main();

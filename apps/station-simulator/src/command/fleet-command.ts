// `evenkeel-station fleet ...`: thousands of stations dial at once; the report says how long they took to settle.
import { parseArgs } from 'node:util';
import { Fleet, type Percentiles, type StormReport } from '../fleet/boot-storm';
import type { Log } from '../wire/connection';
import { BadCommandLine, identitiesOf, readNumber, tlsOf, versionOf } from './command-line';

export const FLEET_USAGE = `Usage: evenkeel-station fleet --url ws://127.0.0.1:9220/ocpp --stations N --id-pattern 'SIM-{n}' [options]
  --password P         Basic password; {n} stands for the station's number
  --version V          1.6, 2.0.1 or 2.1 (2.0.1)
  --connectors N       connectors of each station (2)
  --ramp-seconds N     dial at random moments of so many seconds; 0 is all at once (0)
  --wait-minimum N     RetryBackOffWaitMinimum in seconds (1); --random-range N (2); --repeat-times N (4)
  --timeout-seconds N  give up after so long (600)
  --stay-seconds N     stay online so long after all have settled (0)
  --seed N             what happens by chance follows from it (1)
  --ca FILE            for wss: the authority to trust
  --json               print the report as JSON

Exit code 0 when every station has settled, 1 when not, 2 for a command line that makes no sense.

Example: evenkeel-station fleet --url ws://127.0.0.1:9220/ocpp --stations 5000 --id-pattern 'SIM-{n}' --password 'secret-{n}'`;

/** The number of stations that did not settle. @throws BadCommandLine */
export async function runFleet(args: readonly string[], print: Log, interruption: AbortSignal): Promise<number> {
  const values = parse(args);
  const { url, 'id-pattern': pattern, password } = values;
  if (url === undefined || pattern === undefined) throw new BadCommandLine(FLEET_USAGE);
  const tls = tlsOf(values);
  const fleet = new Fleet({
    url,
    identities: identitiesOf(undefined, pattern, readNumber(values.stations, '--stations')),
    version: versionOf(values.version),
    connectors: readNumber(values.connectors, '--connectors'),
    rampSeconds: readNumber(values['ramp-seconds'], '--ramp-seconds'),
    seed: readNumber(values.seed, '--seed'),
    backOff: {
      waitMinimumMilliseconds: readNumber(values['wait-minimum'], '--wait-minimum') * 1000,
      randomRangeMilliseconds: readNumber(values['random-range'], '--random-range') * 1000,
      repeatTimes: readNumber(values['repeat-times'], '--repeat-times'),
    },
    ...(password === undefined ? {} : { passwordOf: (_, number) => password.replaceAll('{n}', String(number)) }),
    ...(tls === undefined ? {} : { tls }),
  });
  const timeout = AbortSignal.timeout(readNumber(values['timeout-seconds'], '--timeout-seconds') * 1000);
  const stay = readNumber(values['stay-seconds'], '--stay-seconds');
  try {
    const report = await fleet.settle(AbortSignal.any([timeout, interruption]));
    print(values.json ? JSON.stringify(report) : told(report));
    if (stay > 0) await until(AbortSignal.any([AbortSignal.timeout(stay * 1000), interruption]));
    return report.stations - report.settled;
  } finally {
    await fleet.close();
  }
}

function told(report: StormReport): string {
  const line = (name: string, { p50, p95, p99, most }: Percentiles) => `  ${name}: p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${most} ms`;
  const failed = Object.entries(report.failedDials).map(([why, times]) => `${times} x ${why}`);
  return [
    `${report.settled} of ${report.stations} stations settled in ${report.seconds} s with ${report.dials} dials`,
    ...(failed.length === 0 ? [] : [`  dials that failed: ${failed.join(', ')}`]),
    line('handshake', report.handshakeMilliseconds),
    line('boot', report.bootMilliseconds),
    line('settled', report.settleMilliseconds),
    `  memory: ${Math.round(report.bytesAStation / 1024)} KiB a station`,
  ].join('\n');
}

function until(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        stations: { type: 'string', default: '1000' },
        'id-pattern': { type: 'string' },
        password: { type: 'string' },
        version: { type: 'string', default: '2.0.1' },
        connectors: { type: 'string', default: '2' },
        'ramp-seconds': { type: 'string', default: '0' },
        'wait-minimum': { type: 'string', default: '1' },
        'random-range': { type: 'string', default: '2' },
        'repeat-times': { type: 'string', default: '4' },
        'timeout-seconds': { type: 'string', default: '600' },
        'stay-seconds': { type: 'string', default: '0' },
        seed: { type: 'string', default: '1' },
        ca: { type: 'string' },
        cert: { type: 'string' },
        key: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new BadCommandLine(`${error instanceof Error ? error.message : String(error)}\n\n${FLEET_USAGE}`);
  }
}

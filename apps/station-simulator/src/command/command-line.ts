// `evenkeel-station charge`: one station or a few, each charging once, with every frame printed.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { acceleratedClock } from '../clock';
import type { SimulatedVersion } from '../station/dialect';
import { SimulatedStation, type StationOptions } from '../station/station';
import type { Log } from '../wire/connection';

export interface CommandLine {
  readonly url: string;
  readonly version: SimulatedVersion;
  readonly identities: readonly string[];
  readonly password: string | undefined;
  /** Without a token the stations only boot and stay. */
  readonly token: string | undefined;
  readonly connectorId: number;
  readonly energyWh: number;
  readonly minutes: number;
  readonly idleMinutes: number;
  readonly meterValues: number;
  readonly startMeterWh: number;
  readonly speed: number;
  /** Stay online for remote commands after charging. */
  readonly stay: boolean;
  readonly quiet: boolean;
  readonly seed: number | undefined;
  readonly tls: StationOptions['tls'];
}

export const CHARGE_USAGE = `Usage: evenkeel-station charge --url ws://127.0.0.1:9220/ocpp --station ID [options]
  --password P         Basic password; {n} stands for the station's number
  --version V          1.6, 2.0.1 or 2.1 (1.6)
  --token T            charge once with this token; without it the station stays online for remote commands
  --connector N        connector, in 2.0.1 EVSE (1)
  --energy-kwh N       energy of the session (20)
  --minutes N          charging time of the session, which ends now (45)
  --idle-minutes N     plugged in but full afterwards (0)
  --meter-values N     readings while charging (10)
  --start-meter-wh N   register at the start (0)
  --speed N            how many times faster than real time messages are sent (600)
  --stations N         several stations instead of one
  --id-pattern P       their identities ({station}-{n})
  --stay               stay online after charging
  --seed N             what happens by chance follows from it
  --ca FILE            for wss: the authority to trust; --cert FILE --key FILE prove the station
  --quiet              print sessions, not frames

Example: evenkeel-station charge --url ws://127.0.0.1:9220/ocpp --station SIM1 --password secret --version 2.1 --token OK1`;

/** A command line that makes no sense; its message is for the person who typed it. */
export class BadCommandLine extends Error {}

export function readCommandLine(args: readonly string[]): CommandLine {
  const values = parse(args);
  if (values.url === undefined) throw new BadCommandLine('--url is missing');
  if (values.station === undefined && values['id-pattern'] === undefined) throw new BadCommandLine('--station or --id-pattern is missing');
  return {
    url: values.url,
    version: versionOf(values.version),
    identities: identitiesOf(values.station, values['id-pattern'], readNumber(values.stations, '--stations')),
    password: values.password,
    token: values.token,
    connectorId: readNumber(values.connector, '--connector'),
    energyWh: Math.round(readNumber(values['energy-kwh'], '--energy-kwh') * 1000),
    minutes: readNumber(values.minutes, '--minutes'),
    idleMinutes: readNumber(values['idle-minutes'], '--idle-minutes'),
    meterValues: readNumber(values['meter-values'], '--meter-values'),
    startMeterWh: readNumber(values['start-meter-wh'], '--start-meter-wh'),
    speed: readNumber(values.speed, '--speed'),
    stay: values.stay || values.token === undefined,
    quiet: values.quiet,
    seed: values.seed === undefined ? undefined : readNumber(values.seed, '--seed'),
    tls: tlsOf(values),
  };
}

/** Resolves when every station has charged once and, with `stay`, the signal has fired; the number is how many failed. */
export async function run(line: CommandLine, print: Log, signal: AbortSignal): Promise<number> {
  const outcomes = await Promise.allSettled(line.identities.map((identity, index) => runStation(line, identity, index + 1, print, signal)));
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected');
  for (const { reason } of failures) print(`failed: ${reason instanceof Error ? reason.message : String(reason)}`);
  return failures.length;
}

async function runStation(line: CommandLine, identity: string, number: number, print: Log, signal: AbortSignal): Promise<void> {
  const station = await SimulatedStation.connect({
    url: line.url,
    identity,
    version: line.version,
    ...(line.password === undefined ? {} : { password: line.password.replaceAll('{n}', String(number)) }),
    connectors: Math.max(2, line.connectorId),
    clock: acceleratedClock(line.speed),
    ...(line.quiet ? {} : { log: print }),
    ...(line.seed === undefined ? {} : { seed: line.seed }),
    ...(line.tls === undefined ? {} : { tls: line.tls }),
    onSession: (record) => {
      const energyKwh = (record.meterStopWh - record.meterStartWh) / 1000;
      print(
        `${identity} session ${record.transactionId}: ${energyKwh} kWh, ${record.startedAt} to ${record.stoppedAt}, ${record.stopReason}`,
      );
    },
  });
  signal.addEventListener('abort', () => void station.close(), { once: true });
  try {
    const { intervalSeconds } = await station.bootUntilAccepted();
    if (line.token !== undefined) await chargeOnce(station, line, line.token);
    if (line.stay) await heartbeatUntil(station, intervalSeconds, signal);
  } finally {
    await station.close();
  }
}

async function chargeOnce(station: SimulatedStation, line: CommandLine, token: string): Promise<void> {
  await station.charge({
    connectorId: line.connectorId,
    token,
    energyWh: line.energyWh,
    meterValues: line.meterValues,
    secondsBetweenMeterValues: (line.minutes * 60) / line.meterValues,
    idleSeconds: line.idleMinutes * 60,
    startMeterWh: line.startMeterWh,
    startedAt: Date.now() - (line.minutes + line.idleMinutes) * 60_000,
  });
}

async function heartbeatUntil(station: SimulatedStation, intervalSeconds: number, signal: AbortSignal): Promise<void> {
  const beat = () => {
    // A heartbeat that fails says that the line is down, which the connection has printed already.
    if (station.connected) station.heartbeat().catch(() => undefined);
  };
  const timer = setInterval(beat, Math.max(intervalSeconds, 1) * 1000);
  if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(timer);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: { type: 'string' },
        station: { type: 'string' },
        password: { type: 'string' },
        version: { type: 'string', default: '1.6' },
        token: { type: 'string' },
        connector: { type: 'string', default: '1' },
        'energy-kwh': { type: 'string', default: '20' },
        minutes: { type: 'string', default: '45' },
        'idle-minutes': { type: 'string', default: '0' },
        'meter-values': { type: 'string', default: '10' },
        'start-meter-wh': { type: 'string', default: '0' },
        speed: { type: 'string', default: '600' },
        stations: { type: 'string', default: '1' },
        'id-pattern': { type: 'string' },
        stay: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        seed: { type: 'string' },
        ca: { type: 'string' },
        cert: { type: 'string' },
        key: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new BadCommandLine(error instanceof Error ? error.message : String(error));
  }
}

export function identitiesOf(station: string | undefined, pattern: string | undefined, stations: number): string[] {
  if (stations === 1 && pattern === undefined) return [station ?? ''];
  const template = (pattern ?? '{station}-{n}').replaceAll('{station}', station ?? '');
  return Array.from({ length: stations }, (_, index) => template.replaceAll('{n}', String(index + 1)));
}

export function versionOf(text: string): SimulatedVersion {
  if (text === '1.6' || text === '2.0.1' || text === '2.1') return text;
  throw new BadCommandLine(`--version is 1.6, 2.0.1 or 2.1, not ${text}`);
}

interface TlsFiles {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** @throws BadCommandLine when a file cannot be read */
export function tlsOf({ ca, cert, key }: TlsFiles): StationOptions['tls'] {
  if (ca === undefined && cert === undefined) return undefined;
  try {
    return {
      ...(ca === undefined ? {} : { ca: readFileSync(ca) }),
      ...(cert === undefined ? {} : { cert: readFileSync(cert) }),
      ...(key === undefined ? {} : { key: readFileSync(key) }),
    };
  } catch (error) {
    throw new BadCommandLine(error instanceof Error ? error.message : String(error));
  }
}

export function readNumber(text: string, option: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new BadCommandLine(`${option} is not a number: ${text}`);
  return value;
}

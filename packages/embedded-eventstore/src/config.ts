// Where the server keeps its data and where it listens: flags first, then the environment.
import { parseArgs } from 'node:util';
import { StartRefusedError } from './start-refused-error';

export interface ServerConfig {
  readonly dataFolder: string;
  readonly port: number;
  readonly host: string;
}

const HIGHEST_PORT = 65_535;

export function readConfig(args: readonly string[], environment: Readonly<Record<string, string | undefined>>): ServerConfig {
  const flags = parseFlags(args);
  const dataFolder = flags.data ?? environment.EVENTSTORE_DATA;
  const port = flags.port ?? environment.EVENTSTORE_PORT;
  const host = flags.host ?? environment.EVENTSTORE_HOST ?? '127.0.0.1';
  if (!dataFolder) throw new StartRefusedError('Say where the data is kept: --data <folder>, or EVENTSTORE_DATA.');
  if (!port) throw new StartRefusedError('Say where to listen: --port <number>, or EVENTSTORE_PORT; 0 picks a free port.');
  if (!/^\d+$/.test(port) || Number(port) > HIGHEST_PORT) {
    throw new StartRefusedError(`The port "${port}" is not a number from 0 to ${HIGHEST_PORT}.`);
  }
  if (!host) throw new StartRefusedError('The host is empty: --host <address>, or EVENTSTORE_HOST.');
  return { dataFolder, port: Number(port), host };
}

function parseFlags(args: readonly string[]): { data?: string; port?: string; host?: string } {
  try {
    const options = { data: { type: 'string' }, port: { type: 'string' }, host: { type: 'string' } } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new StartRefusedError(error instanceof Error ? error.message : String(error));
  }
}

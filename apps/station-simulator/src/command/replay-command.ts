// `evenkeel-station replay FILE ...`: plays a session fixture against a running back end.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { mismatch, SessionFixture } from '@evenkeel/contracts';
import type { Log } from '../wire/connection';
import { BadCommandLine } from './command-line';
import { replayFixture } from './fixture-replay';

export const REPLAY_USAGE = `Usage: evenkeel-station replay FILE --url ws://127.0.0.1:9220/ocpp --station ID [options]
  --password P         Basic password
  --token NAME=UID     the token that stands for one of the file's, e.g. TOKEN-1=04A1B2C3; may be repeated
  --quiet              print the outcome, not frames`;

/** @throws BadCommandLine for a command line, or a file, that makes no sense. */
export async function runReplay(args: readonly string[], print: Log): Promise<void> {
  const { values, positionals } = parse(args);
  const [file] = positionals;
  if (file === undefined || values.url === undefined || values.station === undefined) throw new BadCommandLine(REPLAY_USAGE);
  const fixture = await fixtureIn(file);
  const { transactions, leftOut } = await replayFixture({
    url: values.url,
    identity: values.station,
    fixture,
    tokens: Object.fromEntries((values.token ?? []).map(readToken)),
    ...(values.password === undefined ? {} : { password: values.password }),
    ...(values.quiet ? {} : { log: print }),
  });
  for (const [name, actual] of transactions) print(`${values.station} transaction ${name} is ${actual} here`);
  for (const { at, frame: _, ...step } of leftOut) print(`left out, because it is not a station's: ${at} ${JSON.stringify(step)}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        station: { type: 'string' },
        password: { type: 'string' },
        token: { type: 'string', multiple: true },
        quiet: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new BadCommandLine(`${error instanceof Error ? error.message : String(error)}\n\n${REPLAY_USAGE}`);
  }
}

function readToken(text: string): [string, string] {
  const [name, uid] = text.split(/=(.*)/s);
  if (!name || !uid) throw new BadCommandLine(`--token is NAME=UID, not ${text}`);
  return [name, uid];
}

async function fixtureIn(file: string): Promise<SessionFixture> {
  const read: unknown = JSON.parse(await readFile(file, 'utf8'));
  const wrong = mismatch(SessionFixture, read);
  if (wrong !== undefined) throw new BadCommandLine(`${file} is no session fixture: ${wrong}`);
  return read as SessionFixture;
}

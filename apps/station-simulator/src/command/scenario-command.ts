// `evenkeel-station scenario FILE ...`: plays a scenario file against a running back end.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { runScenario, ScenarioFailed } from '../scenario/runner';
import { BadScenario, readScenario } from '../scenario/scenario';
import type { Log } from '../wire/connection';
import { BadCommandLine, readNumber, tlsOf } from './command-line';

export const SCENARIO_USAGE = `Usage: evenkeel-station scenario FILE --url ws://127.0.0.1:9220/ocpp --station ID [options]
  --password P         Basic password
  --seed N             instead of the file's: what happens by chance follows from it
  --speed N            instead of the file's: how many times faster than real time
  --ca FILE            for wss: the authority to trust; --cert FILE --key FILE prove the station
  --check              only read the file and say whether it is a scenario
  --quiet              print steps, not frames

Exit code 0 when every step came out as the file says, 1 when one did not, 2 for a file or a command line that makes no sense.

Example: evenkeel-station scenario examples/charge-v16.json --url ws://127.0.0.1:9220/ocpp --station SIM1 --password secret`;

/** The number of scenarios that failed: 0 or 1. @throws BadCommandLine */
export async function runScenarioCommand(args: readonly string[], print: Log): Promise<number> {
  const { values, positionals } = parse(args);
  const [file] = positionals;
  if (file === undefined) throw new BadCommandLine(SCENARIO_USAGE);
  const scenario = await scenarioIn(file);
  print(scenario.about);
  if (values.check) return 0;
  const { url, station: identity, password, seed, speed } = values;
  if (url === undefined || identity === undefined) throw new BadCommandLine(SCENARIO_USAGE);
  const tls = tlsOf(values);
  try {
    await runScenario(scenario, {
      url,
      identity,
      tell: print,
      ...(password === undefined ? {} : { password }),
      ...(seed === undefined ? {} : { seed: readNumber(seed, '--seed') }),
      ...(speed === undefined ? {} : { speed: readNumber(speed, '--speed') }),
      ...(tls === undefined ? {} : { tls }),
      ...(values.quiet ? {} : { log: print }),
    });
  } catch (error) {
    if (!(error instanceof ScenarioFailed)) throw error;
    print(`failed at ${error.message}`);
    return 1;
  }
  print(`all ${scenario.steps.length} steps came out as the scenario says`);
  return 0;
}

async function scenarioIn(file: string) {
  try {
    return readScenario(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof BadScenario) throw new BadCommandLine(`${file}: ${error.message}`);
    throw new BadCommandLine(error instanceof Error ? error.message : String(error));
  }
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
        seed: { type: 'string' },
        speed: { type: 'string' },
        ca: { type: 'string' },
        cert: { type: 'string' },
        key: { type: 'string' },
        check: { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new BadCommandLine(`${error instanceof Error ? error.message : String(error)}\n\n${SCENARIO_USAGE}`);
  }
}

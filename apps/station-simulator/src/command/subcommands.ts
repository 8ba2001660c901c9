// Which subcommand a command line means. Options without a subcommand charge, as the command did when it could nothing else.
import type { Log } from '../wire/connection';
import { BadCommandLine, CHARGE_USAGE, readCommandLine, run } from './command-line';
import { FLEET_USAGE, runFleet } from './fleet-command';
import { REPLAY_USAGE, runReplay } from './replay-command';
import { runScenarioCommand, SCENARIO_USAGE } from './scenario-command';

export const USAGE = `Usage: evenkeel-station <subcommand> [options]; each explains itself with --help
  charge               a station, or a few, that charge once or stay and obey
  fleet                thousands of stations that dial at once, with a report
  scenario FILE        what a station does and expects, step by step, from a file
  replay FILE          a session that was exported from a back end

Examples:
  evenkeel-station charge --url ws://127.0.0.1:9220/ocpp --station SIM1 --password secret --token OK1
  evenkeel-station scenario examples/faults-v201.json --url ws://127.0.0.1:9220/ocpp --station SIM1 --password secret
  evenkeel-station fleet --url ws://127.0.0.1:9220/ocpp --stations 5000 --id-pattern 'SIM-{n}' --password secret`;

const USAGES: Readonly<Record<string, string>> = {
  charge: CHARGE_USAGE,
  fleet: FLEET_USAGE,
  scenario: SCENARIO_USAGE,
  replay: REPLAY_USAGE,
};

/** How many stations or scenarios failed. @throws BadCommandLine */
export async function runSubcommand(args: readonly string[], print: Log, interruption: AbortSignal): Promise<number> {
  const [first = '--help', ...rest] = args;
  const usage = Object.hasOwn(USAGES, first) ? USAGES[first] : undefined;
  if (usage === undefined && first === '--help') return explain(USAGE, print);
  if (usage !== undefined && rest.includes('--help')) return explain(usage, print);
  switch (first) {
    case 'fleet':
      return runFleet(rest, print, interruption);
    case 'scenario':
      return runScenarioCommand(rest, print);
    case 'replay':
      await runReplay(rest, print);
      return 0;
    case 'charge':
      return run(readCommandLine(rest), print, interruption);
    default:
      if (!first.startsWith('--')) throw new BadCommandLine(`there is no subcommand ${first}\n\n${USAGE}`);
      return run(readCommandLine(args), print, interruption);
  }
}

function explain(usage: string, print: Log): number {
  print(usage);
  return 0;
}

// The command `evenkeel-station`; see command/subcommands.ts.
import { BadCommandLine } from './command/command-line';
import { runSubcommand } from './command/subcommands';

async function main(): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const print = (text: string) =>
    process.stdout.write(`${text.startsWith('Usage') ? '' : `${new Date().toISOString().slice(11, 23)} `}${text}\n`);
  return runSubcommand(process.argv.slice(2), print, interruption.signal);
}

main().then(
  (failures) => {
    process.exitCode = failures === 0 ? 0 : 1;
  },
  (error: unknown) => {
    const hint = error instanceof BadCommandLine && !error.message.includes('Usage') ? '\nevenkeel-station --help explains.' : '';
    process.stderr.write(`${error instanceof BadCommandLine ? error.message : String(error)}${hint}\n`);
    process.exitCode = 2;
  },
);

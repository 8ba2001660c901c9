// The command `node dist/main.js`; see command-line.ts and replay-command.ts.
import { BadCommandLine, readCommandLine, run, USAGE } from './command/command-line';
import { runReplay } from './command/replay-command';

async function main(): Promise<number> {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort());
  const print = (text: string) => process.stdout.write(`${new Date().toISOString().slice(11, 23)} ${text}\n`);
  const [, , first, ...rest] = process.argv;
  if (first === 'replay') {
    await runReplay(rest, print);
    return 0;
  }
  return run(readCommandLine(process.argv.slice(2)), print, interruption.signal);
}

main().then(
  (failures) => {
    process.exitCode = failures === 0 ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(error instanceof BadCommandLine ? `${error.message}\n\n${USAGE}\n` : `${String(error)}\n`);
    process.exitCode = 2;
  },
);

// `npm run chaos`: minutes of faults under load, and the table. CHAOS_SECONDS, CHAOS_STATIONS and CHAOS_SEED change the run, CHAOS_LOG names a
// file for the logs of all services. Exits 1 when anything is not as it must be.
import { createWriteStream } from 'node:fs';
import { runChaos } from './chaos';
import { complaintsOf, tableOf } from './report';

const print = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
  const seconds = Number(process.env.CHAOS_SECONDS ?? 300);
  const stations = Number(process.env.CHAOS_STATIONS ?? 20);
  const log = process.env.CHAOS_LOG === undefined ? undefined : createWriteStream(process.env.CHAOS_LOG);
  print(`seed ${seed}: ${seconds} s of faults, ${stations} stations (CHAOS_SEED=${seed} draws the same faults again)`);
  const onServiceLine = (source: string, line: string) => void log?.write(`${source} ${line}\n`);
  const result = await runChaos({ seed, seconds, stations, report: print, onServiceLine, onStarted: stopOnSignals });
  print(`\n${tableOf(result)}\n`);
  const complaints = complaintsOf(result);
  for (const complaint of complaints) print(complaint);
  return complaints.length;
}

/** Servers have process groups of their own: Ctrl-C reaches this process alone. */
function stopOnSignals(running: { stop(): Promise<void> }): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      print('\nStopping ...');
      void running.stop().finally(() => process.exit(130));
    });
  }
}

main().then(
  (complaints) => process.exit(complaints === 0 ? 0 : 1),
  (error) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);

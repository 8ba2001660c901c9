// A minute of faults, one of each kind: nothing is lost, nothing doubled, and everything is where it belongs. A failure tells the seed;
// `CHAOS_SEED=... npm run chaos` draws the same faults again.
import { runChaos } from './chaos';
import { processes } from './fault-schedule';
import { complaintsOf, tableOf } from './report';

const SECONDS = 60;
/** A bound on what hangs: the books are complete a minute after the last fault. */
const LIMIT_MS = 420_000;

/** A run that has not come to its end has not stopped what it started, and jest waits for its servers for ever. */
let unfinished: { stop(): Promise<void> } | undefined;
afterAll(() => unfinished?.stop(), 60_000);

it(
  'loses and doubles nothing while every process is killed and the disk fails',
  async () => {
    const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);
    const happened: string[] = [];
    const onStarted = (running: typeof unfinished) => {
      unfinished = running;
    };
    const result = await runChaos({ seed, seconds: SECONDS, stations: 12, report: (line) => happened.push(line), onStarted });
    unfinished = undefined;
    process.stdout.write(`seed ${seed}\n${tableOf(result)}\n`);
    expect({ seed, complaints: complaintsOf(result), happened }).toEqual({ seed, complaints: [], happened });
    expect(result.verdict.sessions).toBeGreaterThan(50);
    expect(result.refusedWrites).toBeGreaterThan(0);
    const faults = result.faults.filter((fault) => fault.happened).map(({ name }) => name);
    expect(faults).toEqual(expect.arrayContaining([...processes.map((name) => `kill ${name}`), 'disk full (event store)']));
  },
  LIMIT_MS,
);

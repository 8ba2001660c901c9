// A run: stations charge, faults happen for a while, and then everything that was metered must be in the books, once.
import { setTimeout as pause } from 'node:timers/promises';
import { FaultInjector, type InjectedFault } from './fault-injector';
import { faultSchedule } from './fault-schedule';
import { Fleet } from './fleet';
import { NetworkUnderChaos } from './network-under-chaos';
import { judge, type Verdict } from './oracle';

export interface ChaosOptions {
  seed: number;
  /** How long faults happen. */
  seconds: number;
  stations: number;
  /** Told what happens as it happens. */
  report: (line: string) => void;
  /** Every line of the services' logs. */
  onServiceLine?: (source: string, line: string) => void;
  /** Handed what a run that is given up must stop. */
  onStarted?: (running: { stop(): Promise<void> }) => void;
}

export interface ChaosResult {
  faults: InjectedFault[];
  diskFullBy: string;
  /** Writes that an event store could not make. */
  refusedWrites: number;
  verdict: Verdict;
  /** Services that are not ready at the end. */
  dead: string[];
  /** Messages that a service has given up: which, and why. */
  parked: string[];
  rebuildFindings: string[];
  verifyFindings: string[];
  /** From the last answer to a station until the books were complete. */
  settledAfterSeconds: number;
}

const SETTLE_WITHIN_MS = 120_000;
/** What is late or double comes after the books are complete. */
const QUIET_MS = 3_000;

export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, seconds, stations, report, onServiceLine = () => undefined, onStarted } = options;
  const network = await NetworkUnderChaos.start(onServiceLine);
  onStarted?.(network);
  try {
    const fleet = await Fleet.connect({ url: network.network.ocppUrl, seed, ...(await network.stations(stations)) });
    const charging = fleet.charge();
    const injector = new FaultInjector(network.network, network.disk, network.refused, report);
    // A station that gives up is the end of the run, not of the faults.
    await Promise.race([injector.run(faultSchedule(seed, seconds * 1000)), charging]);
    fleet.end();
    await charging;
    await fleet.close();
    report(`${fleet.sessions.length} sessions are over; waiting for the books`);
    const overAt = performance.now();
    const complete = await until(SETTLE_WITHIN_MS, async () => judge(fleet.sessions, await network.books()).findings.length === 0);
    const settledAfterSeconds = (performance.now() - overAt) / 1000;
    if (complete) await pause(QUIET_MS);
    await until(SETTLE_WITHIN_MS, async () => (await network.dead()).length === 0);
    return {
      faults: injector.injected,
      diskFullBy: network.disk.how,
      refusedWrites: network.refused.writes,
      verdict: judge(fleet.sessions, await network.books()),
      dead: await network.dead(),
      parked: await network.parked(),
      rebuildFindings: await network.lookWith('rebuild'),
      verifyFindings: await network.lookWith('verify'),
      settledAfterSeconds,
    };
  } finally {
    await network.stop();
  }
}

/** Whether the condition came true in time; a question that fails is asked again. */
async function until(withinMs: number, condition: () => Promise<boolean>): Promise<boolean> {
  for (const deadline = performance.now() + withinMs; performance.now() < deadline; ) {
    if (await condition().catch(() => false)) return true;
    await pause(500);
  }
  return false;
}

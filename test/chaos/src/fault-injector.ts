// Makes the faults happen, to the real processes of both networks.
import { setTimeout as pause } from 'node:timers/promises';
import type { AppName } from '@evenkeel/contracts';
import type { Network, PlatformName } from '@evenkeel/local';
import { describeFault, type Fault, type PlannedFault, type ProcessName } from './fault-schedule';
import { slowDown } from './slow-disk';
import type { SmallDisk } from './small-disk';

export interface InjectedFault {
  name: string;
  /** False where this machine does not allow it, or the process was not there to be hurt. */
  happened: boolean;
}

/** A full disk that nobody has written to yet stays full for so much longer: on a slow machine nothing may be said for a while. */
const LONGEST_UNNOTICED_MS = 20_000;
/** A store that was killed is back within these. */
const FILL_ATTEMPTS = 50;
const FILL_PAUSE_MS = 100;

export class FaultInjector {
  private readonly work: Promise<void>[] = [];
  readonly injected: InjectedFault[] = [];

  constructor(
    private readonly network: Network,
    private readonly disk: SmallDisk,
    private readonly refused: { readonly writes: number },
    private readonly report: (line: string) => void,
  ) {}

  /** Resolves when the last fault is over and what was killed is back. */
  async run(schedule: readonly PlannedFault[]): Promise<void> {
    const startedAt = performance.now();
    for (const { atMs, fault } of schedule) {
      await pause(Math.max(0, startedAt + atMs - performance.now()));
      const name = describeFault(fault);
      this.report(`${(atMs / 1000).toFixed(1).padStart(6)} s  ${name}`);
      this.work.push(this.inject(fault).then((happened) => void this.injected.push({ name, happened })));
    }
    await Promise.all(this.work);
  }

  private async inject(fault: Fault): Promise<boolean> {
    switch (fault.kind) {
      case 'kill':
        await Promise.all(fault.targets.map((target) => this.kill(target, fault.downMs)));
        return true;
      case 'pause':
        return this.stopAndGo(this.pidOf(fault.target), fault.forMs);
      case 'disk-full':
        return this.fillDisk(fault.forMs);
      case 'slow-disk':
        return slowDown(this.pidOf('chargem/event-store'), fault.delayMs, fault.forMs);
    }
  }

  private kill(target: ProcessName, downMs: number): Promise<void> {
    const { stores, nats, postgres } = this.network;
    switch (target) {
      case 'nats-server':
        return nats.crash(downMs);
      case 'postgres':
        return postgres.crash(downMs);
      case 'chargem/event-store':
        return stores.chargem.crash(downMs);
      case 'mobilityyou/event-store':
        return stores.mobilityyou.crash(downMs);
      default: {
        const [platform, service] = target.split('/') as [PlatformName, AppName];
        return this.network.service(platform, service).crash();
      }
    }
  }

  private pidOf(target: ProcessName): number {
    return target === 'nats-server' ? this.network.nats.process.pid : this.network.stores.chargem.process.pid;
  }

  private async stopAndGo(pid: number, forMs: number): Promise<boolean> {
    if (!signal(pid, 'SIGSTOP')) return false;
    await pause(forMs);
    signal(pid, 'SIGCONT');
    return true;
  }

  private async fillDisk(forMs: number): Promise<boolean> {
    const { stores } = this.network;
    // Where the limit is one of the process, it can be set on a living one only, and a killed one takes it along.
    let filled = false;
    for (let attempt = 1; !filled && attempt <= FILL_ATTEMPTS; attempt++) {
      filled = await this.disk.fill(stores.chargem.process.pid).then(
        () => true,
        () => pause(FILL_PAUSE_MS).then(() => false),
      );
    }
    if (!filled) return false;
    const { process } = stores.chargem;
    const before = this.refused.writes;
    await pause(forMs);
    const latest = performance.now() + LONGEST_UNNOTICED_MS;
    while (this.refused.writes === before && process === stores.chargem.process && performance.now() < latest) await pause(FILL_PAUSE_MS);
    await this.disk.free(process.pid).catch((error) => {
      if (process === stores.chargem.process) throw error;
    });
    return true;
  }
}

/** @returns false for a process that has just died. */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

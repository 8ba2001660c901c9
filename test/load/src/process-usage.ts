// CPU time and memory of a process and its children, as the kernel counts them.
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in ticks of 10 ms. */
const MICROSECONDS_A_TICK = 10_000;

export interface Usage {
  cpuMicroseconds: number;
  residentMegabytes: number;
}

/** @returns the sum over the process and all that it started. */
export function usageOf(pid: number): Usage {
  const total: Usage = { cpuMicroseconds: 0, residentMegabytes: 0 };
  for (const member of familyOf(pid)) {
    try {
      const stat = readFileSync(`/proc/${member}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      total.cpuMicroseconds += (Number(fields[11]) + Number(fields[12])) * MICROSECONDS_A_TICK;
      const resident = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${member}/status`, 'utf8'))?.[1];
      total.residentMegabytes += Number(resident ?? 0) / 1024;
    } catch {
      // A child that ended between the listing and the reading has nothing more to count.
    }
  }
  return total;
}

function familyOf(pid: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // It ended meanwhile.
    }
  }
  const family = [pid];
  for (const member of family) for (const [child, parent] of parents) if (parent === member) family.push(child);
  return family;
}

// A run as the table of the README beside this folder.
import type { ChaosResult } from './chaos';

export function tableOf({
  faults,
  diskFullBy,
  refusedWrites,
  verdict,
  dead,
  parked,
  rebuildFindings,
  verifyFindings,
  settledAfterSeconds,
}: ChaosResult): string {
  const counts = new Map<string, number>();
  for (const { name, happened } of faults) if (happened) counts.set(name, (counts.get(name) ?? 0) + 1);
  const notPossible = [...new Set(faults.filter(({ name, happened }) => !happened && !counts.has(name)).map(({ name }) => name))];
  const rows: [string, string | number][] = [
    ['faults injected', [...counts.values()].reduce((sum, count) => sum + count, 0)],
    ...[...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]): [string, number] => [`— ${name}`, count]),
    ['writes refused by the full disk', refusedWrites],
    ['sessions', verdict.sessions],
    ['— of roaming drivers', verdict.roaming],
    ['energy metered, kWh', (verdict.energyWh / 1000).toFixed(3)],
    ['**lost**', verdict.lost],
    ['**doubled**', verdict.doubled],
    ['billed with another energy', verdict.wrongEnergy],
    ['delivered wrongly to the partner', verdict.wronglyDelivered],
    ['good tokens refused', verdict.refused],
    ['refused because the provider was silent', verdict.unanswered],
    ['services dead at the end', dead.length],
    ['messages given up', parked.length],
    ['findings of rebuild', rebuildFindings.length],
    ['findings of verify', verifyFindings.length],
    ['books complete after, s', settledAfterSeconds.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `| ${name.padEnd(width)} | ${String(value).padStart(9)} |`);
  const notes = [
    `The disk of the event store ran full by ${diskFullBy}.`,
    ...notPossible.map((name) => `Not possible on this machine: ${name}.`),
  ];
  return [`| ${'what'.padEnd(width)} |           |`, `| ${'-'.repeat(width)} | --------: |`, ...lines, '', ...notes].join('\n');
}

/** Everything that is not as it must be; empty after a good run. */
export function complaintsOf({ verdict, dead, parked, rebuildFindings, verifyFindings }: ChaosResult): string[] {
  return [
    ...(verdict.sessions === 0 ? ['no session took place'] : []),
    ...verdict.findings,
    ...dead.map((service) => `${service} is not ready`),
    ...parked.map((message) => `given up: ${message}`),
    ...rebuildFindings.map((line) => `rebuild: ${line}`),
    ...verifyFindings.map((line) => `verify: ${line}`),
  ];
}

// Which faults happen when, drawn from a seed: the same seed gives the same schedule. Every kind of fault comes once before any comes again,
// in an order of the seed's choosing.

import { Chance } from '@evenkeel/testkit';

/** Processes that can be killed, `platform/service` or the name of a server. */
export const processes = [
  'chargem/ocpp-gateway',
  'chargem/session-ledger',
  'chargem/billing',
  'chargem/registry',
  'chargem/ocpi-bridge',
  'chargem/console',
  'mobilityyou/billing',
  'mobilityyou/registry',
  'mobilityyou/ocpi-bridge',
  'mobilityyou/console',
  'nats-server',
  'chargem/event-store',
  'mobilityyou/event-store',
  'postgres',
] as const;
export type ProcessName = (typeof processes)[number];

export type Fault =
  /** SIGKILL, all at the same moment. A server comes back after a while; services are started again by their supervisor. */
  | { kind: 'kill'; targets: readonly ProcessName[]; downMs: number }
  /** SIGSTOP and SIGCONT: as a disk that does not answer, or a machine that is taken away and given back. */
  | { kind: 'pause'; target: ProcessName; forMs: number }
  /** The event store's disk has no room. */
  | { kind: 'disk-full'; forMs: number }
  /** Each fdatasync of the event store takes longer. */
  | { kind: 'slow-disk'; forMs: number; delayMs: number };

export interface PlannedFault {
  atMs: number;
  fault: Fault;
}

const SHORTEST_GAP_MS = 1_500;
const LONGEST_GAP_MS = 2_900;

export function faultSchedule(seed: number, durationMs: number): PlannedFault[] {
  const chance = new Chance(seed);
  const planned: PlannedFault[] = [];
  let round: Fault[] = [];
  for (let atMs = 500; atMs < durationMs; atMs += chance.integer(SHORTEST_GAP_MS, LONGEST_GAP_MS)) {
    if (round.length === 0) round = chance.shuffled(oneOfEach(chance));
    const fault = round.pop();
    if (fault) planned.push({ atMs, fault });
  }
  return planned;
}

export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'kill':
      return fault.targets.length === 1 ? `kill ${fault.targets[0]}` : 'kill several at once';
    case 'pause':
      return `pause ${fault.target}`;
    case 'disk-full':
      return 'disk full (event store)';
    case 'slow-disk':
      return 'slow disk (event store)';
  }
}

function oneOfEach(chance: Chance): Fault[] {
  const downMs = () => chance.integer(100, 2_000);
  const forMs = () => chance.integer(500, 4_000);
  return [
    ...processes.map((target): Fault => ({ kind: 'kill', targets: [target], downMs: downMs() })),
    { kind: 'kill', targets: chance.shuffled(processes).slice(0, chance.integer(2, 4)), downMs: downMs() },
    { kind: 'kill', targets: ['nats-server', 'chargem/event-store', 'postgres'], downMs: downMs() },
    { kind: 'pause', target: 'chargem/event-store', forMs: forMs() },
    { kind: 'pause', target: 'nats-server', forMs: forMs() },
    { kind: 'disk-full', forMs: forMs() },
    { kind: 'slow-disk', forMs: forMs(), delayMs: chance.integer(20, 200) },
  ];
}

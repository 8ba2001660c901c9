// Runs a network of simulated stations against the platform, with faults everywhere, and then lets it come to rest. Everything that chance
// decides comes from one seed.
import { sessionIdOf } from '@evenkeel/contracts';
import type { SessionPolicy } from '@evenkeel/session-ledger';
import { promptly } from '@evenkeel/session-ledger/dist/session/session-scenarios';
import { drivers, party, stationIds } from '@evenkeel/test-flow/dist/demonstration-registry';
import { Chance } from '@evenkeel/testkit';
import { FaultCounts } from './fault-counts';
import { holdAlways, type Outcome, outcomeOf } from './invariants';
import { type Faults, Platform } from './platform';
import { type Ending, type Plan, SimulatedStation, type Truth, type Version } from './station';

export interface Settings {
  seed: number;
  stations: number;
  sessionsPerStation: number;
  faults?: Partial<Faults>;
}

export interface Report extends Outcome {
  seed: number;
  faults: [string, number][];
  released: number;
}

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-03-02T00:00:00.000Z');
const FAULTS: Faults = {
  store: { refused: 0.01, unanswered: 0.02 },
  delivery: { repeated: 0.05, overtaken: 0.15 },
  death: 0.004,
  gatewayDeath: 0.01,
  partner: 0.2,
};
/** Long enough that what was overtaken by a step arrives, and short enough that late truth happens. */
const POLICY: SessionPolicy = {
  ...promptly,
  settleSeconds: 120,
  gapSettleSeconds: 300,
  hold: ['zeroBaseline', 'meterReset', 'rollover', 'energyJump', 'unitSuspect', 'energyUnknown', 'clockSuspect'],
};
/** Charge points for direct current have two EVSEs, the others one. */
const isFastStation = (stationId: string) => stationId.includes('-DC-');

export async function simulate(settings: Settings): Promise<Report> {
  const chance = new Chance(settings.seed);
  const counts = new FaultCounts();
  const platform = await Platform.start(POLICY, { ...FAULTS, ...settings.faults }, chance.for('platform'), counts, START_MS);
  const stations = Array.from({ length: settings.stations }, (_, index) =>
    newStation(index, settings, chance.for(`station ${index}`), counts),
  );
  const endMs = await run(stations, platform, chance.for('checks'));
  const truths = stations.flatMap((station) => station.truths);
  let restMs = await platform.calmDown(endMs, 90);
  const released = await releaseHeld(platform, truths);
  restMs = await platform.calmDown(restMs, 10);
  await holdAlways(platform.store);
  const outcome = await outcomeOf(platform, truths, drivers.refused);
  await platform.stop();
  return { ...outcome, seed: settings.seed, faults: counts.all, released };
}

/** Steps through the minutes in which somebody has something to say. */
async function run(stations: readonly SimulatedStation[], platform: Platform, chance: Chance): Promise<number> {
  let nowMs = START_MS;
  for (;;) {
    const due = stations.flatMap((station) => station.nextMs ?? []);
    if (due.length === 0) return nowMs;
    nowMs = Math.max(nowMs + MINUTE_MS, Math.min(...due));
    for (const station of stations) {
      // A station that was offline sends all that it has kept at once.
      for (let burst = 0; burst < 12 && (station.nextMs ?? Number.POSITIVE_INFINITY) <= nowMs; burst++) {
        await station.send(nowMs, (text) => platform.call(station.stationId, station.version, text, nowMs), 0.03);
      }
    }
    await platform.step(nowMs);
    if (chance.happens(0.003)) await holdAlways(platform.store);
  }
}

/** An operator who has seen the meters releases what is held, with the readings that are right. */
async function releaseHeld(platform: Platform, truths: readonly Truth[]): Promise<number> {
  let released = 0;
  for (const truth of truths) {
    const sessionId = sessionIdOf(party, truth.stationId, truth.transactionId);
    if (platform.book.statusOf(sessionId) !== 'quarantined') continue;
    // A reading that drops out is read around; only a register that was reset or lost its baseline is for a person to judge.
    if (truth.plan.meterFault !== 'reset' && truth.plan.meterFault !== 'zero-baseline')
      throw new Error(`session ${sessionId} is held for nothing`);
    const readings = { meterStartWh: String(truth.startWh), meterStopWh: String(truth.endWh) };
    const command = { kind: 'release', reason: 'read from the meter', readings } as const;
    const handled = await platform.book.book.decide(sessionId, command, { cause: `release ${sessionId}`, operator: 'simulation' });
    if (!handled.accepted) throw new Error(handled.rejection.text);
    released += 1;
  }
  return released;
}

function newStation(index: number, { sessionsPerStation }: Settings, chance: Chance, counts: FaultCounts): SimulatedStation {
  const version: Version = chance.one(['1.6', '2.0.1']);
  const stationId = stationIds[index * 7] ?? '';
  const isFast = isFastStation(stationId);
  const connectors = isFast ? 2 : 1;
  const skewMs = chance.integer(-90, 90) * 1_000;
  const outages = outagesOf(chance, counts);
  const station = new SimulatedStation(stationId, version, connectors, skewMs, outages, chance, counts);
  const freeMs = Array.from({ length: connectors }, () => START_MS + chance.integer(1, 240) * MINUTE_MS);
  for (let session = 0; session < sessionsPerStation; session++) {
    const connector = 1 + (session % connectors);
    const plan = planOf(connector, version, freeMs[connector - 1] ?? START_MS, isFast, chance, counts);
    station.add(plan);
    freeMs[connector - 1] = plan.startMs + (plan.minutes + plan.idleMinutes + chance.integer(20, 300)) * MINUTE_MS;
  }
  return station;
}

function planOf(connector: number, version: Version, startMs: number, isFast: boolean, chance: Chance, counts: FaultCounts): Plan {
  const fault = chance.happens(0.06) ? chance.one(['dropout', 'reset', 'zero-baseline'] as const) : undefined;
  let ending: Ending = 'stopped';
  if (chance.happens(0.05)) ending = 'power-lost';
  else if (version === '1.6' && chance.happens(0.04)) ending = 'stop-without-id';
  // A reset register of a session that nobody stopped tells nothing: one fault at a time.
  const meterFault = ending === 'stopped' ? fault : undefined;
  if (ending !== 'stopped') counts.add(ending === 'power-lost' ? 'stop never sent' : 'stop without a transaction id');
  if (meterFault) counts.add(`meter: ${meterFault}`);
  return {
    ...{ connector, startMs, ending },
    ...(meterFault ? { meterFault } : {}),
    uid: chance.happens(0.04) ? drivers.refused : chance.happens(0.4) ? drivers.roaming : drivers.own,
    minutes: chance.integer(15, 90),
    idleMinutes: chance.happens(0.5) ? chance.integer(1, 40) : 0,
    watts: isFast ? chance.integer(20_000, 120_000) : chance.integer(3_000, 9_000),
  };
}

function outagesOf(chance: Chance, counts: FaultCounts): { fromMs: number; toMs: number }[] {
  const outages: { fromMs: number; toMs: number }[] = [];
  for (let atMs = START_MS; chance.happens(0.5) && outages.length < 4; ) {
    const fromMs = atMs + chance.integer(60, 900) * MINUTE_MS;
    const toMs = fromMs + chance.integer(1, 180) * MINUTE_MS;
    counts.add('station offline');
    outages.push({ fromMs, toMs });
    atMs = toMs;
  }
  return outages;
}

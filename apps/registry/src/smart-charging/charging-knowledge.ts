// What is known of a station that decides how it may be told to charge: what it supports, what is installed, which transactions run, and
// what its EVSEs can do. Pure.
import { type Evse, Problem } from '@evenkeel/contracts';
import type { Document, Known } from '../mirror/known';
import { actualValue } from '../mirror/variable-value';
import { converted, type Profile, type RateUnit, type Schedule, type Supply } from './charging-rate';
import type { Circumstances, ExternalLimit, InstalledProfile } from './composite-schedule';

export interface RunningTransaction {
  readonly transactionId: string;
  /** Absent where the station has not said, and has several. */
  readonly evseId?: number;
  readonly startedAt: string;
  /** Of the schedules that it was offered, the one that the vehicle follows (OCPP 2.1 NotifyEVChargingSchedule). */
  readonly selectedScheduleId?: number;
  /** The driver has been given priority (OCPP 2.1 UsePriorityCharging). */
  readonly hasPriority: boolean;
}

export interface ChargingKnowledge {
  readonly version: string;
  readonly evses: readonly Evse[];
  /** In which it takes limits; both where it has not said. */
  readonly units: readonly RateUnit[];
  /** Absent: it has not said. */
  readonly maxStackLevel: number | undefined;
  readonly maxPeriods: number | undefined;
  readonly maxProfiles: number | undefined;
  /** Of an EVSE: whether the phase that charges can be chosen (OCPP 2.0.1 ACPhaseSwitchingSupported). */
  readonly switchesPhases: (evseId: number) => boolean;
  readonly installed: readonly InstalledProfile[];
  readonly externalLimits: readonly ExternalLimit[];
  readonly transactions: readonly RunningTransaction[];
}

/** OCPP 1.6 ChargingScheduleAllowedChargingRateUnit says Current and Power. */
const UNITS: ReadonlyMap<string, RateUnit> = new Map([
  ['A', 'A'],
  ['W', 'W'],
  ['Current', 'A'],
  ['Power', 'W'],
]);
const BOTH: readonly RateUnit[] = ['A', 'W'];

export function chargingKnowledgeOf(known: Known, evses: readonly Evse[], version: string): ChargingKnowledge {
  const value = (key: string) => actualValue(known.get('variable', key));
  const units = String(value('SmartChargingCtrlr/RateUnit') ?? '')
    .split(',')
    .flatMap((unit) => UNITS.get(unit.trim()) ?? []);
  return {
    version,
    evses,
    units: units.length === 0 ? BOTH : units,
    maxStackLevel: numberIn(value('SmartChargingCtrlr/ProfileStackLevel')),
    maxPeriods: numberIn(value('SmartChargingCtrlr/PeriodsPerSchedule')),
    maxProfiles: mostProfiles(known.get('variable', 'SmartChargingCtrlr/Entries[ChargingProfiles]'), version),
    switchesPhases: (evseId) =>
      [`SmartChargingCtrlr@${evseId}`, 'SmartChargingCtrlr'].some((at) => value(`${at}/ACPhaseSwitchingSupported`) === 'true'),
    installed: known.all('charging-profile').map(([, document]) => installed(known, document)),
    externalLimits: known.all('charging-limit').map(([, document]) => externalLimit(document)),
    transactions: transactionsOf(known, evses),
  };
}

/** @throws Problem for an EVSE that is not registered. */
export function supplyOf({ evses }: Pick<ChargingKnowledge, 'evses'>, evseId: number): Supply {
  const connectors = (evseId === 0 ? evses : evses.filter((each) => each.evseId === evseId)).flatMap((each) => each.connectors);
  const [connector] = connectors;
  if (connector === undefined) throw new Problem('not-found', `no EVSE ${evseId} is registered`);
  const { powerType, maxVoltageV: voltageV } = connector;
  switch (powerType) {
    case 'AC_3_PHASE':
      return { voltageV, phases: 3 };
    case 'AC_2_PHASE':
    case 'AC_2_PHASE_SPLIT':
      return { voltageV, phases: 2 };
    case 'AC_1_PHASE':
    case 'DC':
      return { voltageV, phases: 1 };
  }
}

export function isDirectCurrent({ evses }: Pick<ChargingKnowledge, 'evses'>, evseId: number): boolean {
  return evses.some((each) => each.evseId === evseId && each.connectors.every(({ powerType }) => powerType === 'DC'));
}

/** What the best connector of the EVSE can give. */
export function mostOf({ evses }: Pick<ChargingKnowledge, 'evses'>, evseId: number, unit: RateUnit): number {
  const supply = supplyOf({ evses }, evseId);
  const connectors = evses.filter((each) => each.evseId === evseId).flatMap((each) => each.connectors);
  return Math.max(
    ...connectors.map(({ maxCurrentA, maxPowerW }) => {
      const byCurrent = converted(maxCurrentA, 'A', unit, supply);
      return maxPowerW === undefined ? byCurrent : Math.min(byCurrent, converted(maxPowerW, 'W', unit, supply));
    }),
  );
}

export function transactionAt({ transactions }: ChargingKnowledge, evseId: number): RunningTransaction | undefined {
  return transactions.find((each) => each.evseId === evseId);
}

/** What the schedule of an EVSE, or of the whole station, follows from. */
export function circumstancesOf(knowledge: ChargingKnowledge, evseId: number, unit: RateUnit): Circumstances {
  const { installed: profiles, externalLimits } = knowledge;
  const transaction = transactionAt(knowledge, evseId);
  return {
    profiles,
    externalLimits,
    evseId,
    unit,
    supply: supplyOf(knowledge, evseId),
    ...(transaction === undefined ? {} : { transaction }),
    ...(evseId === 0 ? {} : { most: mostOf(knowledge, evseId, unit) }),
  };
}

function numberIn(value: unknown): number | undefined {
  const number = Number(value ?? Number.NaN);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}

/** The variable counts the profiles; how many there may be is its limit. OCPP 1.6 has only the limit. */
function mostProfiles(variable: Document | undefined, version: string): number | undefined {
  const { variableCharacteristics } = (variable ?? {}) as { variableCharacteristics?: { maxLimit?: number } };
  return variableCharacteristics?.maxLimit ?? (version === '1.6' ? numberIn(actualValue(variable)) : undefined);
}

/** A dynamic profile has the rates of its newest update (OCPP 2.1 K28). */
function installed(known: Known, document: Document): InstalledProfile {
  const { evseId = 0, chargingProfile } = document as { evseId?: number; chargingProfile: Profile };
  const update = known.get('dynamic-schedule', String(chargingProfile.id));
  const [schedule, ...others] = chargingProfile.chargingSchedule;
  if (chargingProfile.chargingProfileKind !== 'Dynamic' || update === undefined || schedule === undefined)
    return { evseId, chargingProfile };
  const { scheduleUpdate } = update as { scheduleUpdate: object };
  const [period, ...later] = schedule.chargingSchedulePeriod;
  const updated = { ...schedule, chargingSchedulePeriod: [{ startPeriod: 0, ...period, ...scheduleUpdate }, ...later] };
  return { evseId, chargingProfile: { ...chargingProfile, chargingSchedule: [updated, ...others] } };
}

function externalLimit(document: Document): ExternalLimit {
  const {
    evseId = 0,
    chargingLimit,
    chargingSchedule = [],
  } = document as {
    evseId?: number;
    chargingLimit?: { isLocalGeneration?: boolean };
    chargingSchedule?: Schedule[];
  };
  return { evseId, isLocalGeneration: chargingLimit?.isLocalGeneration === true, chargingSchedule };
}

function transactionsOf(known: Known, evses: readonly Evse[]): RunningTransaction[] {
  const only = evses.length === 1 ? evses[0]?.evseId : undefined;
  return known.all('transaction').flatMap(([transactionId, document]) => {
    const { status, evseId = only, startedAt } = document as { status: string; evseId?: number; startedAt: string };
    if (status !== 'Running') return [];
    const hasPriority = known.get('priority-charging', transactionId)?.activated === true;
    const { selectedChargingScheduleId } = known.get('ev-schedule', String(evseId)) ?? {};
    return [
      {
        transactionId,
        startedAt,
        hasPriority,
        ...(evseId === undefined ? {} : { evseId }),
        ...(typeof selectedChargingScheduleId === 'number' ? { selectedScheduleId: selectedChargingScheduleId } : {}),
      },
    ];
  });
}

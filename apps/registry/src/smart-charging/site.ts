// What a site's stations can draw and what charges at them, in the unit of its budget, and a share of it as a limit of one EVSE. Pure.
import type { ChargingBudget } from '@evenkeel/contracts';
import type { Request } from '@evenkeel/ocpp';
import type { Document, Known } from '../mirror/known';
import { DAY_SECONDS, levelPeriods, levelsOf } from './budget-levels';
import {
  type ChargingKnowledge,
  circumstancesOf,
  isDirectCurrent,
  type RunningTransaction,
  supplyOf,
  transactionAt,
} from './charging-knowledge';
import { type Period, type Profile, type RateUnit, withOneDecimal } from './charging-rate';
import { type ExternalLimit, rateAt } from './composite-schedule';
import type { Demand } from './fair-share';
import { DRIVER_PREFERENCES, neededW } from './preferences';
import type { Amounts, SharedEvse, Site } from './shares';

export interface StationOfSite {
  readonly stationKey: string;
  readonly connected: boolean;
  readonly known: Known;
  readonly knowledge: ChargingKnowledge;
}

type Needs = Request<'2.1', 'NotifyEVChargingNeeds'>['chargingNeeds'];

/** The least current with which a vehicle charges (IEC 61851-1). */
const MINIMUM_A = 6;
/** What feeds direct current is itself fed by three phases. */
const WATTS_PER_AMPERE_DC = 3 * 230;

export function siteOf(budget: ChargingBudget, stations: readonly StationOfSite[], now: Date): Site {
  return {
    levels: levelsOf(budget),
    windows: JSON.stringify([budget.unit, budget.windows ?? [], budget.timeZone ?? '']),
    evses: stations.flatMap((station) => station.knowledge.evses.map(({ evseId }) => sharedEvse(budget, station, evseId, now))),
    ended: new Set(stations.flatMap(({ stationKey, known }) => endedOf(known).map((transactionId) => `${stationKey}/${transactionId}`))),
    reachable: new Set(stations.filter(({ connected }) => connected).map(({ stationKey }) => stationKey)),
  };
}

export function slotOf(stationKey: string, evseId: number): string {
  return `${stationKey}/${evseId}`;
}

/** The share as it holds from now on: through the windows of a day, and then the lowest of it, until it is told anew. */
export function shareLimit(
  budget: ChargingBudget,
  knowledge: ChargingKnowledge,
  evseId: number,
  amounts: Amounts,
  now: Date,
): ExternalLimit {
  const isCurrent = budget.unit === 'A' && !isDirectCurrent(knowledge, evseId);
  const factor = isCurrent ? 1 : wattsPerUnit(budget.unit, knowledge, evseId);
  const inUnit = (amount: number) => withOneDecimal(amount * factor);
  const periods: Period[] = levelPeriods(budget, now).map(({ startPeriod, level }) => ({
    startPeriod,
    limit: inUnit(amounts[level] ?? 0),
  }));
  if (periods.length > 1 || amounts.length > 1) periods.push({ startPeriod: DAY_SECONDS, limit: inUnit(Math.min(...amounts)) });
  const chargingSchedule = {
    id: 1,
    startSchedule: now.toISOString(),
    chargingRateUnit: isCurrent ? ('A' as const) : ('W' as const),
    chargingSchedulePeriod: periods as Profile['chargingSchedule'][number]['chargingSchedulePeriod'],
  };
  return { evseId, isLocalGeneration: false, chargingSchedule: [chargingSchedule] };
}

/** With what every transaction of the station begins, before it has a share: the minimum, or nothing. */
export function defaultProfile(knowledge: ChargingKnowledge, factor: number, now: Date): Omit<Profile, 'id'> {
  const isCurrent = knowledge.evses.every(({ evseId }) => !isDirectCurrent(knowledge, evseId));
  const watts = Math.min(...knowledge.evses.map(({ evseId }) => minimumW(knowledge, evseId)));
  const limit = withOneDecimal((isCurrent ? MINIMUM_A : watts) * factor);
  return {
    stackLevel: 0,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Absolute',
    chargingSchedule: [
      {
        id: 1,
        startSchedule: now.toISOString(),
        chargingRateUnit: isCurrent ? 'A' : 'W',
        chargingSchedulePeriod: [{ startPeriod: 0, limit }],
      },
    ],
  };
}

/** What is known but for what the sharing has set itself. */
export function withoutShares(knowledge: ChargingKnowledge): ChargingKnowledge {
  const isOfSharing = ({ chargingProfilePurpose: purpose }: Profile) => purpose === 'TxProfile' || purpose === 'TxDefaultProfile';
  return { ...knowledge, installed: knowledge.installed.filter(({ chargingProfile }) => !isOfSharing(chargingProfile)) };
}

function sharedEvse(budget: ChargingBudget, { stationKey, known, knowledge }: StationOfSite, evseId: number, now: Date): SharedEvse {
  const perUnit = wattsPerUnit(budget.unit, knowledge, evseId);
  const { limit = 0 } = rateAt(circumstancesOf(withoutShares(knowledge), evseId, 'W'), now.getTime());
  const evse = {
    slot: slotOf(stationKey, evseId),
    stationKey,
    hasDefault: knowledge.installed.some(({ evseId: of, chargingProfile }) => of === 0 && isDefault(chargingProfile)),
    minimum: minimumW(knowledge, evseId) / perUnit,
    most: limit / perUnit,
  };
  const transaction = transactionAt(knowledge, evseId);
  if (transaction === undefined) return evse;
  const needs = known.get('charging-needs', String(evseId))?.chargingNeeds as Needs | undefined;
  const isFirst = budget.priorityStationIds?.some((stationId) => stationId.toLowerCase() === stationKey) === true;
  const preferences = known.get(DRIVER_PREFERENCES, transaction.transactionId);
  return { ...evse, demand: demandOf(evse, transaction, { needs, preferences }, { perUnit, isFirst, now, knowledge, evseId }) };
}

function isDefault({ chargingProfilePurpose, stackLevel }: Profile): boolean {
  return chargingProfilePurpose === 'TxDefaultProfile' && stackLevel === 0;
}

function endedOf(known: Known): string[] {
  return known
    .all('transaction')
    .filter(([, { status }]) => status === 'Ended')
    .map(([transactionId]) => transactionId);
}

interface Place {
  readonly perUnit: number;
  readonly isFirst: boolean;
  readonly now: Date;
  readonly knowledge: ChargingKnowledge;
  readonly evseId: number;
}

function demandOf(
  { slot, minimum, most }: Pick<SharedEvse, 'slot' | 'minimum' | 'most'>,
  { transactionId, startedAt, hasPriority }: RunningTransaction,
  { needs, preferences }: { needs: Needs | undefined; preferences: Document | undefined },
  { perUnit, isFirst, now, knowledge, evseId }: Place,
): Demand & { transactionId: string } {
  const { acChargingParameters: ac, dcChargingParameters: dc, departureTime } = needs ?? {};
  const preferredW = neededW(preferences, now);
  const { voltageV, phases } = supplyOf(knowledge, evseId);
  const vehicleW = dc?.evMaxPower ?? (ac === undefined ? Number.POSITIVE_INFINITY : ac.evMaxCurrent * voltageV * phases);
  const energyWh = ac?.energyAmount ?? dc?.energyAmount;
  const hoursLeft = departureTime === undefined ? 0 : (Date.parse(departureTime) - now.getTime()) / 3_600_000;
  const byVehicle = energyWh !== undefined && hoursLeft > 0 ? energyWh / hoursLeft / perUnit : undefined;
  return {
    slot,
    transactionId,
    minimum,
    most: Math.min(most, vehicleW / perUnit),
    startedAt,
    hasPriority: hasPriority || isFirst,
    // What the driver says stands above what the vehicle has been told.
    needed: preferredW === undefined ? byVehicle : preferredW / perUnit,
    departureAt: (preferences?.departureTime as string | undefined) ?? departureTime,
  };
}

function wattsPerUnit(unit: RateUnit, knowledge: ChargingKnowledge, evseId: number): number {
  if (unit === 'W') return 1;
  if (isDirectCurrent(knowledge, evseId)) return WATTS_PER_AMPERE_DC;
  const { voltageV, phases } = supplyOf(knowledge, evseId);
  return voltageV * phases;
}

function minimumW(knowledge: ChargingKnowledge, evseId: number): number {
  return MINIMUM_A * wattsPerUnit('A', knowledge, evseId);
}

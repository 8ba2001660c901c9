// What a vehicle that has said its needs is offered: the limits that hold for it, in as few periods as it can take. Pure.
// OCPP 2.0.1 K15, K16, K17.
import { type ChargingKnowledge, circumstancesOf, isDirectCurrent, type RunningTransaction } from './charging-knowledge';
import { type Profile, type RateUnit, type Schedule, withOneDecimal } from './charging-rate';
import { type CompositePeriod, compositeSchedule, type ExternalLimit } from './composite-schedule';
import { differences } from './schedule-comparison';

export interface OfferTerms {
  readonly evseId: number;
  readonly transaction: RunningTransaction;
  readonly now: Date;
  /** When the vehicle leaves, if it has said so. */
  readonly departureAt?: Date | undefined;
  /** How many periods it can take. */
  readonly maxTuples?: number | undefined;
  /** The share that it has of a site's power. */
  readonly share: readonly ExternalLimit[];
  /** What it was offered before, which does not limit what it is offered now. */
  readonly offered?: unknown;
}

const STACK_LEVEL = 0;
/** How far an offer looks ahead for a vehicle that has not said when it leaves; the last limit holds to the end of the transaction. */
const HORIZON_SECONDS = 2 * 86_400;

export function offerFor(knowledge: ChargingKnowledge, terms: OfferTerms): Omit<Profile, 'id'> {
  const { evseId, transaction, now, departureAt, maxTuples } = terms;
  const unit = unitFor(knowledge, evseId);
  const untilDeparture = departureAt === undefined ? 0 : Math.floor((departureAt.getTime() - now.getTime()) / 1_000);
  const periods = compositeSchedule(held(knowledge, terms, unit), now, untilDeparture > 0 ? untilDeparture : HORIZON_SECONDS);
  const most = Math.min(maxTuples ?? Number.POSITIVE_INFINITY, knowledge.maxPeriods ?? Number.POSITIVE_INFINITY);
  return {
    stackLevel: STACK_LEVEL,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Absolute',
    transactionId: transaction.transactionId,
    chargingSchedule: [
      {
        id: 1,
        startSchedule: now.toISOString(),
        chargingRateUnit: unit,
        chargingSchedulePeriod: asPeriods(inFewer(periods, Math.max(1, most))),
      },
    ],
  };
}

/** Whether what a vehicle intends stays inside of what holds for it. */
export function isWithinLimits(
  knowledge: ChargingKnowledge,
  { evseId, share }: Pick<OfferTerms, 'evseId' | 'share'>,
  timeBase: Date,
  intended: Schedule,
): boolean {
  const given = circumstancesOf(knowledge, evseId, intended.chargingRateUnit);
  const limits = { ...given, externalLimits: [...given.externalLimits, ...share] };
  const allowed = compositeSchedule(limits, timeBase, intended.duration ?? HORIZON_SECONDS);
  const periods = intended.chargingSchedulePeriod.map(({ startPeriod, limit, setpoint }) => ({
    startPeriod,
    limit: limit ?? setpoint ?? 0,
  }));
  return differences(allowed, periods, true).length === 0;
}

/** Joins the neighbours whose joining takes the least away, each time to the lower of both: never more than was allowed. */
export function inFewer(periods: readonly CompositePeriod[], most: number): readonly CompositePeriod[] {
  if (periods.length <= most) return periods;
  const steps = periods.slice(1).map((period, index) => Math.abs((period.limit ?? 0) - (periods[index]?.limit ?? 0)));
  const least = steps.indexOf(Math.min(...steps));
  const joined = periods.flatMap((period, index): CompositePeriod[] => {
    const next = periods[index + 1];
    if (index === least + 1) return [];
    if (index !== least || next === undefined) return [period];
    return [{ ...lowerOf(period, next), startPeriod: period.startPeriod }];
  });
  return inFewer(joined, most);
}

function lowerOf(one: CompositePeriod, other: CompositePeriod): CompositePeriod {
  return (one.limit ?? Number.POSITIVE_INFINITY) <= (other.limit ?? Number.POSITIVE_INFINITY) ? one : other;
}

/** Alternating current is offered as current, direct current as power, where the station takes both. */
function unitFor(knowledge: ChargingKnowledge, evseId: number): RateUnit {
  const preferred = isDirectCurrent(knowledge, evseId) ? 'W' : 'A';
  return knowledge.units.includes(preferred) ? preferred : (knowledge.units[0] ?? preferred);
}

function held(knowledge: ChargingKnowledge, { evseId, transaction, share, offered }: OfferTerms, unit: RateUnit) {
  const given = circumstancesOf(knowledge, evseId, unit);
  const before = JSON.stringify(offered);
  const profiles = given.profiles.filter(({ chargingProfile }) => JSON.stringify(chargingProfile) !== before);
  return { ...given, profiles, transaction, externalLimits: [...given.externalLimits, ...share] };
}

function asPeriods(periods: readonly CompositePeriod[]): Schedule['chargingSchedulePeriod'] {
  return periods.map(({ startPeriod, limit, numberPhases }) => ({
    startPeriod,
    ...(limit === undefined ? {} : { limit: withOneDecimal(limit) }),
    ...(numberPhases === undefined ? {} : { numberPhases }),
  })) as Schedule['chargingSchedulePeriod'];
}

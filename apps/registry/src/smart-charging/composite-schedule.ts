// Which schedule follows for an EVSE from the charging profiles that are installed and the limits that others have set: what a station
// should answer to GetCompositeSchedule. Pure.
//
// OCPP 2.0.1 K01, K08, OCPP 1.6 section 3.13: of each purpose the valid profile with the highest stack level holds, a TxProfile in the place
// of a TxDefaultProfile, a PriorityCharging profile in the place of both while it is in use, and of what is left the lowest. Local generation
// comes on top (OCPP 2.1 ChargingProfilePurposeEnumType).
import { type Period, type Profile, type Rate, type RateUnit, rateOf, type Schedule, type Supply, tighter } from './charging-rate';

export interface InstalledProfile {
  /** 0 is the station. */
  readonly evseId: number;
  readonly chargingProfile: Profile;
}

/** What NotifyChargingLimit has told of a limit that is not ours. */
export interface ExternalLimit {
  readonly evseId: number;
  readonly isLocalGeneration: boolean;
  readonly chargingSchedule: readonly Schedule[];
}

export interface Circumstances {
  readonly profiles: readonly InstalledProfile[];
  readonly externalLimits: readonly ExternalLimit[];
  /** 0 asks for the station as a whole. */
  readonly evseId: number;
  readonly transaction?: {
    readonly transactionId: string;
    readonly startedAt: string;
    readonly hasPriority?: boolean;
    /** Of a profile with several schedules, the one that the vehicle has chosen; the first where it has not. */
    readonly selectedScheduleId?: number | undefined;
  };
  readonly unit: RateUnit;
  readonly supply: Supply;
  /** What the EVSE can do at most, in the unit: holds where no profile does. */
  readonly most?: number;
}

export interface CompositePeriod extends Rate {
  /** Seconds from the beginning. */
  readonly startPeriod: number;
}

type Purpose = Profile['chargingProfilePurpose'];

const CYCLES_MS: Readonly<Record<string, number>> = { Daily: 86_400_000, Weekly: 604_800_000 };

/** As few periods as say it, the first at 0. */
export function compositeSchedule(given: Circumstances, from: Date, durationSeconds: number): readonly CompositePeriod[] {
  const periods: CompositePeriod[] = [];
  for (const at of turningPoints(given, from.getTime(), durationSeconds)) {
    const rate = rateAt(given, at);
    const last = periods.at(-1);
    const isSame =
      last && last.limit === rate.limit && last.dischargeLimit === rate.dischargeLimit && last.numberPhases === rate.numberPhases;
    if (!isSame) periods.push({ startPeriod: Math.round((at - from.getTime()) / 1_000), ...rate });
  }
  return periods;
}

/** @param at milliseconds. */
export function rateAt(given: Circumstances, at: number): Rate {
  const { evseId, transaction, most } = given;
  const of = (purpose: Purpose) => leading(given, purpose, at);
  // A default is that of each EVSE: it says nothing about all of them together.
  const ofTransaction = evseId === 0 ? undefined : (of('TxProfile') ?? of('TxDefaultProfile'));
  const charging = transaction?.hasPriority === true ? (of('PriorityCharging') ?? ofTransaction) : ofTransaction;
  const external = externalRates(given, at, false);
  const rates = [charging, of('ChargingStationMaxProfile'), of('ChargingStationExternalConstraints'), ...external];
  const held = rates.reduce<Rate>((rate, each) => (each === undefined ? rate : tighter(rate, each)), {});
  const generated = [of('LocalGeneration'), ...externalRates(given, at, true)].reduce((sum, each) => sum + (each?.limit ?? 0), 0);
  const raised = held.limit === undefined ? held : { ...held, limit: held.limit + generated };
  return most === undefined ? raised : tighter(raised, { limit: most });
}

function externalRates({ externalLimits, evseId, unit, supply }: Circumstances, at: number, isLocalGeneration: boolean): Rate[] {
  return externalLimits
    .filter((limit) => limit.isLocalGeneration === isLocalGeneration && (limit.evseId === 0 || limit.evseId === evseId))
    .flatMap(({ chargingSchedule: [schedule] }) => {
      const period = schedule && periodAt(schedule, at, anchorOf(schedule), undefined);
      return period && schedule ? [rateOf(period, schedule.chargingRateUnit, unit, supply)] : [];
    });
}

/** A profile that says nothing for the moment leaves it to the next lower level (OCPP 2.0.1 K01). */
function leading(given: Circumstances, purpose: Purpose, at: number): Rate | undefined {
  const { unit, supply } = given;
  return bearing(given, at)
    .filter(({ chargingProfile }) => chargingProfile.chargingProfilePurpose === purpose)
    .sort((one, other) => other.chargingProfile.stackLevel - one.chargingProfile.stackLevel || other.evseId - one.evseId)
    .map(({ chargingProfile }) => {
      const schedule = chosen(given, chargingProfile);
      const period = schedule && periodAt(schedule, at, startOf(given, chargingProfile, schedule), chargingProfile.recurrencyKind);
      return period && schedule ? rateOf(period, schedule.chargingRateUnit, unit, supply) : undefined;
    })
    .find((rate) => rate !== undefined && (rate.limit !== undefined || rate.dischargeLimit !== undefined));
}

function bearing({ profiles, evseId, transaction }: Circumstances, at: number): InstalledProfile[] {
  return profiles.filter(({ evseId: of, chargingProfile: { validFrom, validTo, transactionId, chargingProfilePurpose } }) => {
    if (of !== 0 && of !== evseId) return false;
    if (chargingProfilePurpose === 'TxProfile' && (transaction === undefined || of === 0)) return false;
    if (transactionId !== undefined && transactionId !== transaction?.transactionId) return false;
    return (validFrom === undefined || Date.parse(validFrom) <= at) && (validTo === undefined || at < Date.parse(validTo));
  });
}

function chosen({ transaction }: Circumstances, { chargingSchedule: schedules }: Profile): Schedule | undefined {
  return schedules.find(({ id }) => id === transaction?.selectedScheduleId) ?? schedules[0];
}

/** When the schedule begins: of a relative one that is when its transaction did (OCPP 2.0.1 K01, ChargingProfileKindEnumType). */
function startOf({ transaction }: Circumstances, { chargingProfileKind }: Profile, schedule: Schedule): number | undefined {
  const isRelative = chargingProfileKind === 'Relative';
  return isRelative && transaction ? Date.parse(transaction.startedAt) : anchorOf(schedule);
}

function anchorOf({ startSchedule }: Schedule): number | undefined {
  return startSchedule === undefined ? undefined : Date.parse(startSchedule);
}

/** @param start absent: the schedule is always at its beginning. */
function periodAt(schedule: Schedule, at: number, start: number | undefined, recurrency: string | undefined): Period | undefined {
  let seconds = start === undefined ? 0 : (at - start) / 1_000;
  if (seconds < 0) return undefined;
  const cycle = recurrency === undefined ? undefined : CYCLES_MS[recurrency];
  if (cycle !== undefined) seconds %= cycle / 1_000;
  if (schedule.duration !== undefined && seconds >= schedule.duration) return undefined;
  return schedule.chargingSchedulePeriod.filter(({ startPeriod }) => startPeriod <= seconds).at(-1);
}

/** Every moment at which something may change, in order. */
function turningPoints(given: Circumstances, from: number, durationSeconds: number): number[] {
  const to = from + durationSeconds * 1_000;
  const points = new Set([from]);
  const add = (...found: readonly number[]) => {
    for (const point of found) if (point > from && point < to) points.add(point);
  };
  for (const { chargingProfile } of given.profiles) {
    const { validFrom, validTo, recurrencyKind } = chargingProfile;
    if (validFrom !== undefined) add(Date.parse(validFrom));
    if (validTo !== undefined) add(Date.parse(validTo));
    const schedule = chosen(given, chargingProfile);
    if (schedule) add(...edgesOf(schedule, startOf(given, chargingProfile, schedule), recurrencyKind, from, to));
  }
  for (const { chargingSchedule } of given.externalLimits) {
    const [schedule] = chargingSchedule;
    if (schedule) add(...edgesOf(schedule, anchorOf(schedule), undefined, from, to));
  }
  return [...points].sort((one, other) => one - other);
}

function edgesOf(schedule: Schedule, start: number | undefined, recurrency: string | undefined, from: number, to: number): number[] {
  if (start === undefined) return [];
  const { chargingSchedulePeriod, duration } = schedule;
  const offsets = [...chargingSchedulePeriod.map(({ startPeriod }) => startPeriod), ...(duration === undefined ? [] : [duration])];
  const cycle = recurrency === undefined ? undefined : CYCLES_MS[recurrency];
  const edges: number[] = [];
  let begin = cycle === undefined ? start : start + Math.max(0, Math.floor((from - start) / cycle)) * cycle;
  do {
    for (const offset of offsets) if (cycle === undefined || offset * 1_000 <= cycle) edges.push(begin + offset * 1_000);
    begin += cycle ?? 0;
    if (cycle !== undefined) edges.push(begin);
  } while (cycle !== undefined && begin < to);
  return edges;
}

// The composite schedule: which limit of all charging profiles holds at each moment. Pure: profiles and times in, limits out.
// OCPP 1.6 section 3.13, OCPP 2.0.1 K08: per purpose the highest stack level that is valid decides, a TxProfile replaces the TxDefaultProfile,
// and the lowest of what the purposes leave holds.

export type Purpose =
  | 'ChargingStationExternalConstraints'
  | 'ChargingStationMaxProfile'
  | 'TxDefaultProfile'
  | 'TxProfile'
  | 'PriorityCharging'
  | 'LocalGeneration';

export interface LimitPeriod {
  /** Seconds since the start of the schedule. */
  readonly startSeconds: number;
  /** In the schedule's unit; absent when the period says nothing about charging power. */
  readonly limit: number | undefined;
  readonly phases: number | undefined;
}

export interface ChargingProfile {
  readonly id: number;
  /** 0 is the whole station. */
  readonly evseId: number;
  readonly stackLevel: number;
  readonly purpose: Purpose;
  readonly kind: 'Absolute' | 'Recurring' | 'Relative' | 'Dynamic';
  readonly recurrency: 'Daily' | 'Weekly' | undefined;
  readonly validFrom: number | undefined;
  readonly validTo: number | undefined;
  readonly transactionId: string | undefined;
  readonly unit: 'W' | 'A';
  readonly startsAt: number | undefined;
  readonly durationSeconds: number | undefined;
  readonly periods: readonly LimitPeriod[];
  /** Who set it: CSO, EMS, SO or Other. */
  readonly source: string;
  /** As the back end has sent it, for reports. */
  readonly wire: object;
}

/** The transaction that the limits are asked for, if one runs. */
export interface Running {
  readonly transactionId: string | undefined;
  readonly startedAt: number;
  readonly hasPriority: boolean;
}

export interface Supply {
  readonly voltage: number;
  readonly phases: number;
}

export interface CompositePeriod {
  readonly startSeconds: number;
  readonly limitW: number;
}

const SECONDS_OF: Readonly<Record<'Daily' | 'Weekly', number>> = { Daily: 86_400, Weekly: 7 * 86_400 };

/** The limit in W at a moment, or undefined when no profile has one. */
export function limitAt(
  profiles: readonly ChargingProfile[],
  at: number,
  running: Running | undefined,
  supply: Supply,
): number | undefined {
  const byPurpose = (purpose: Purpose) => leading(profiles, purpose, at, running, supply);
  const transaction = byPurpose('TxProfile') ?? byPurpose('TxDefaultProfile');
  const chosen = running?.hasPriority ? (byPurpose('PriorityCharging') ?? transaction) : transaction;
  const station = byPurpose('ChargingStationMaxProfile');
  const external = byPurpose('ChargingStationExternalConstraints');
  const limits = [chosen, station, external].filter((limit) => limit !== undefined);
  if (limits.length === 0) return undefined;
  return Math.min(...limits) + (byPurpose('LocalGeneration') ?? 0);
}

/** The limits from a moment on, as few periods as say it; `otherwiseW` holds where no profile does. */
export function compositeSchedule(
  profiles: readonly ChargingProfile[],
  from: number,
  durationSeconds: number,
  running: Running | undefined,
  supply: Supply,
  otherwiseW: number,
): CompositePeriod[] {
  const result: CompositePeriod[] = [];
  for (const at of turningPoints(profiles, from, durationSeconds, running)) {
    const limitW = Math.min(limitAt(profiles, at, running, supply) ?? otherwiseW, otherwiseW);
    if (result.at(-1)?.limitW !== limitW) result.push({ startSeconds: Math.round((at - from) / 1000), limitW });
  }
  return result;
}

/** Energy that may flow between two moments, in Wh. */
export function allowedEnergyWh(
  profiles: readonly ChargingProfile[],
  from: number,
  to: number,
  running: Running | undefined,
  supply: Supply,
  otherwiseW: number,
): number {
  const seconds = (to - from) / 1000;
  const periods = compositeSchedule(profiles, from, seconds, running, supply, otherwiseW);
  return periods.reduce((sum, { startSeconds, limitW }, index) => {
    const end = periods[index + 1]?.startSeconds ?? seconds;
    return sum + (limitW * (end - startSeconds)) / 3600;
  }, 0);
}

function leading(
  profiles: readonly ChargingProfile[],
  purpose: Purpose,
  at: number,
  running: Running | undefined,
  supply: Supply,
): number | undefined {
  const limits = profiles
    .filter((profile) => profile.purpose === purpose && isValid(profile, at, running))
    .sort((one, other) => other.stackLevel - one.stackLevel)
    .map((profile) => limitOf(profile, at, running, supply));
  return limits.find((limit) => limit !== undefined);
}

function isValid(profile: ChargingProfile, at: number, running: Running | undefined): boolean {
  if (profile.validFrom !== undefined && at < profile.validFrom) return false;
  if (profile.validTo !== undefined && at >= profile.validTo) return false;
  return profile.transactionId === undefined || profile.transactionId === running?.transactionId;
}

function limitOf(profile: ChargingProfile, at: number, running: Running | undefined, supply: Supply): number | undefined {
  const seconds = secondsIntoSchedule(profile, at, running);
  if (seconds === undefined) return undefined;
  const period = profile.periods.findLast(({ startSeconds }) => startSeconds <= seconds);
  if (period?.limit === undefined) return undefined;
  return profile.unit === 'W' ? period.limit : period.limit * supply.voltage * (period.phases ?? supply.phases);
}

/** How far the schedule is at this moment, or undefined when it has not begun or is over. */
function secondsIntoSchedule(profile: ChargingProfile, at: number, running: Running | undefined): number | undefined {
  const anchor = profile.kind === 'Relative' ? (running?.startedAt ?? profile.startsAt) : profile.startsAt;
  let seconds = anchor === undefined ? 0 : (at - anchor) / 1000;
  if (seconds < 0) return undefined;
  if (profile.kind === 'Recurring') seconds %= SECONDS_OF[profile.recurrency ?? 'Daily'];
  return profile.durationSeconds !== undefined && seconds >= profile.durationSeconds ? undefined : seconds;
}

/** Every moment at which some limit may change. */
function turningPoints(
  profiles: readonly ChargingProfile[],
  from: number,
  durationSeconds: number,
  running: Running | undefined,
): number[] {
  const to = from + durationSeconds * 1000;
  const points = new Set([from]);
  const add = (point: number | undefined) => {
    if (point !== undefined && point > from && point < to) points.add(point);
  };
  for (const profile of profiles) {
    add(profile.validFrom);
    add(profile.validTo);
    const anchor = (profile.kind === 'Relative' ? running?.startedAt : undefined) ?? profile.startsAt;
    if (anchor === undefined) continue;
    const cycle = profile.kind === 'Recurring' ? SECONDS_OF[profile.recurrency ?? 'Daily'] * 1000 : undefined;
    let start = cycle === undefined ? anchor : anchor + Math.max(0, Math.floor((from - anchor) / cycle)) * cycle;
    do {
      for (const { startSeconds } of profile.periods) add(start + startSeconds * 1000);
      if (profile.durationSeconds !== undefined) add(start + profile.durationSeconds * 1000);
      start += cycle ?? 0;
    } while (cycle !== undefined && start < to);
  }
  return [...points].sort((one, other) => one - other);
}

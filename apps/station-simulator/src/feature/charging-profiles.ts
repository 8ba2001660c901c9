// The charging profiles a station holds: which it takes, replaces, clears and tells about. What they come to is composite-schedule.ts.
import type { ChargingProfile, Purpose } from './composite-schedule';

export interface ProfileLimits {
  readonly mostStackLevel: number;
  readonly mostPeriods: number;
  readonly mostProfiles: number;
  readonly units: readonly string[];
}

export interface ProfileFilter {
  readonly ids?: readonly number[] | undefined;
  readonly evseId?: number | undefined;
  readonly purpose?: string | undefined;
  readonly stackLevel?: number | undefined;
  readonly sources?: readonly string[] | undefined;
}

/** Why a profile is not taken, as a reason code of OCPP 2.1 Part 2 appendix 5. */
export type ProfileRefusal =
  | 'InvalidProfile'
  | 'InvalidSchedule'
  | 'InvalidStackLevel'
  | 'DuplicateProfile'
  | 'TooManyElements'
  | 'TxNotFound';

export class ChargingProfiles {
  private profiles: ChargingProfile[] = [];

  get size(): number {
    return this.profiles.length;
  }

  /**
   * Takes the profile, in place of the one with its id or with its purpose, level and EVSE.
   * @returns why it does not, or undefined. `transactionRuns` says whether its transaction, or any at its EVSE, runs.
   */
  install(profile: ChargingProfile, limits: ProfileLimits, transactionRuns: boolean): ProfileRefusal | undefined {
    const refusal = refusalOf(profile, limits, transactionRuns);
    if (refusal !== undefined) return refusal;
    const others = this.profiles.filter((other) => other.id !== profile.id && !isSamePlace(other, profile));
    // OCPP 2.0.1 K01.FR.06: two profiles of one place need validities that do not overlap; the later word replaces the earlier.
    if (others.length >= limits.mostProfiles) return 'TooManyElements';
    this.profiles = [...others, profile];
    return undefined;
  }

  /** How many were cleared. Constraints from outside are not the back end's to clear (OCPP 2.0.1 K10.FR.06). */
  clear(filter: ProfileFilter): number {
    const cleared = this.find(filter).filter(({ purpose }) => purpose !== 'ChargingStationExternalConstraints');
    this.profiles = this.profiles.filter((profile) => !cleared.includes(profile));
    return cleared.length;
  }

  find({ ids, evseId, purpose, stackLevel, sources }: ProfileFilter): readonly ChargingProfile[] {
    return this.profiles.filter((profile) => {
      if (ids !== undefined) return ids.includes(profile.id);
      const fits = (wanted: unknown, actual: unknown) => wanted === undefined || wanted === actual;
      const isFromThere = sources === undefined || sources.includes(profile.source);
      return fits(evseId, profile.evseId) && fits(purpose, profile.purpose) && fits(stackLevel, profile.stackLevel) && isFromThere;
    });
  }

  /** What bears on an EVSE: its own profiles and the station's. 0 asks for the station's alone. */
  bearingOn(evseId: number): readonly ChargingProfile[] {
    return this.profiles.filter((profile) => profile.evseId === 0 || profile.evseId === evseId);
  }

  has(evseId: number, purpose: Purpose): boolean {
    return this.bearingOn(evseId).some((profile) => profile.purpose === purpose);
  }

  /** OCPP 2.1 K28: the first period's limit of a dynamic profile from now on; false when there is no such profile. */
  adjust(id: number, limit: number | undefined): boolean {
    const profile = this.profiles.find((each) => each.id === id && each.kind === 'Dynamic');
    if (profile === undefined) return false;
    const periods = profile.periods.map((period, index) => (index === 0 ? { ...period, limit } : period));
    this.profiles = this.profiles.map((each) => (each === profile ? { ...profile, periods } : each));
    return true;
  }

  /** A limit that is not the back end's: one an EVSE. */
  putExternal(profile: ChargingProfile): void {
    this.dropExternal(profile.evseId);
    this.profiles.push(profile);
  }

  dropExternal(evseId: number): void {
    this.profiles = this.profiles.filter((each) => each.purpose !== 'ChargingStationExternalConstraints' || each.evseId !== evseId);
  }

  /** A TxProfile lives as long as its transaction (OCPP 1.6 section 3.13.1, OCPP 2.0.1 K01.FR.03). */
  endTransaction(evseId: number): void {
    this.profiles = this.profiles.filter((profile) => profile.purpose !== 'TxProfile' || profile.evseId !== evseId);
  }
}

function refusalOf(profile: ChargingProfile, limits: ProfileLimits, transactionRuns: boolean): ProfileRefusal | undefined {
  const { purpose, evseId, periods } = profile;
  if (purpose === 'ChargingStationExternalConstraints') return 'InvalidProfile';
  if (purpose === 'ChargingStationMaxProfile' && evseId !== 0) return 'InvalidProfile';
  if (purpose === 'TxProfile' && (evseId === 0 || !transactionRuns)) return 'TxNotFound';
  if (profile.kind === 'Recurring' && (profile.recurrency === undefined || profile.startsAt === undefined)) return 'InvalidProfile';
  if (profile.stackLevel < 0 || profile.stackLevel > limits.mostStackLevel) return 'InvalidStackLevel';
  if (periods.length > limits.mostPeriods) return 'TooManyElements';
  const rises = periods.every(({ startSeconds }, index) => index === 0 || startSeconds > (periods[index - 1]?.startSeconds ?? 0));
  return periods[0]?.startSeconds === 0 && rises && limits.units.includes(profile.unit) ? undefined : 'InvalidSchedule';
}

function isSamePlace(one: ChargingProfile, other: ChargingProfile): boolean {
  const isSame = one.purpose === other.purpose && one.stackLevel === other.stackLevel && one.evseId === other.evseId;
  const overlaps = (one.validTo ?? Infinity) > (other.validFrom ?? -Infinity) && (other.validTo ?? Infinity) > (one.validFrom ?? -Infinity);
  return isSame && overlaps;
}

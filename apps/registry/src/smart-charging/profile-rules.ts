// Which charging profiles a station may be sent, so that none leaves that it would have to refuse. Pure.
import { Problem } from '@evenkeel/contracts';
import type { ChargingKnowledge } from './charging-knowledge';
import { hasOneDecimal, type Period, type Profile, type Schedule } from './charging-rate';
import { isSamePlace } from './profile-place';

const ONLY_OF_21: ReadonlySet<string> = new Set(['PriorityCharging', 'LocalGeneration', 'Dynamic']);
const SCHEDULES_AT_MOST = 3;

/** @throws Problem that says which rule the profile breaks. */
export function assertAllowed(evseId: number, profile: Profile, knowledge: ChargingKnowledge): void {
  assertPurpose(evseId, profile, knowledge);
  assertKind(profile, knowledge);
  assertRoom(evseId, profile, knowledge);
  for (const schedule of profile.chargingSchedule) assertSchedule(evseId, schedule, knowledge);
}

function assertPurpose(evseId: number, profile: Profile, { version, transactions }: ChargingKnowledge): void {
  const { chargingProfilePurpose: purpose, transactionId } = profile;
  if (version !== '2.1' && ONLY_OF_21.has(purpose)) throw unsupported(`OCPP ${version} has no ${purpose}`);
  // OCPP 2.0.1 K01.FR.22.
  if (purpose === 'ChargingStationExternalConstraints') throw invalid('a limit from outside is not ours to set');
  if (purpose === 'ChargingStationMaxProfile' && evseId !== 0) throw invalid('what a station may draw at most is set for the station');
  if (purpose !== 'TxProfile') {
    if (transactionId !== undefined) throw invalid(`a ${purpose} names no transaction`);
    return;
  }
  if (evseId === 0) throw invalid('a TxProfile is set for an EVSE');
  if (transactionId === undefined) throw invalid('a TxProfile names its transaction');
  // OCPP 2.0.1 K01.FR.03, K01.FR.09; OCPP 1.6 section 3.13.
  const running = transactions.find((each) => each.transactionId === transactionId);
  if (running === undefined) throw conflict(`no transaction ${transactionId} runs at the station`);
  if (running.evseId !== undefined && running.evseId !== evseId) {
    throw conflict(`transaction ${transactionId} runs at EVSE ${running.evseId}`);
  }
}

function assertKind(profile: Profile, { version }: ChargingKnowledge): void {
  const { chargingProfileKind: kind, chargingProfilePurpose: purpose, recurrencyKind, chargingSchedule: schedules } = profile;
  if (version !== '2.1' && ONLY_OF_21.has(kind)) throw unsupported(`OCPP ${version} has no ${kind} profiles`);
  if (kind === 'Recurring' && recurrencyKind === undefined) throw invalid('a recurring profile says how often');
  if (kind !== 'Recurring' && recurrencyKind !== undefined) throw invalid(`a profile that is ${kind} does not recur`);
  if (kind === 'Relative' && purpose === 'ChargingStationMaxProfile') throw invalid('a station has no beginning to be relative to');
  const begins = schedules.every(({ startSchedule }) => startSchedule !== undefined);
  if ((kind === 'Absolute' || kind === 'Recurring') && !begins)
    throw invalid(`a schedule of a profile that is ${kind} says when it starts`);
  if (kind === 'Relative' && schedules.some(({ startSchedule }) => startSchedule !== undefined)) {
    throw invalid('a relative schedule starts with its transaction');
  }
  if (kind === 'Dynamic' && (schedules.length > 1 || schedules[0]?.chargingSchedulePeriod.length !== 1)) {
    throw invalid('a dynamic profile has one period');
  }
  if (purpose === 'PriorityCharging' && schedules.some(({ duration }) => duration !== undefined)) {
    throw invalid('priority has no duration: it lasts as long as it is used');
  }
  const most = version === '1.6' || purpose !== 'TxProfile' ? 1 : SCHEDULES_AT_MOST;
  if (schedules.length === 0 || schedules.length > most) throw invalid(`such a profile has at most ${most} schedules`);
}

function assertRoom(evseId: number, profile: Profile, knowledge: ChargingKnowledge): void {
  const { maxStackLevel, maxProfiles, installed } = knowledge;
  if (maxStackLevel !== undefined && profile.stackLevel > maxStackLevel) {
    throw unsupported(`the station knows stack levels up to ${maxStackLevel}`);
  }
  const rival = installed.find(({ evseId: of, chargingProfile: other }) => {
    // OCPP 2.0.1 K01.FR.52, K01.FR.53: a default of the station and one of an EVSE are at the same place.
    const isThere = of === evseId || (profile.chargingProfilePurpose === 'TxDefaultProfile' && (of === 0 || evseId === 0));
    return isThere && other.id !== profile.id && isSamePlace(other, profile);
  });
  if (rival) throw conflict(`profile ${rival.chargingProfile.id} has this purpose and stack level already`);
  const own = installed.filter(({ chargingProfile: { chargingProfilePurpose } }) => {
    return chargingProfilePurpose !== 'ChargingStationExternalConstraints';
  });
  const isNew = own.every(({ chargingProfile: { id } }) => id !== profile.id);
  if (isNew && maxProfiles !== undefined && own.length >= maxProfiles) throw conflict(`the station holds at most ${maxProfiles} profiles`);
}

function assertSchedule(evseId: number, schedule: Schedule, knowledge: ChargingKnowledge): void {
  const { units, maxPeriods } = knowledge;
  const { chargingRateUnit: unit, chargingSchedulePeriod: periods, minChargingRate } = schedule;
  if (!units.includes(unit)) throw unsupported(`the station does not take limits in ${unit}`);
  if (maxPeriods !== undefined && periods.length > maxPeriods)
    throw unsupported(`the station takes at most ${maxPeriods} periods a schedule`);
  const rises = periods.every(({ startPeriod }, index) => startPeriod > (periods[index - 1]?.startPeriod ?? -1));
  if (periods[0]?.startPeriod !== 0 || !rises) throw invalid('periods begin at 0, each later than the one before');
  const rates = periods.flatMap(({ limit, dischargeLimit, setpoint }) => [limit, dischargeLimit, setpoint]);
  for (const rate of [...rates, minChargingRate]) {
    if (rate !== undefined && !hasOneDecimal(rate)) throw invalid('a rate has at most one decimal');
  }
  for (const period of periods) assertPeriod(evseId, period, knowledge);
}

function assertPeriod(evseId: number, period: Period, { version, switchesPhases }: ChargingKnowledge): void {
  const { limit, dischargeLimit, setpoint, numberPhases, phaseToUse } = period;
  if (limit === undefined && version !== '2.1') throw invalid('a period has a limit');
  if ((dischargeLimit ?? setpoint) !== undefined && version !== '2.1') throw unsupported(`OCPP ${version} knows limits of charging only`);
  if (limit !== undefined && limit < 0) throw invalid('a limit of charging is not negative');
  if (dischargeLimit !== undefined && dischargeLimit > 0) throw invalid('a limit of discharging is not positive');
  if (phaseToUse === undefined) return;
  // OCPP 2.0.1 K01.FR.19, K01.FR.20.
  if (version === '1.6') throw unsupported('OCPP 1.6 chooses no phase');
  if (numberPhases !== 1) throw invalid('a phase is chosen where one phase charges');
  if (!switchesPhases(evseId)) throw unsupported('the EVSE cannot choose its phase');
}

function invalid(detail: string): Problem {
  return new Problem('invalid', detail);
}

function conflict(detail: string): Problem {
  return new Problem('conflict', detail);
}

function unsupported(detail: string): Problem {
  return new Problem('not-supported', detail);
}

// What the payer of a session wants of its charging profile, as operations of the station, and what became of it in the words of OCPI
// (2.3.0 mod_charging_profiles). Pure.
import type { ActiveLimits, Problem, ProfileLimits, StationCommand } from '@evenkeel/contracts';
import { canonical, type Expressed, type ProfileObjects } from '@evenkeel/ocpi';
import { outcomeOf, outcomeOfProblem } from '../commands/command-outcome';
import type { Outcome } from '../commands/partner-command';

interface AtSession {
  sessionId: string;
  stationId: string;
  evseId: number;
  transactionId: string;
  /** What its EVSE can give at most, in A of each phase: that holds where nothing else does. */
  mostA: number;
}

export type ProfileOrder =
  | ({ command: 'SET_PROFILE'; limits: ProfileLimits } & AtSession)
  | ({ command: 'CLEAR_PROFILE' } & AtSession)
  | ({ command: 'READ_PROFILE'; durationSeconds: number } & AtSession)
  /** Ours: what holds now has changed, and the payer is to hear what it is. */
  | ({ command: 'TELL_PROFILE'; durationSeconds: number } & AtSession);

/** Above the profiles that operators and vehicles' needs bring: of one purpose the highest level holds (OCPP 2.0.1 K01, 1.6 section 3.13). */
const PLACE = { chargingProfilePurpose: 'TxProfile', stackLevel: 1 } as const;

export function isProfileOrder(order: { command: string }): order is ProfileOrder {
  return order.command.endsWith('_PROFILE');
}

export function profileOperationOf(order: ProfileOrder) {
  const { stationId, evseId, transactionId } = order;
  switch (order.command) {
    case 'SET_PROFILE': {
      const profile = { ...PLACE, transactionId, ...scheduled(order.limits) };
      return { stationId, operation: 'charging-profile', parameters: { evseId, profile } };
    }
    case 'CLEAR_PROFILE':
      return { stationId, operation: 'clear-limits', parameters: { evseId, of: PLACE } };
    case 'READ_PROFILE':
    case 'TELL_PROFILE':
      return { stationId, operation: 'read-limits', parameters: { evseId, durationSeconds: order.durationSeconds } };
  }
}

/** @returns undefined while the station has not answered. */
export function profileOutcomeOf(order: ProfileOrder, command: StationCommand): Outcome | undefined {
  const outcome = outcomeOf(order.command, command);
  if (outcome?.result === 'ACCEPTED') return { ...outcome, ...activeIn(order, command) };
  if (outcome && order.command === 'CLEAR_PROFILE' && command.detail === 'Unknown') return { ...outcome, result: 'UNKNOWN' };
  return outcome && inFewerWords(outcome);
}

export function profileOutcomeOfProblem(problem: Problem): Outcome {
  return inFewerWords(outcomeOfProblem(problem));
}

/** Of a profile there is a yes and a no (OCPI mod_charging_profiles, ChargingProfileResultType). */
function inFewerWords(outcome: Outcome): Outcome {
  return outcome.result === 'TIMEOUT' ? outcome : { ...outcome, result: 'REJECTED' };
}

/**
 * What is told of an outcome. OCPI has no word for a station whose answer nobody has: then nothing is told, and the payer waits for as long as
 * it was told to.
 */
export function sayProfileOutcome(objects: ProfileObjects, { command }: ProfileOrder, { result, active }: Outcome): Expressed<unknown> {
  const profile = active && canonical.activeProfile.write(active);
  switch (command) {
    case 'SET_PROFILE':
      return objects.setResult.write({ result });
    case 'CLEAR_PROFILE':
      return objects.clearResult.write({ result });
    case 'READ_PROFILE':
      return objects.activeResult.write({ result, ...(profile === undefined ? {} : { profile }) });
    case 'TELL_PROFILE':
      return profile === undefined ? { ok: false, reason: `what holds is not known: ${result}` } : objects.active.write(profile);
  }
}

function scheduled({ startAt, durationSeconds, unit, minimumRate, periods }: ProfileLimits) {
  return {
    chargingProfileKind: startAt === undefined ? 'Relative' : 'Absolute',
    chargingSchedule: [
      {
        ...(startAt === undefined ? {} : { startSchedule: startAt }),
        ...(durationSeconds === undefined ? {} : { duration: durationSeconds }),
        chargingRateUnit: unit,
        ...(minimumRate === undefined ? {} : { minChargingRate: minimumRate }),
        chargingSchedulePeriod: periods.map(({ startSeconds, limit }) => ({ startPeriod: startSeconds, limit })),
      },
    ],
  };
}

/** In the words of OCPP 2.1 (CompositeScheduleType). */
interface Schedule {
  scheduleStart?: string;
  duration?: number;
  chargingRateUnit: 'A' | 'W';
  chargingSchedulePeriod: readonly { startPeriod: number; limit?: number }[];
}

function activeIn(order: ProfileOrder, { calls, requestedAt }: StationCommand): { active?: ActiveLimits } {
  if (order.command !== 'READ_PROFILE' && order.command !== 'TELL_PROFILE') return {};
  const { durationSeconds, mostA } = order;
  const schedule = calls[0]?.answer?.schedule as Schedule | undefined;
  const limited = schedule?.chargingSchedulePeriod.flatMap(({ startPeriod, limit }) =>
    limit === undefined ? [] : [{ startSeconds: startPeriod, limit }],
  );
  // Without a schedule nothing limits it but the EVSE itself (OCPI mod_charging_profiles, Sender PUT).
  if (schedule === undefined || limited === undefined || limited.length === 0)
    return { active: { startAt: requestedAt, durationSeconds, unit: 'A', periods: [{ startSeconds: 0, limit: mostA }] } };
  const begun = Date.parse(schedule.scheduleStart ?? '');
  const startAt = Number.isNaN(begun) ? requestedAt : new Date(begun).toISOString();
  const { duration = durationSeconds, chargingRateUnit: unit } = schedule;
  return { active: { startAt, durationSeconds: duration, unit, periods: limited } };
}

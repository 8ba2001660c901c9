// What a station's answer to GetCompositeSchedule should have been, and where it is something else. Pure.
import type { Request, Response } from '@evenkeel/ocpp';
import { type ChargingKnowledge, circumstancesOf } from './charging-knowledge';
import { type CompositePeriod, compositeSchedule } from './composite-schedule';
import { type Difference, differences } from './schedule-comparison';

export interface CompositeCheck {
  readonly evseId: number;
  readonly expected: readonly CompositePeriod[];
  /** None where both say the same. */
  readonly differs: readonly Difference[];
}

interface AnsweredCall {
  readonly action: string;
  readonly request: object;
  readonly answer: { readonly status?: unknown };
}

/** @returns undefined for another call, for a question that was not granted, and for an EVSE that is not registered. */
export function compositeCheck(
  { action, request, answer }: AnsweredCall,
  knowledge: ChargingKnowledge,
  at: Date,
): CompositeCheck | undefined {
  if (action !== 'GetCompositeSchedule' || answer.status !== 'Accepted') return undefined;
  const asked = request as Request<'2.1', 'GetCompositeSchedule'>;
  const { schedule } = answer as Response<'2.1', 'GetCompositeSchedule'>;
  const { evseId, duration, chargingRateUnit } = asked;
  const isKnown = evseId === 0 ? knowledge.evses.length > 0 : knowledge.evses.some((each) => each.evseId === evseId);
  if (!isKnown) return undefined;
  const unit = schedule?.chargingRateUnit ?? chargingRateUnit ?? 'W';
  // A schedule is that of its own time: a station with a wrong clock begins it elsewhere.
  const start = schedule === undefined ? Number.NaN : Date.parse(schedule.scheduleStart);
  const from = Number.isNaN(start) ? at : new Date(start);
  const seconds = Math.min(duration, schedule?.duration ?? duration);
  const expected = compositeSchedule(circumstancesOf(knowledge, evseId, unit), from, seconds);
  const reported = schedule?.chargingSchedulePeriod.map(({ startPeriod, limit }) => ({
    startPeriod,
    ...(limit === undefined ? {} : { limit }),
  }));
  return { evseId, expected, differs: differences(expected, reported ?? [], evseId === 0) };
}

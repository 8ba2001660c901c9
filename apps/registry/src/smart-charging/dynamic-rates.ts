// What a station that asks for the rates of a dynamic profile is told: those of the newest update, or those that it was installed with. Pure.
import type { Request } from '@evenkeel/ocpp';
import type { Known } from '../mirror/known';
import type { Profile } from './charging-rate';

export type ScheduleUpdate = Request<'2.1', 'UpdateDynamicSchedule'>['scheduleUpdate'];

/** @returns undefined for a profile that nobody knows, or that is not dynamic (OCPP 2.1 K28). */
export function dynamicRates(known: Known, profileId: number): ScheduleUpdate | undefined {
  const key = String(profileId);
  const updated = known.get('dynamic-schedule', key)?.scheduleUpdate;
  if (updated !== undefined) return updated as ScheduleUpdate;
  const profile = known.get('charging-profile', key)?.chargingProfile as Profile | undefined;
  const period = profile?.chargingProfileKind === 'Dynamic' ? profile.chargingSchedule[0]?.chargingSchedulePeriod[0] : undefined;
  if (period === undefined) return undefined;
  const { limit, dischargeLimit, setpoint } = period;
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(dischargeLimit === undefined ? {} : { dischargeLimit }),
    ...(setpoint === undefined ? {} : { setpoint }),
  };
}

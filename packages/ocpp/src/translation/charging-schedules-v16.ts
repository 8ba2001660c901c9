// A charging schedule of OCPP 2.1 as OCPP 1.6 has it, and back. OCPP 1.6 knows limits only: no set points, no discharging, no phases that
// differ (OCPP 1.6 section 7.13).
import type { Request } from '../messages';
import { Untranslatable } from './untranslatable';

type Schedule16 = Request<'1.6', 'SetChargingProfile'>['csChargingProfiles']['chargingSchedule'];
type Schedule21 = Request<'2.1', 'SetChargingProfile'>['chargingProfile']['chargingSchedule'][number];

export function scheduleTo16(schedule: Schedule21): Schedule16 {
  const { chargingRateUnit, chargingSchedulePeriod, duration, startSchedule, minChargingRate } = schedule;
  return {
    chargingRateUnit,
    chargingSchedulePeriod: chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => {
      if (limit === undefined) throw new Untranslatable('OCPP 1.6 needs a limit in each period');
      return { startPeriod, limit, ...(numberPhases === undefined ? {} : { numberPhases }) };
    }) as Schedule16['chargingSchedulePeriod'],
    ...(duration === undefined ? {} : { duration }),
    ...(startSchedule === undefined ? {} : { startSchedule }),
    ...(minChargingRate === undefined ? {} : { minChargingRate }),
  };
}

/** @param id that the schedule is to have: OCPP 1.6 names none. */
export function scheduleFrom16(schedule: Schedule16, id: number): Schedule21 {
  return { ...schedule, id } as Schedule21;
}

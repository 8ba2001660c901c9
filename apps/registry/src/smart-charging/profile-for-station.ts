// A charging profile as a station takes it: in a unit that it supports, and with the id of the one that it replaces. Pure.
import { Problem } from '@evenkeel/contracts';
import { type ChargingKnowledge, supplyOf } from './charging-knowledge';
import { converted, type Period, type Profile, type RateUnit, type Supply, withOneDecimal } from './charging-rate';
import { isSamePlace } from './profile-place';

/** @throws Problem for an EVSE whose voltage nobody knows, where the unit has to change. */
export function inSupportedUnit(profile: Profile, evseId: number, knowledge: ChargingKnowledge): Profile {
  const [other] = knowledge.units;
  const chargingSchedule = profile.chargingSchedule.map((schedule) => {
    const { chargingRateUnit: unit, chargingSchedulePeriod, minChargingRate } = schedule;
    if (other === undefined || knowledge.units.includes(unit)) return schedule;
    const supply = supplyOf(knowledge, evseId);
    return {
      ...schedule,
      chargingRateUnit: other,
      chargingSchedulePeriod: chargingSchedulePeriod.map((period) => convertedPeriod(period, unit, other, supply)),
      ...(minChargingRate === undefined ? {} : { minChargingRate: withOneDecimal(converted(minChargingRate, unit, other, supply)) }),
    };
  });
  return { ...profile, chargingSchedule };
}

/** The id of the profile at this place, which one with the same id replaces and one with another would be refused beside. */
export function installedIdAt(evseId: number, profile: Omit<Profile, 'id'>, { installed }: ChargingKnowledge): number | undefined {
  return installed.find((each) => each.evseId === evseId && isSamePlace(each.chargingProfile, profile))?.chargingProfile.id;
}

/** @throws Problem when the transaction does not run, or nobody knows at which EVSE. */
export function evseOf(transactionId: string, { transactions }: ChargingKnowledge): number {
  const running = transactions.find((each) => each.transactionId === transactionId);
  if (running === undefined) throw new Problem('conflict', `no transaction ${transactionId} runs at the station`);
  if (running.evseId === undefined) throw new Problem('conflict', `the station has not said at which EVSE ${transactionId} runs`);
  return running.evseId;
}

function convertedPeriod(period: Period, from: RateUnit, to: RateUnit, supply: Supply): Period {
  if (period.limit_L2 !== undefined || period.limit_L3 !== undefined) {
    throw new Problem('not-supported', `limits of single phases cannot be said in ${to}`);
  }
  const used = { ...supply, phases: period.numberPhases ?? supply.phases };
  const inUnit = (rate: number) => withOneDecimal(converted(rate, from, to, used));
  return {
    ...period,
    ...(period.limit === undefined ? {} : { limit: inUnit(period.limit) }),
    // Towards zero: not more than was allowed.
    ...(period.dischargeLimit === undefined ? {} : { dischargeLimit: -inUnit(-period.dischargeLimit) }),
    ...(period.setpoint === undefined ? {} : { setpoint: Math.sign(period.setpoint) * inUnit(Math.abs(period.setpoint)) }),
  };
}

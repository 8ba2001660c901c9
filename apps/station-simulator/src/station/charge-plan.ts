// What a car does at the station, and what the meter shows meanwhile. Pure arithmetic: the same plan always gives the same readings.

export type StopReason =
  | 'Local'
  | 'Remote'
  | 'EVDisconnected'
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'SoftReset'
  | 'HardReset'
  | 'UnlockCommand'
  | 'PowerLoss'
  | EndedByLimit;

/** OCPP 2.x: the limit that ended a transaction. */
export type EndedByLimit = 'EnergyLimitReached' | 'TimeLimitReached' | 'SOCLimitReached' | 'LocalOutOfCredit';

export interface ChargePlan {
  /** OCPP 1.6 connector; in OCPP 2.0.1 the EVSE, whose only connector is 1. */
  readonly connectorId: number;
  readonly token: string;
  /** OCPP 2.0.1 IdTokenEnumType. */
  readonly tokenType?: string;
  /** Whole Wh drawn when nobody stops the session early. */
  readonly energyWh: number;
  /** How many readings are sent while charging; the last one coincides with the end of charging. */
  readonly meterValues: number;
  readonly secondsBetweenMeterValues: number;
  /** Relative power over the session, from first to last; scaled so that the energy comes out right. */
  readonly powerCurve?: readonly number[];
  /** The meter's register at the start; by default where the last session on this connector left it. */
  readonly startMeterWh?: number;
  /** Epoch milliseconds; by default now. */
  readonly startedAt?: number;
  /** How long the full car stays plugged in before the session is stopped. */
  readonly idleSeconds?: number;
  readonly stopReason?: StopReason;
  /** False skips Authorize, as a station does for a remote start. */
  readonly authorizeFirst?: boolean;
  /** OCPP 2.0.1: the id of the RequestStartTransaction that began this. */
  readonly remoteStartId?: number;
  /** The car's state of charge at the start, in percent, and its battery. */
  readonly startSoC?: number;
  readonly batteryWh?: number;
}

export interface ChargeRecord {
  readonly connectorId: number;
  readonly token: string;
  readonly transactionId: string;
  readonly meterStartWh: number;
  readonly meterStopWh: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly stoppedAt: string;
  readonly stopReason: StopReason;
}

export interface MeterReading {
  readonly atMilliseconds: number;
  readonly registerWh: number;
  /** Average since the previous reading. */
  readonly powerW: number;
}

/** Full power, then the taper of a battery that fills up. */
const DEFAULT_CURVE = [1, 1, 1, 0.8, 0.5];

/** The readings of the charging part. The register grows in whole Wh and ends at exactly `registerWh + energyWh`. */
export function meterReadings(plan: ChargePlan, startedAtMilliseconds: number, registerWh: number): MeterReading[] {
  const curve = plan.powerCurve ?? DEFAULT_CURVE;
  const weights = Array.from({ length: plan.meterValues }, (_, index) => curveAt(curve, (index + 0.5) / plan.meterValues));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const hours = plan.secondsBetweenMeterValues / 3600;
  let weightSoFar = 0;
  let previousWh = 0;
  return weights.map((weight, index) => {
    weightSoFar += weight;
    const drawnWh = index === plan.meterValues - 1 ? plan.energyWh : Math.round((plan.energyWh * weightSoFar) / total);
    const powerW = Math.round((drawnWh - previousWh) / hours);
    previousWh = drawnWh;
    return {
      atMilliseconds: startedAtMilliseconds + (index + 1) * plan.secondsBetweenMeterValues * 1000,
      registerWh: registerWh + drawnWh,
      powerW,
    };
  });
}

/** Nearest point of the curve at a fraction of the session. */
function curveAt(curve: readonly number[], fraction: number): number {
  return curve[Math.min(Math.floor(fraction * curve.length), curve.length - 1)] ?? 1;
}

// A charging profile as an operator orders it, in the words of OCPP 2.1 whatever version the station speaks (OCPP 2.1 ChargingProfileType).
// What only ISO 15118 price schedules need is left out.
import { type Static, Type } from '@sinclair/typebox';
import { Instant } from './values';

export const RateUnit = Type.Union([Type.Literal('W'), Type.Literal('A')]);
export type RateUnit = Static<typeof RateUnit>;

const ChargingPeriod = Type.Object(
  {
    startPeriod: Type.Integer({ minimum: 0, description: 'Seconds from the start of the schedule; 0 for the first period' }),
    limit: Type.Optional(Type.Number({ minimum: 0, description: 'One decimal at most' })),
    dischargeLimit: Type.Optional(Type.Number({ maximum: 0 })),
    setpoint: Type.Optional(Type.Number()),
    numberPhases: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
    phaseToUse: Type.Optional(Type.Integer({ minimum: 1, maximum: 3 })),
    operationMode: Type.Optional(
      Type.Union([
        Type.Literal('Idle'),
        Type.Literal('ChargingOnly'),
        Type.Literal('CentralSetpoint'),
        Type.Literal('ExternalSetpoint'),
        Type.Literal('ExternalLimits'),
        Type.Literal('CentralFrequency'),
        Type.Literal('LocalFrequency'),
        Type.Literal('LocalLoadBalancing'),
      ]),
    ),
  },
  { additionalProperties: false },
);

const ChargingSchedule = Type.Object(
  {
    startSchedule: Type.Optional(Instant),
    duration: Type.Optional(Type.Integer({ minimum: 1, description: 'Seconds; without end where absent' })),
    chargingRateUnit: RateUnit,
    minChargingRate: Type.Optional(Type.Number({ minimum: 0 })),
    chargingSchedulePeriod: Type.Array(ChargingPeriod, { minItems: 1, maxItems: 1024 }),
  },
  { additionalProperties: false },
);

export const ChargingProfileOrder = Type.Object(
  {
    id: Type.Optional(Type.Integer({ minimum: 1, description: 'Where absent, the one that is at the same place, or a new one' })),
    stackLevel: Type.Integer({ minimum: 0 }),
    chargingProfilePurpose: Type.Union([
      Type.Literal('ChargingStationMaxProfile'),
      Type.Literal('TxDefaultProfile'),
      Type.Literal('TxProfile'),
      Type.Literal('PriorityCharging'),
      Type.Literal('LocalGeneration'),
    ]),
    chargingProfileKind: Type.Union([
      Type.Literal('Absolute'),
      Type.Literal('Recurring'),
      Type.Literal('Relative'),
      Type.Literal('Dynamic'),
    ]),
    recurrencyKind: Type.Optional(Type.Union([Type.Literal('Daily'), Type.Literal('Weekly')])),
    validFrom: Type.Optional(Instant),
    validTo: Type.Optional(Instant),
    transactionId: Type.Optional(Type.String({ minLength: 1, maxLength: 36 })),
    dynUpdateInterval: Type.Optional(Type.Integer({ minimum: 0, description: 'Seconds between questions of the station for new rates' })),
    maxOfflineDuration: Type.Optional(Type.Integer({ minimum: 0 })),
    chargingSchedule: Type.Array(ChargingSchedule, { minItems: 1, maxItems: 3 }),
  },
  { additionalProperties: false },
);
export type ChargingProfileOrder = Static<typeof ChargingProfileOrder>;

/** New rates of a dynamic profile (OCPP 2.1 ChargingScheduleUpdateType). */
export const ScheduleUpdate = Type.Object(
  {
    limit: Type.Optional(Type.Number({ minimum: 0 })),
    dischargeLimit: Type.Optional(Type.Number({ maximum: 0 })),
    setpoint: Type.Optional(Type.Number()),
  },
  { additionalProperties: false, minProperties: 1 },
);

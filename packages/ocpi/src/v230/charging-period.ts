// ChargingPeriod (OCPI 2.3.0 mod_cdrs): dimensions in kWh and hours. Volumes are rounded on the running total, so that the periods of a
// session always add up to its own rounded totals.
import type { ChargingPeriod } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf, writeDateTime } from '../date-time';
import { decimalTextOf, hoursOf, kilowattHours, secondsOf, trimmed, wattHoursOf, wireNumber } from '../number';
import { ciString, dateTime, openEnum } from '../wire-schema';

const dimensionTypes = [
  ...['CURRENT', 'ENERGY', 'ENERGY_EXPORT', 'ENERGY_IMPORT', 'MAX_CURRENT', 'MIN_CURRENT', 'MAX_POWER', 'MIN_POWER'],
  ...['PARKING_TIME', 'POWER', 'RESERVATION_TIME', 'STATE_OF_CHARGE', 'TIME'],
];

export const WirePeriod = Type.Object({
  start_date_time: dateTime,
  dimensions: Type.Array(Type.Object({ type: openEnum(...dimensionTypes), volume: Type.Number() })),
  tariff_id: Type.Optional(ciString(36)),
});
export type WirePeriod = Static<typeof WirePeriod>;
type Dimension = WirePeriod['dimensions'][number];
type Kind = ChargingPeriod['kind'];

const timeDimension = { charging: 'TIME', parking: 'PARKING_TIME', reservation: 'RESERVATION_TIME' } as const;
/** In which order the kinds of one period are priced. */
const kinds: readonly Kind[] = ['reservation', 'parking', 'charging'];
const WATTS_PER_KILOWATT_DIGITS = 3;

/** @param endedAt the end of the session, or how far it has got. */
export function toPeriods(periods: readonly ChargingPeriod[], endedAt: string, tariffId: string): WirePeriod[] {
  const firstMs = Date.parse(periods[0]?.startedAt ?? endedAt);
  let energy = Decimal.ZERO;
  return periods.map((period, index) => {
    const startMs = Date.parse(period.startedAt);
    const endMs = Math.max(startMs, Date.parse(periods[index + 1]?.startedAt ?? endedAt));
    const energyBefore = energy;
    energy = energy.add(Decimal.parse(period.energyWh));
    const hours = hoursOf(endMs - firstMs).subtract(hoursOf(startMs - firstMs));
    return {
      start_date_time: writeDateTime(period.startedAt),
      dimensions: [
        { type: 'ENERGY', volume: wireNumber(kilowattHours(energy).subtract(kilowattHours(energyBefore))) },
        // Time that costs nothing is told by the timestamps alone: a partner that prices the periods must not bill it.
        ...(period.billable === false ? [] : [{ type: timeDimension[period.kind], volume: wireNumber(hours) }]),
        ...extremesOf(period),
      ],
      tariff_id: period.tariffId ?? tariffId,
    };
  });
}

/**
 * A partner may put energy, charging and parking of a stretch into one period; it becomes one period a kind. All of them begin where it began,
 * because a price is the one at the start of a period (OCPI mod_cdrs), and the energy comes last, because it is none of an earlier period.
 */
export function fromPeriods(wires: readonly WirePeriod[]): ChargingPeriod[] {
  const inOrder = [...wires].sort((a, b) => Date.parse(instantOf(a.start_date_time)) - Date.parse(instantOf(b.start_date_time)));
  return inOrder.flatMap(fromPeriod);
}

function fromPeriod({ start_date_time, dimensions, tariff_id: tariffId }: WirePeriod): ChargingPeriod[] {
  const volumeOf = (type: string) => dimensions.find((dimension) => dimension.type === type)?.volume;
  const energyWh = wattHoursOf(volumeOf('ENERGY') ?? volumeOf('ENERGY_IMPORT') ?? 0);
  const found = kindsIn(volumeOf, energyWh);
  const energyKind = found.find(({ kind }) => kind === 'charging') ?? found[0];
  return found.map((part) => ({
    startedAt: instantOf(start_date_time),
    kind: part.kind,
    ...(tariffId === undefined ? {} : { tariffId }),
    reportedSeconds: part.seconds,
    energyWh: part === energyKind ? energyWh : '0',
    ...extremesFrom(volumeOf),
    evidence: [],
  }));
}

function kindsIn(volumeOf: (type: string) => number | undefined, energyWh: string): { kind: Kind; seconds: number }[] {
  const named = kinds.flatMap((kind) => {
    const hours = volumeOf(timeDimension[kind]);
    return hours === undefined ? [] : [{ kind, seconds: secondsOf(hours) }];
  });
  const lasting = named.filter(({ seconds }) => seconds > 0);
  if (lasting.length > 0) return lasting;
  // No time is given: where energy flowed the vehicle was charging.
  const kind = energyWh === '0' ? (named[0]?.kind ?? 'charging') : 'charging';
  return [{ kind, seconds: 0 }];
}

function extremesOf({ minPowerW, maxPowerW, minCurrentA, maxCurrentA }: ChargingPeriod): Dimension[] {
  const amount = (type: string, text: string | undefined, digits: number): Dimension[] => {
    if (text === undefined) return [];
    const { value, scale } = Decimal.parse(text);
    return [{ type, volume: wireNumber(Decimal.of(value, scale + digits)) }];
  };
  return [
    ...amount('MIN_POWER', minPowerW, WATTS_PER_KILOWATT_DIGITS),
    ...amount('MAX_POWER', maxPowerW, WATTS_PER_KILOWATT_DIGITS),
    ...amount('MIN_CURRENT', minCurrentA, 0),
    ...amount('MAX_CURRENT', maxCurrentA, 0),
  ];
}

function extremesFrom(volumeOf: (type: string) => number | undefined) {
  const watts = (type: string) => {
    const kilowatts = volumeOf(type);
    return kilowatts === undefined ? undefined : trimmed(Decimal.fromJsonNumber(kilowatts).multiply(Decimal.of(1000n)));
  };
  const amperes = (type: string) => {
    const current = volumeOf(type);
    return current === undefined ? undefined : decimalTextOf(current);
  };
  const [minPowerW, maxPowerW] = [watts('MIN_POWER'), watts('MAX_POWER')];
  const [minCurrentA, maxCurrentA] = [amperes('MIN_CURRENT'), amperes('MAX_CURRENT')];
  return {
    ...(minPowerW === undefined ? {} : { minPowerW }),
    ...(maxPowerW === undefined ? {} : { maxPowerW }),
    ...(minCurrentA === undefined ? {} : { minCurrentA }),
    ...(maxCurrentA === undefined ? {} : { maxCurrentA }),
  };
}

// What pricing needs of a session or a CDR of any version: the periods, the tariffs and what was claimed; nothing of whom and where. So a CDR
// can be checked of which the rest is not as it should be.
import type { ChargingPeriod, Tariff } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { instantOf } from './date-time';
import { decimalTextOf, secondsOf, wattHoursOf } from './number';
import { ocpiVersions } from './ocpi-versions';
import { fromPeriods, WirePeriod } from './v230/charging-period';
import { fromTariff } from './v230/tariff';
import { understood, type VersionNumber } from './version';
import { dateTime, type Read, readWire } from './wire-schema';

export interface PricedStretch {
  readonly startedAt: string;
  readonly endedAt: string;
  readonly periods: readonly ChargingPeriod[];
  readonly reservationExpired?: boolean;
}

/** Amounts as decimal text; a side that nobody named is absent. */
export interface ClaimedCost {
  readonly beforeTaxes?: string;
  readonly afterTaxes?: string;
}

/** The costs that a CDR may name, by their names of 2.2.1. */
export const claimedCosts = [
  'total_cost',
  'total_fixed_cost',
  'total_energy_cost',
  'total_time_cost',
  'total_parking_cost',
  'total_reservation_cost',
] as const;
export type ClaimedCostName = (typeof claimedCosts)[number];

export interface CdrToCheck extends PricedStretch {
  readonly currency: string;
  readonly tariffs: readonly Tariff[];
  readonly costs: { readonly [name in ClaimedCostName]?: ClaimedCost };
  readonly energyWh: string;
  readonly seconds: number;
  readonly parkingSeconds?: number;
  readonly credit: boolean;
}

const WireSession = Type.Object({
  start_date_time: dateTime,
  end_date_time: dateTime,
  charging_periods: Type.Array(WirePeriod, { minItems: 1 }),
  reservation_expired: Type.Optional(Type.Boolean()),
});

/** Of a tariff of 2.1.1, which names none. */
const nobody = 'XX-XXX';

export function readTariff(version: VersionNumber, received: unknown): Read<Tariff> {
  return understood(ocpiVersions[version].tariff.read(received, { owner: nobody }), fromTariff);
}

/** The periods of a session whose end is known. */
export function readStretch(received: unknown): Read<PricedStretch> {
  return understood(readWire(WireSession, received), stretchOf);
}

/** @returns the reason, with the path in the CDR, where it cannot be read: also of one of its tariffs. */
export function readCdrToCheck(version: VersionNumber, received: unknown): Read<CdrToCheck> {
  const read = readWire(version === '2.1.1' ? WireCdr211 : version === '2.2.1' ? WireCdr221 : WireCdr230, received);
  if (!read.ok) return read;
  const { value: wire } = read;
  const tariffs: Tariff[] = [];
  for (const [index, each] of (wire.tariffs ?? []).entries()) {
    const tariff = readTariff(version, each);
    if (!tariff.ok) return { ok: false, reason: `/tariffs/${index}${tariff.reason.startsWith('/') ? '' : ' '}${tariff.reason}` };
    tariffs.push(tariff.value);
  }
  return understood(read, () => {
    const endedAt = 'stop_date_time' in wire ? wire.stop_date_time : wire.end_date_time;
    const costs = claimedCosts.flatMap((name) => {
      const claimed = (wire as { [name: string]: unknown })[name];
      return claimed === undefined ? [] : [[name, claimedCost(claimed as WireCost)] as const];
    });
    return {
      ...stretchOf({ start_date_time: wire.start_date_time, end_date_time: endedAt, charging_periods: wire.charging_periods }),
      currency: wire.currency,
      tariffs,
      costs: Object.fromEntries(costs),
      energyWh: wattHoursOf(wire.total_energy),
      seconds: secondsOf(wire.total_time),
      ...(wire.total_parking_time === undefined ? {} : { parkingSeconds: secondsOf(wire.total_parking_time) }),
      credit: wire.credit ?? false,
    };
  });
}

/** The version that a CDR or a tariff is written in, by the fields that only one of them has. */
export function pricingVersionOf(received: unknown): VersionNumber {
  const object = received !== null && typeof received === 'object' ? (received as Record<string, unknown>) : {};
  if ('stop_date_time' in object || typeof object.total_cost === 'number') return '2.1.1';
  if (
    'tax_included' in object ||
    (object.total_cost !== null && typeof object.total_cost === 'object' && 'before_taxes' in object.total_cost)
  )
    return '2.3.0';
  return 'elements' in object && !('country_code' in object) ? '2.1.1' : '2.2.1';
}

const amounts = {
  '2.1.1': Type.Number(),
  '2.2.1': Type.Object({ excl_vat: Type.Number(), incl_vat: Type.Optional(Type.Number()) }),
  '2.3.0': Type.Object({
    before_taxes: Type.Number(),
    taxes: Type.Optional(Type.Array(Type.Object({ amount: Type.Number() }))),
  }),
};
type WireCost = Static<(typeof amounts)[VersionNumber]>;

const cdrFields = <Cost extends TSchema>(cost: Cost) => ({
  start_date_time: dateTime,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  tariffs: Type.Optional(Type.Array(Type.Unknown())),
  charging_periods: Type.Array(WirePeriod, { minItems: 1 }),
  total_cost: cost,
  total_fixed_cost: Type.Optional(cost),
  total_energy_cost: Type.Optional(cost),
  total_time_cost: Type.Optional(cost),
  total_parking_cost: Type.Optional(cost),
  total_reservation_cost: Type.Optional(cost),
  total_energy: Type.Number(),
  total_time: Type.Number(),
  total_parking_time: Type.Optional(Type.Number()),
  credit: Type.Optional(Type.Boolean()),
});
const WireCdr211 = Type.Object({ ...cdrFields(amounts['2.1.1']), stop_date_time: dateTime });
const WireCdr221 = Type.Object({ ...cdrFields(amounts['2.2.1']), end_date_time: dateTime });
const WireCdr230 = Type.Object({ ...cdrFields(amounts['2.3.0']), end_date_time: dateTime });

function stretchOf(wire: Static<typeof WireSession>): PricedStretch {
  return {
    startedAt: instantOf(wire.start_date_time),
    endedAt: instantOf(wire.end_date_time),
    periods: fromPeriods(wire.charging_periods),
    ...(wire.reservation_expired === undefined ? {} : { reservationExpired: wire.reservation_expired }),
  };
}

/** Absent taxes are not known; an empty list says that there are none (OCPI 2.3.0 types, Price). */
function claimedCost(cost: WireCost): ClaimedCost {
  if (typeof cost === 'number') return { beforeTaxes: decimalTextOf(cost) };
  if ('excl_vat' in cost) {
    return {
      beforeTaxes: decimalTextOf(cost.excl_vat),
      ...(cost.incl_vat === undefined ? {} : { afterTaxes: decimalTextOf(cost.incl_vat) }),
    };
  }
  const before = Decimal.fromJsonNumber(cost.before_taxes);
  const after = cost.taxes?.reduce((sum, { amount }) => sum.add(Decimal.fromJsonNumber(amount)), before);
  return { beforeTaxes: before.toString(), ...(after === undefined ? {} : { afterTaxes: after.toString() }) };
}

// Tariff (OCPI 2.3.0 mod_tariffs). It says whether its prices include the taxes, and its limits have a side for each.
import type { Tariff } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf, writeDateTime } from '../date-time';
import { decimalTextOf, wireNumber } from '../number';
import { ciString, dateTime, type Expressed, expressed, openEnum, owner, strictOf, text } from '../wire-schema';

const dimensions = ['ENERGY', 'FLAT', 'PARKING_TIME', 'TIME'] as const;
const tariffTypes = ['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR'] as const;
const weekDays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const reservations = ['RESERVATION', 'RESERVATION_EXPIRES'] as const;
const taxInclusions = ['YES', 'NO', 'N/A'] as const;

const number = Type.Optional(Type.Number());
export const WirePriceComponent = Type.Object({
  type: openEnum(...dimensions),
  price: Type.Number(),
  vat: number,
  step_size: Type.Integer({ minimum: 0 }),
});
export const WireRestrictions = Type.Object({
  start_time: Type.Optional(Type.String({ pattern: '^([0-1][0-9]|2[0-3]):[0-5][0-9]$' })),
  end_time: Type.Optional(Type.String({ pattern: '^([0-1][0-9]|2[0-3]):[0-5][0-9]$' })),
  start_date: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })),
  end_date: Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' })),
  min_kwh: number,
  max_kwh: number,
  min_current: number,
  max_current: number,
  min_power: number,
  max_power: number,
  min_duration: Type.Optional(Type.Integer({ minimum: 0 })),
  max_duration: Type.Optional(Type.Integer({ minimum: 0 })),
  day_of_week: Type.Optional(Type.Array(openEnum(...weekDays))),
  reservation: Type.Optional(openEnum(...reservations)),
  booking: Type.Optional(ciString(64)),
});
const WirePriceLimit = Type.Object({ before_taxes: Type.Number(), after_taxes: number });
export const WireElement = Type.Object({
  price_components: Type.Array(WirePriceComponent, { minItems: 1 }),
  restrictions: Type.Optional(WireRestrictions),
});
export const WireTariff = Type.Object({
  ...owner,
  id: ciString(36),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  type: Type.Optional(openEnum(...tariffTypes)),
  tariff_alt_text: Type.Optional(Type.Array(Type.Object({ language: text(2), text: text(512) }))),
  min_price: Type.Optional(WirePriceLimit),
  max_price: Type.Optional(WirePriceLimit),
  elements: Type.Array(WireElement, { minItems: 1 }),
  // Required, and yet missing in tariffs that were copied from 2.2.1, where all prices are without taxes.
  tax_included: Type.Optional(openEnum(...taxInclusions)),
  start_date_time: Type.Optional(dateTime),
  end_date_time: Type.Optional(dateTime),
  last_updated: dateTime,
});
export type WireTariff = Static<typeof WireTariff>;
const StrictTariff = strictOf(WireTariff);

type Element = Tariff['elements'][number];
type WireElement = Static<typeof WireElement>;

export function toTariff(tariff: Tariff): Expressed<WireTariff> {
  const { minPrice, maxPrice } = tariff;
  const wire: WireTariff = {
    country_code: tariff.countryCode,
    party_id: tariff.partyId,
    id: tariff.id,
    currency: tariff.currency,
    ...(tariff.type === undefined ? {} : { type: tariff.type }),
    ...(tariff.altText === undefined ? {} : { tariff_alt_text: [{ language: 'en', text: tariff.altText }] }),
    ...(minPrice === undefined ? {} : { min_price: toLimit(minPrice) }),
    ...(maxPrice === undefined ? {} : { max_price: toLimit(maxPrice) }),
    elements: tariff.elements.map(toElement),
    tax_included: tariff.taxIncluded,
    ...(tariff.startsAt === undefined ? {} : { start_date_time: writeDateTime(tariff.startsAt) }),
    ...(tariff.endsAt === undefined ? {} : { end_date_time: writeDateTime(tariff.endsAt) }),
    last_updated: writeDateTime(tariff.lastUpdated),
  };
  return expressed(StrictTariff, wire, []);
}

/** @throws RangeError for a value that decides the price and that we do not know: it cannot be priced. */
export function fromTariff(wire: WireTariff): Tariff {
  return {
    countryCode: wire.country_code.toUpperCase(),
    partyId: wire.party_id.toUpperCase(),
    id: wire.id,
    currency: wire.currency,
    ...(wire.type === undefined ? {} : { type: tariffTypes.find((type) => type === wire.type) ?? 'REGULAR' }),
    ...(wire.min_price === undefined ? {} : { minPrice: fromLimit(wire.min_price) }),
    ...(wire.max_price === undefined ? {} : { maxPrice: fromLimit(wire.max_price) }),
    elements: wire.elements.map(fromElement),
    taxIncluded: known(taxInclusions, wire.tax_included ?? 'NO', 'tax_included'),
    ...altTextOf(wire),
    ...(wire.start_date_time === undefined ? {} : { startsAt: instantOf(wire.start_date_time) }),
    ...(wire.end_date_time === undefined ? {} : { endsAt: instantOf(wire.end_date_time) }),
    lastUpdated: instantOf(wire.last_updated),
  };
}

function toElement({ priceComponents, restrictions }: Element): WireElement {
  return {
    price_components: priceComponents.map(({ type, price, vat, stepSize }) => ({
      type,
      price: wireNumber(Decimal.parse(price)),
      ...(vat === undefined ? {} : { vat: wireNumber(Decimal.parse(vat)) }),
      step_size: stepSize,
    })),
    ...(restrictions === undefined ? {} : { restrictions: toRestrictions(restrictions) }),
  };
}

function toRestrictions(restrictions: NonNullable<Element['restrictions']>): NonNullable<WireElement['restrictions']> {
  const { startTime, endTime, startDate, endDate, minDurationSeconds, maxDurationSeconds, dayOfWeek, reservation, booking } = restrictions;
  return present({
    start_time: startTime,
    end_time: endTime,
    start_date: startDate,
    end_date: endDate,
    min_kwh: numberIn(restrictions.minKwh),
    max_kwh: numberIn(restrictions.maxKwh),
    min_current: numberIn(restrictions.minCurrentA),
    max_current: numberIn(restrictions.maxCurrentA),
    min_power: numberIn(restrictions.minPowerKw),
    max_power: numberIn(restrictions.maxPowerKw),
    min_duration: minDurationSeconds,
    max_duration: maxDurationSeconds,
    day_of_week: dayOfWeek,
    reservation,
    booking,
  });
}

function fromElement({ price_components, restrictions }: WireElement): Element {
  return {
    priceComponents: price_components.map(({ type, price, vat, step_size }) => ({
      type: known(dimensions, type, 'price component'),
      price: decimalTextOf(price),
      ...(vat === undefined ? {} : { vat: decimalTextOf(vat) }),
      stepSize: step_size,
    })),
    ...(restrictions === undefined ? {} : { restrictions: fromRestrictions(restrictions) }),
  };
}

function fromRestrictions(wire: NonNullable<WireElement['restrictions']>): NonNullable<Element['restrictions']> {
  return present({
    startTime: wire.start_time,
    endTime: wire.end_time,
    startDate: wire.start_date,
    endDate: wire.end_date,
    minKwh: textIn(wire.min_kwh),
    maxKwh: textIn(wire.max_kwh),
    minCurrentA: textIn(wire.min_current),
    maxCurrentA: textIn(wire.max_current),
    minPowerKw: textIn(wire.min_power),
    maxPowerKw: textIn(wire.max_power),
    minDurationSeconds: wire.min_duration,
    maxDurationSeconds: wire.max_duration,
    dayOfWeek: wire.day_of_week?.map((day) => known(weekDays, day, 'day of the week')),
    reservation: wire.reservation === undefined ? undefined : known(reservations, wire.reservation, 'reservation restriction'),
    // A price for bookings must not be taken for one that always holds.
    booking: wire.booking,
  });
}

type Limit = NonNullable<Tariff['minPrice']>;

function toLimit({ beforeTaxes, afterTaxes }: Limit): Static<typeof WirePriceLimit> {
  const before = wireNumber(Decimal.parse(beforeTaxes));
  return { before_taxes: before, ...(afterTaxes === undefined ? {} : { after_taxes: wireNumber(Decimal.parse(afterTaxes)) }) };
}

function fromLimit({ before_taxes: before, after_taxes: after }: Static<typeof WirePriceLimit>): Limit {
  return { beforeTaxes: decimalTextOf(before), ...(after === undefined ? {} : { afterTaxes: decimalTextOf(after) }) };
}

function altTextOf({ tariff_alt_text: texts = [] }: Pick<WireTariff, 'tariff_alt_text'>): { altText?: string } {
  const chosen = texts.find(({ language }) => language.toLowerCase() === 'en') ?? texts[0];
  return chosen === undefined ? {} : { altText: chosen.text.slice(0, 512) };
}

function known<const V extends string>(values: readonly V[], value: string, what: string): V {
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) throw new RangeError(`${value} is no ${what} that we know`);
  return found;
}

function numberIn(text: string | undefined): number | undefined {
  return text === undefined ? undefined : wireNumber(Decimal.parse(text));
}

function textIn(number: number | undefined): string | undefined {
  return number === undefined ? undefined : decimalTextOf(number);
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what is undefined. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}

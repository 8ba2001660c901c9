// Tariff (OCPI 2.2.1 mod_tariffs). Its prices are without VAT. What this version cannot express is not published: a silently wrong tariff
// is worse than none.
import type { Tariff } from '@evenkeel/contracts';
import { Decimal, Rational } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf, writeDateTime } from '../date-time';
import { decimalTextOf, wireNumber } from '../number';
import { ciString, dateTime, type Expressed, expressed, openEnum, owner, strictOf, text } from '../wire-schema';
import { fromPrice, toPrice, WirePrice } from './price';

const dimensions = ['ENERGY', 'FLAT', 'PARKING_TIME', 'TIME'] as const;
const tariffTypes = ['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR'] as const;
const weekDays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
const reservations = ['RESERVATION', 'RESERVATION_EXPIRES'] as const;

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
});
/** What later versions have left as it is. */
export const tariffFields = {
  ...owner,
  id: ciString(36),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  type: Type.Optional(openEnum(...tariffTypes)),
  tariff_alt_text: Type.Optional(Type.Array(Type.Object({ language: text(2), text: text(512) }))),
  elements: Type.Array(
    Type.Object({ price_components: Type.Array(WirePriceComponent, { minItems: 1 }), restrictions: Type.Optional(WireRestrictions) }),
    { minItems: 1 },
  ),
  start_date_time: Type.Optional(dateTime),
  end_date_time: Type.Optional(dateTime),
  last_updated: dateTime,
};
export const WireTariff = Type.Object({
  ...tariffFields,
  min_price: Type.Optional(WirePrice),
  max_price: Type.Optional(WirePrice),
});
export type WireTariff = Static<typeof WireTariff>;
const StrictTariff = strictOf(WireTariff);

type Element = Tariff['elements'][number];
type WireElement = WireTariff['elements'][number];

export function toTariff(tariff: Tariff): Expressed<WireTariff> {
  const losses: string[] = [];
  const inexpressible = reasonNotToPublish(tariff);
  if (inexpressible !== undefined) return { ok: false, reason: inexpressible };
  const wire: WireTariff = {
    country_code: tariff.countryCode,
    party_id: tariff.partyId,
    id: tariff.id,
    currency: tariff.currency,
    ...(tariff.type === undefined ? {} : { type: tariff.type }),
    ...(tariff.altText === undefined ? {} : { tariff_alt_text: [{ language: 'en', text: tariff.altText }] }),
    ...(tariff.minPrice === undefined ? {} : { min_price: toPrice(tariff.minPrice) }),
    ...(tariff.maxPrice === undefined ? {} : { max_price: toPrice(tariff.maxPrice) }),
    elements: tariff.elements.map((element) => toElement(element, tariff.taxIncluded === 'YES', losses)),
    ...(tariff.startsAt === undefined ? {} : { start_date_time: writeDateTime(tariff.startsAt) }),
    ...(tariff.endsAt === undefined ? {} : { end_date_time: writeDateTime(tariff.endsAt) }),
    last_updated: writeDateTime(tariff.lastUpdated),
  };
  return expressed(StrictTariff, wire, losses);
}

/**
 * The tariff as ours. Taxes it does not name are taken as unknown, not as absent: outside the EU this version has no place for them.
 * @throws RangeError for a value that decides the price and that we do not know: it cannot be priced.
 */
export function fromTariff({ min_price: least, max_price: most, ...wire }: WireTariff): Tariff {
  return {
    ...fromTariffFields(wire),
    ...(least === undefined ? {} : { minPrice: fromLimit(least) }),
    ...(most === undefined ? {} : { maxPrice: fromLimit(most) }),
    taxIncluded: 'NO',
  };
}

/** What all versions say alike; limits and taxes are theirs. */
export function fromTariffFields(wire: Omit<WireTariff, 'min_price' | 'max_price'>): Omit<Tariff, 'minPrice' | 'maxPrice' | 'taxIncluded'> {
  return {
    countryCode: wire.country_code.toUpperCase(),
    partyId: wire.party_id.toUpperCase(),
    id: wire.id,
    currency: wire.currency,
    ...(wire.type === undefined ? {} : { type: tariffTypes.find((type) => type === wire.type) ?? 'REGULAR' }),
    elements: wire.elements.map(fromElement),
    ...altTextOf(wire),
    ...(wire.start_date_time === undefined ? {} : { startsAt: instantOf(wire.start_date_time) }),
    ...(wire.end_date_time === undefined ? {} : { endsAt: instantOf(wire.end_date_time) }),
    lastUpdated: instantOf(wire.last_updated),
  };
}

function reasonNotToPublish({ elements, taxIncluded, minPrice, maxPrice }: Tariff): string | undefined {
  if (elements.some((element) => element.restrictions?.booking !== undefined)) return 'a price for bookings has no place in OCPI 2.2.1';
  const withoutRate = elements.some((element) => element.priceComponents.some((component) => component.vat === undefined));
  if (taxIncluded === 'YES' && withoutRate) return 'prices include taxes whose rate is not given; OCPI 2.2.1 wants them without';
  if (taxIncluded === 'YES' && (minPrice ?? maxPrice) !== undefined) return 'price limits that include taxes cannot be taken apart';
  return undefined;
}

function toElement({ priceComponents, restrictions }: Element, taxIncluded: boolean, losses: string[]): WireElement {
  return {
    price_components: priceComponents.map(({ type, price, vat, stepSize }) => {
      const exact = Rational.fromDecimal(Decimal.parse(price));
      const withoutTax = taxIncluded && vat !== undefined ? exact.divide(vatFactor(vat)) : exact;
      const written = withoutTax.toDecimal(4, 'half-away-from-zero');
      if (!Rational.fromDecimal(written).equals(withoutTax)) losses.push(`the ${type} price ${price} is rounded to ${written}`);
      return {
        type,
        price: wireNumber(written),
        ...(vat === undefined ? {} : { vat: wireNumber(Decimal.parse(vat)) }),
        step_size: stepSize,
      };
    }),
    ...(restrictions === undefined ? {} : { restrictions: toRestrictions(restrictions) }),
  };
}

function vatFactor(vat: string): Rational {
  return Rational.fromDecimal(Decimal.parse(vat)).divide(Rational.of(100n)).add(Rational.of(1n));
}

function toRestrictions(restrictions: NonNullable<Element['restrictions']>): NonNullable<WireElement['restrictions']> {
  const { startTime, endTime, startDate, endDate, minDurationSeconds, maxDurationSeconds, dayOfWeek, reservation } = restrictions;
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
  });
}

function fromLimit(limit: WirePrice): NonNullable<Tariff['minPrice']> {
  const { beforeTaxes, afterTaxes } = fromPrice(limit);
  return { beforeTaxes, ...(afterTaxes === undefined ? {} : { afterTaxes }) };
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

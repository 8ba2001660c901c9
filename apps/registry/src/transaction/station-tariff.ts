// A tariff of ours in the words of OCPP 2.1 (TariffType), for stations that calculate by themselves. Either the whole tariff says the same there
// or none of it is sent: a station that knows half of the prices would show a wrong cost. Pure.
import type { Tariff } from '@evenkeel/contracts';
import { Decimal, Rational } from '@evenkeel/money';
import type { Response } from '@evenkeel/ocpp';

export type StationTariff = NonNullable<Response<'2.1', 'Authorize'>['tariff']>;
export type Translated = { readonly tariff: StationTariff } | { readonly untranslatable: string };

type Element = Tariff['elements'][number];
type Component = Element['priceComponents'][number];
type Restrictions = NonNullable<Element['restrictions']>;
type Conditions = NonNullable<NonNullable<StationTariff['energy']>['prices'][number]['conditions']>;
interface Priced {
  readonly component: Component;
  readonly restrictions: Restrictions;
}

export function stationTariff(tariff: Tariff): Translated {
  const reason = tariff.elements.map(({ restrictions, priceComponents }) => untold(restrictions, priceComponents)).find(Boolean);
  if (reason) return { untranslatable: reason };
  const prices = (type: Component['type'], reservation: boolean) => pricesOf(tariff, type, reservation);
  const parts = [
    ['energy', perUnit(tariff, prices('ENERGY', false), 'priceKwh', ONE)],
    ['chargingTime', perUnit(tariff, prices('TIME', false), 'priceMinute', MINUTES_AN_HOUR)],
    ['idleTime', perUnit(tariff, prices('PARKING_TIME', false), 'priceMinute', MINUTES_AN_HOUR)],
    ['fixedFee', perUnit(tariff, prices('FLAT', false), 'priceFixed', ONE)],
    ['reservationTime', perUnit(tariff, prices('TIME', true), 'priceMinute', MINUTES_AN_HOUR)],
    ['reservationFixed', perUnit(tariff, prices('FLAT', true), 'priceFixed', ONE)],
  ] as const;
  const [wrong] = parts.flatMap(([, part]) => (typeof part === 'string' ? [part] : []));
  if (wrong !== undefined) return { untranslatable: wrong };
  const { altText } = tariff;
  return {
    tariff: {
      tariffId: stationTariffId(tariff),
      currency: tariff.currency,
      ...(altText ? { description: [{ format: 'UTF8', language: 'en', content: altText }] } : {}),
      ...Object.fromEntries(parts.filter(([, part]) => part !== undefined)),
      ...(tariff.minPrice ? { minCost: limit(tariff.minPrice) } : {}),
      ...(tariff.maxPrice ? { maxCost: limit(tariff.maxPrice) } : {}),
    },
  };
}

/** A changed tariff is another one: a station keeps what it has under the old id. */
export function stationTariffId({ id, lastUpdated }: Tariff): string {
  return `${id}/${Date.parse(lastUpdated).toString(36)}`;
}

export function hasConditions({ energy, chargingTime, idleTime, fixedFee }: StationTariff): boolean {
  return [energy, chargingTime, idleTime, fixedFee].some((part) => part?.prices.some(({ conditions }) => conditions !== undefined));
}

const ONE = Rational.fromDecimal(Decimal.of(1n));
const MINUTES_AN_HOUR = Rational.fromDecimal(Decimal.of(60n));
const HUNDRED = Rational.fromDecimal(Decimal.of(100n));
/** Fixed fees have conditions of time only (OCPP 2.1 TariffConditionsFixedType). */
const TIME_ONLY: ReadonlySet<string> = new Set(['startTime', 'endTime', 'startDate', 'endDate', 'dayOfWeek', 'reservation']);

/** What OCPP 2.1 has no words for. */
function untold(restrictions: Restrictions | undefined, components: readonly Component[]): string | undefined {
  if (restrictions?.booking !== undefined) return 'a price of a booking';
  if (restrictions?.reservation === 'RESERVATION_EXPIRES') return 'a price of a reservation that has run out';
  const isReserved = restrictions?.reservation !== undefined;
  if (isReserved && components.some(({ type }) => type !== 'TIME' && type !== 'FLAT')) return 'a price of energy or idling while reserved';
  if (components.some(({ type, stepSize }) => type !== 'FLAT' && stepSize > 1)) return 'a price in steps';
  const asked = Object.keys(restrictions ?? {});
  const isFlatBeyondTime = components.some(({ type }) => type === 'FLAT') && asked.some((name) => !TIME_ONLY.has(name));
  return isFlatBeyondTime ? 'a fee that depends on more than the time' : undefined;
}

function pricesOf({ elements }: Tariff, type: Component['type'], reservation: boolean): Priced[] {
  return elements.flatMap(({ restrictions = {}, priceComponents }) => {
    const component = priceComponents.find((each) => each.type === type);
    return component && (restrictions.reservation !== undefined) === reservation ? [{ component, restrictions }] : [];
  });
}

/** @returns the reason why it cannot be said, as text. */
function perUnit(tariff: Tariff, prices: readonly Priced[], name: 'priceKwh' | 'priceMinute' | 'priceFixed', units: Rational) {
  const [first] = prices;
  if (first === undefined) return undefined;
  const { vat } = first.component;
  if (prices.some(({ component }) => component.vat !== vat)) return 'prices of one kind at several rates of tax';
  if (tariff.taxIncluded === 'YES' && vat === undefined && prices.some(({ component }) => !Decimal.parse(component.price).isZero)) {
    return 'prices with a tax of unknown rate';
  }
  const taxFactor =
    tariff.taxIncluded === 'YES' && vat !== undefined ? HUNDRED.add(Rational.fromDecimal(Decimal.parse(vat))).divide(HUNDRED) : ONE;
  return {
    prices: prices.map(({ component, restrictions }) => ({
      // OCPP 2.1: without taxes.
      [name]: numberOf(Rational.fromDecimal(Decimal.parse(component.price)).divide(units).divide(taxFactor)),
      ...conditionsPart(restrictions),
    })),
    ...(vat === undefined || tariff.taxIncluded === 'N/A' ? {} : { taxRates: [{ type: 'VAT', tax: Number(vat) }] }),
  };
}

function conditionsPart(restrictions: Restrictions): { conditions?: Conditions } {
  const kilo = (value: string | undefined) => (value === undefined ? undefined : Number(value) * 1000);
  const plain = (value: string | undefined) => (value === undefined ? undefined : Number(value));
  const conditions = {
    startTimeOfDay: restrictions.startTime,
    endTimeOfDay: restrictions.endTime,
    validFromDate: restrictions.startDate,
    validToDate: restrictions.endDate,
    dayOfWeek: restrictions.dayOfWeek?.map((day) => `${day.charAt(0)}${day.slice(1).toLowerCase()}`),
    minEnergy: kilo(restrictions.minKwh),
    maxEnergy: kilo(restrictions.maxKwh),
    minPower: kilo(restrictions.minPowerKw),
    maxPower: kilo(restrictions.maxPowerKw),
    minCurrent: plain(restrictions.minCurrentA),
    maxCurrent: plain(restrictions.maxCurrentA),
    minTime: restrictions.minDurationSeconds,
    maxTime: restrictions.maxDurationSeconds,
  };
  const given = Object.entries(conditions).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { conditions: Object.fromEntries(given) };
}

function limit({ beforeTaxes, afterTaxes }: NonNullable<Tariff['minPrice']>) {
  return { exclTax: Number(beforeTaxes), ...(afterTaxes === undefined ? {} : { inclTax: Number(afterTaxes) }) };
}

/** As close as a JSON number comes to it. */
function numberOf(value: Rational): number {
  return Number(value.toDecimal(8, 'half-away-from-zero').toString());
}

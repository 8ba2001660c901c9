// A tariff as the lines that a station or an app shows: in the order kWh, minute, session, other (Regulation (EU) 2023/1804 article 5(4)).
import { Decimal, minorDigits, Rational } from '@evenkeel/money';
import type { ComponentType, PriceComponent, PriceLimit, Tariff, TariffRestrictions } from '../tariff';
import { componentPath } from './finding';
import { restrictionsInWords } from './in-words';

export type DisplayUnit = 'kWh' | 'minute' | 'session' | 'other';

export interface DisplayLine {
  readonly unit: DisplayUnit;
  /** e.g. "0.40 USD per minute while the car does not charge, from 08:00 to 20:00" */
  readonly text: string;
  /** What of the tariff it shows. */
  readonly path: string;
}

/** Prices of time are shown per minute, rounded to a hundredth of the minor unit where they have no end. Within a unit the tariff's order stays. */
export function displayLines(tariff: Tariff): DisplayLine[] {
  const lines = tariff.elements.flatMap(({ priceComponents, restrictions = {} }, elementIndex) =>
    priceComponents.flatMap((component, componentIndex): DisplayLine[] => {
      const unit = unitOf(component.type, restrictions);
      if (unit === undefined) return [];
      const text = [priceInWords(component, restrictions, tariff), restrictionsInWords(restrictions)]
        .filter((part) => part !== '')
        .join(', ');
      return [{ unit, text, path: componentPath(elementIndex, componentIndex) }];
    }),
  );
  const all = [...lines, ...limitLine('at least', 'minPrice', tariff), ...limitLine('at most', 'maxPrice', tariff)];
  return ORDER.flatMap((unit) => all.filter((line) => line.unit === unit));
}

const ORDER: readonly DisplayUnit[] = ['kWh', 'minute', 'session', 'other'];
const UNITS: Readonly<Record<ComponentType, DisplayUnit>> = { ENERGY: 'kWh', TIME: 'minute', PARKING_TIME: 'minute', FLAT: 'session' };

/** @returns undefined for what is never charged: bookings, and energy within a reservation. */
function unitOf(type: ComponentType, { reservation, booking }: TariffRestrictions): DisplayUnit | undefined {
  if (booking !== undefined) return undefined;
  if (reservation === undefined) return UNITS[type];
  return type === 'TIME' || type === 'FLAT' ? 'other' : undefined;
}

function priceInWords({ type, price, vat }: PriceComponent, { reservation }: TariffRestrictions, tariff: Tariff): string {
  const perMinute = type === 'TIME' || type === 'PARKING_TIME';
  const amount = `${perMinute ? aSixtieth(price, tariff.currency) : price} ${tariff.currency} ${per(type, reservation)}`;
  if (tariff.taxIncluded === 'N/A') return amount;
  if (tariff.taxIncluded === 'YES') return vat === undefined ? `${amount}, taxes included` : `${amount}, ${vat} % tax included`;
  return vat === undefined ? `${amount}, before taxes` : `${amount}, plus ${vat} % tax`;
}

function per(type: ComponentType, reservation: TariffRestrictions['reservation']): string {
  const reserved = reservation === 'RESERVATION_EXPIRES' ? 'a reservation that expires' : 'reservation';
  switch (type) {
    case 'ENERGY':
      return 'per kWh';
    case 'TIME':
      return reservation === undefined ? 'per minute of charging' : `per minute of ${reserved}`;
    case 'PARKING_TIME':
      return 'per minute while the car does not charge';
    case 'FLAT':
      return reservation === undefined ? 'per session' : `for ${reserved}`;
  }
}

const MINUTES_PER_HOUR = Rational.of(60n);

function aSixtieth(pricePerHour: string, currency: string): string {
  const digits = minorDigits(currency);
  const [whole = '', fraction = ''] = Rational.fromDecimal(Decimal.parse(pricePerHour))
    .divide(MINUTES_PER_HOUR)
    .toDecimal(digits + 2, 'half-away-from-zero')
    .toString()
    .split('.');
  const shown = fraction.replace(/0+$/, '').padEnd(digits, '0');
  return shown === '' ? whole : `${whole}.${shown}`;
}

function limitLine(words: string, name: 'minPrice' | 'maxPrice', tariff: Tariff): DisplayLine[] {
  const limit: PriceLimit | undefined = tariff[name];
  if (limit === undefined) return [];
  const amount = limit.afterTaxes ?? limit.beforeTaxes;
  const taxes = tariff.taxIncluded === 'N/A' ? '' : limit.afterTaxes === undefined ? ', before taxes' : ', taxes included';
  return [{ unit: 'other', text: `${words} ${amount} ${tariff.currency} in total${taxes}`, path: name }];
}

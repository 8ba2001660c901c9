// Values that the pricing engine cannot read at all: numbers that are none, days that the calendar does not have, unknown currencies.
// A session with such a tariff could not be billed. Whatever else looks at a tariff may rely on all of them being readable.
import { Decimal, minorDigits } from '@evenkeel/money';
import { dayNumber, epochSeconds, secondOfDay } from '../local-time';
import type { PriceLimit, Tariff, TariffElement } from '../tariff';
import { componentPath, elementPath, type Finding } from './finding';

export function unreadableFindings(tariff: Tariff): Finding[] {
  const { minPrice, maxPrice, startsAt, endsAt } = tariff;
  return [
    ...unknownCurrency(tariff.currency),
    ...limit('minPrice', minPrice),
    ...limit('maxPrice', maxPrice),
    ...unreadable('startsAt', startsAt, instant),
    ...unreadable('endsAt', endsAt, instant),
    ...tariff.elements.flatMap(elementFindings),
  ];
}

interface Kind {
  readonly wanted: string;
  /** Throws on what it cannot read. */
  read(text: string): unknown;
}

const decimal: Kind = { wanted: 'a decimal number of at most 64 characters, e.g. 0.45', read: Decimal.parse };
const time: Kind = { wanted: 'a time of day from 00:00 to 23:59', read: secondOfDay };
const date: Kind = { wanted: 'a day of the calendar, e.g. 2026-03-01', read: realDay };
const instant: Kind = { wanted: 'an instant with its offset, e.g. 2026-03-01T10:00:00Z', read: epochSeconds };

function elementFindings({ priceComponents, restrictions = {} }: TariffElement, index: number): Finding[] {
  const at = `${elementPath(index)}.restrictions`;
  return [
    ...priceComponents.flatMap(({ price, vat, stepSize }, componentIndex) => {
      const path = componentPath(index, componentIndex);
      return [
        ...unreadable(`${path}.price`, price, decimal),
        ...unreadable(`${path}.vat`, vat, decimal),
        ...wholeNumber(`${path}.stepSize`, stepSize),
      ];
    }),
    ...(['startTime', 'endTime'] as const).flatMap((field) => unreadable(`${at}.${field}`, restrictions[field], time)),
    ...(['startDate', 'endDate'] as const).flatMap((field) => unreadable(`${at}.${field}`, restrictions[field], date)),
    ...(['minKwh', 'maxKwh', 'minPowerKw', 'maxPowerKw', 'minCurrentA', 'maxCurrentA'] as const).flatMap((field) =>
      unreadable(`${at}.${field}`, restrictions[field], decimal),
    ),
    ...(['minDurationSeconds', 'maxDurationSeconds'] as const).flatMap((field) => wholeNumber(`${at}.${field}`, restrictions[field] ?? 0)),
  ];
}

function limit(path: string, priceLimit: PriceLimit | undefined): Finding[] {
  return [
    ...unreadable(`${path}.beforeTaxes`, priceLimit?.beforeTaxes, decimal),
    ...unreadable(`${path}.afterTaxes`, priceLimit?.afterTaxes, decimal),
  ];
}

function unreadable(path: string, text: string | undefined, { wanted, read }: Kind): Finding[] {
  if (text === undefined || isRead(() => read(text))) return [];
  return [{ code: 'unreadable', severity: 'error', path, message: `${JSON.stringify(text.slice(0, 80))} is not ${wanted}. Correct it.` }];
}

function wholeNumber(path: string, value: number): Finding[] {
  if (Number.isSafeInteger(value) && value >= 0) return [];
  return [{ code: 'unreadable', severity: 'error', path, message: `${value} is not a whole number from 0 on. Correct it.` }];
}

function unknownCurrency(currency: string): Finding[] {
  if (isRead(() => minorDigits(currency))) return [];
  const message = `Nothing can be paid in ${JSON.stringify(currency.slice(0, 10))}. Name a currency of ISO 4217, e.g. EUR.`;
  return [{ code: 'unknown_currency', severity: 'error', path: 'currency', message }];
}

/** JavaScript reads 30 February as 2 March. */
function realDay(text: string): void {
  if (new Date(dayNumber(text) * 86_400_000).toISOString().slice(0, 10) !== text) throw new RangeError(`not a day: ${text}`);
}

function isRead(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}

// OCPI numbers are JSON numbers with at most four decimals (OCPI 2.2.1 types, number); ours are decimal text. These are the only two doors.
import { Decimal, Rational } from '@evenkeel/money';

const DECIMALS = 4;

/** Rounded half away from zero at the fourth decimal, the finest that the wire holds. */
export function wireNumber(amount: Decimal): number {
  return Number(amount.toScale(DECIMALS, 'half-away-from-zero').toString());
}

export function decimalTextOf(number: number): string {
  return Decimal.fromJsonNumber(number).toString();
}

export function wattHoursOf(kilowattHours: number): string {
  return trimmed(Decimal.fromJsonNumber(kilowattHours).multiply(Decimal.of(1000n)));
}

export function kilowattHours(wattHours: Decimal): Decimal {
  return Decimal.of(wattHours.value, wattHours.scale + 3).toScale(DECIMALS, 'half-away-from-zero');
}

export function hoursOf(milliseconds: number): Decimal {
  return Rational.of(BigInt(milliseconds), 3_600_000n).toDecimal(DECIMALS, 'half-away-from-zero');
}

/** Four decimals of an hour are 0.36 s: the whole seconds that were meant come back exactly. */
export function secondsOf(hours: number): number {
  return Number(Decimal.fromJsonNumber(hours).multiply(Decimal.of(3600n)).toScale(0, 'half-away-from-zero').value);
}

/** Without zeros at the end: "3000.0" is "3000". */
export function trimmed(amount: Decimal): string {
  const text = amount.toString();
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

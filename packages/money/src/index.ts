// Exact numbers and money. Everything that computes or compares a price uses these and no binary float.
export { minorDigits } from './currency';
export { Decimal } from './decimal';
export { Money } from './money';
export { Rational } from './rational';
export type { RoundingRule } from './rounding';
export { spread } from './spread';

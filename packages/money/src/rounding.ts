// The only places where exactness is given up are named here, so that a reader of any rounded number can say by which rule it was rounded.

/**
 * - `half-away-from-zero`: 5.125 -> 5.13 and -5.125 -> -5.13, the rule that the worked numbers of OCPI follow.
 * - `floor`: towards minus infinity, the first step of spreading a total over lines.
 * - `ceiling`: towards plus infinity, the rule of OCPI's `step_size`.
 */
export type RoundingRule = 'half-away-from-zero' | 'floor' | 'ceiling';

/** The integer nearest to numerator / denominator by the rule. The denominator must be positive. */
export function divideRounded(numerator: bigint, denominator: bigint, rule: RoundingRule): bigint {
  // Bigint division truncates towards zero: that is the floor of what is positive and the ceiling of what is negative.
  switch (rule) {
    case 'floor': {
      const quotient = numerator / denominator;
      return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
    }
    case 'ceiling': {
      const quotient = numerator / denominator;
      return numerator > 0n && quotient * denominator !== numerator ? quotient + 1n : quotient;
    }
    case 'half-away-from-zero': {
      const doubled = 2n * numerator;
      return (numerator < 0n ? doubled - denominator : doubled + denominator) / (2n * denominator);
    }
  }
}

const POWERS_OF_TEN = Array.from({ length: 40 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10 to the exponent; the usual ones come from a table because every change of scale needs one. */
export function powerOfTen(exponent: number): bigint {
  return POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
}

const EXPONENTS: ReadonlyMap<bigint, number> = new Map(POWERS_OF_TEN.map((power, exponent) => [power, exponent]));

/** Of which power of ten this is the value; undefined if of none, or of one that is not in the table. */
export function exponentOfTen(power: bigint): number | undefined {
  return EXPONENTS.get(power);
}

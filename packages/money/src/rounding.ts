// The only places where exactness is given up are named here, so that a reader of any rounded number can say by which rule it was rounded.

/**
 * - `half-away-from-zero`: 5.125 -> 5.13 and -5.125 -> -5.13, the rule that the worked numbers of OCPI follow.
 * - `floor`: towards minus infinity, the first step of spreading a total over lines.
 * - `ceiling`: towards plus infinity, the rule of OCPI's `step_size`.
 */
export type RoundingRule = 'half-away-from-zero' | 'floor' | 'ceiling';

/** The integer nearest to numerator / denominator by the rule. The denominator must be positive. */
export function divideRounded(numerator: bigint, denominator: bigint, rule: RoundingRule): bigint {
  const quotient = numerator / denominator;
  const remainder = numerator - quotient * denominator;
  if (remainder === 0n) return quotient;
  // Bigint division truncates towards zero, so the sign of the remainder tells on which side of the quotient the true value lies.
  const isNegative = remainder < 0n;
  switch (rule) {
    case 'floor':
      return isNegative ? quotient - 1n : quotient;
    case 'ceiling':
      return isNegative ? quotient : quotient + 1n;
    case 'half-away-from-zero': {
      const distance = isNegative ? -remainder : remainder;
      if (2n * distance < denominator) return quotient;
      return isNegative ? quotient - 1n : quotient + 1n;
    }
  }
}

const POWERS_OF_TEN = Array.from({ length: 40 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10 to the exponent; the usual ones come from a table because every change of scale needs one. */
export function powerOfTen(exponent: number): bigint {
  return POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
}

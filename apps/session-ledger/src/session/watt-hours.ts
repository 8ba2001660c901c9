// Energy as integers of a millionth of a watt-hour: exact, and cheap to add.
import { Decimal } from '@evenkeel/money';

const MICRO = 6;

export function microWh(text: string): bigint {
  return Decimal.parse(text).toScale(MICRO, 'half-away-from-zero').value;
}

/** Decimal text in Wh without trailing zeros. */
export function whText(micro: bigint): string {
  const text = Decimal.of(micro, MICRO).toString();
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

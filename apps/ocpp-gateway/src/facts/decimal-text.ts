// Exact decimals as text. Energy never passes through binary floating point: 0.1 kWh is 100 Wh, not 100.00000000000001.

const PLAIN = /^-?\d+(\.\d+)?$/;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;
/** No meter has more digits; it keeps an exponent from making a text of any length. */
const MOST_DIGITS = 60;

/**
 * @param value as on the wire: text in OCPP 1.6, a JSON number in 2.x.
 * @param exponent the value is multiplied by ten to this power.
 * @returns plain decimal text, or undefined when the value is no number.
 */
export function decimalText(value: string | number, exponent = 0): string | undefined {
  const text = typeof value === 'number' ? String(value) : value.trim();
  if (exponent === 0 && PLAIN.test(text)) return text;
  const [, sign, whole = '', fraction = '', ownExponent = '0'] = DECIMAL.exec(text) ?? [];
  if (whole === '' && fraction === '') return undefined;
  const point = whole.length + Number(ownExponent) + exponent;
  if (Math.abs(point) > MOST_DIGITS) return undefined;
  const digits = `${'0'.repeat(Math.max(1 - point, 0))}${whole}${fraction}`;
  const pointInDigits = Math.max(point, 1);
  const wholePart = digits
    .slice(0, pointInDigits)
    .padEnd(pointInDigits, '0')
    .replace(/^0+(?=\d)/, '');
  const fractionPart = digits.slice(pointInDigits).replace(/0+$/, '');
  const magnitude = fractionPart === '' ? wholePart : `${wholePart}.${fractionPart}`;
  return sign === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

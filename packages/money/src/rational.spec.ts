import fc from 'fast-check';
import { Decimal } from './decimal';
import { Rational } from './rational';

const numerators = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const denominators = fc.bigInt({ min: 1n, max: 10n ** 12n });
const rationals = fc.tuple(numerators, denominators).map(([numerator, denominator]) => Rational.of(numerator, denominator));

describe('a fraction', () => {
  test.each([
    [41n, 8n, '5.125'],
    [1n, 6n, '1/6'],
    [-2n, 3n, '-2/3'],
    [6n, 3n, '2'],
    [3n, -6n, '-0.5'],
    [0n, 7n, '0'],
    [1n, 2n ** 20n, '0.00000095367431640625'],
    [500n, 3600n, '5/36'],
    [-1250n, 1000n, '-1.25'],
    [1000n, 10n, '100'],
    [0n, 100n, '0'],
    [1n, 10n ** 45n, `0.${'0'.repeat(44)}1`],
  ])('%d / %d is written %s', (numerator, denominator, text) => {
    expect(Rational.of(numerator, denominator).toString()).toBe(text);
  });

  test('refuses a denominator of 0 and a division by 0', () => {
    expect(() => Rational.of(1n, 0n)).toThrow('denominator 0');
    expect(() => Rational.of(1n).divide(Rational.ZERO)).toThrow('denominator 0');
  });

  test('three thirds of an amount are the amount, which no decimal can say', () => {
    const third = Rational.of(10n).divide(Rational.of(3n));
    expect(third.add(third).add(third).equals(Rational.of(10n))).toBe(true);
    expect(third.toDecimal(2, 'half-away-from-zero').toString()).toBe('3.33');
  });

  test('arithmetic obeys the laws of a field', () => {
    fc.assert(
      fc.property(rationals, rationals, rationals, (a, b, c) => {
        expect(a.add(b).equals(b.add(a))).toBe(true);
        expect(
          a
            .add(b)
            .add(c)
            .equals(a.add(b.add(c))),
        ).toBe(true);
        expect(a.multiply(b.add(c)).equals(a.multiply(b).add(a.multiply(c)))).toBe(true);
        expect(a.subtract(b).add(b).equals(a)).toBe(true);
        fc.pre(!b.isZero);
        expect(a.divide(b).multiply(b).equals(a)).toBe(true);
      }),
    );
  });

  test('a sum is the one of the textbook, also when one denominator divides the other', () => {
    fc.assert(
      fc.property(numerators, denominators, numerators, fc.bigInt({ min: 1n, max: 5000n }), (n, d, m, factor) => {
        const textbook = (other: bigint) => Rational.of(n * other + m * d, d * other);
        for (const other of [d, d * factor, factor]) {
          expect(Rational.of(n, d).add(Rational.of(m, other)).equals(textbook(other))).toBe(true);
          expect(Rational.of(m, other).add(Rational.of(n, d)).equals(textbook(other))).toBe(true);
        }
      }),
    );
  });

  test('lowest terms keep the value and leave no common factor', () => {
    fc.assert(
      fc.property(rationals, fc.bigInt({ min: 1n, max: 10n ** 10n }), (fraction, factor) => {
        const blownUp = Rational.of(fraction.numerator * factor, fraction.denominator * factor);
        expect(blownUp.equals(fraction)).toBe(true);
        expect(blownUp.reduced()).toEqual(fraction.reduced());
        expect(blownUp.toString()).toBe(fraction.toString());
      }),
    );
  });

  test('the text is exact: it reads back as the same value', () => {
    fc.assert(
      fc.property(numerators, fc.constantFrom(1n, 8n, 360000n, 10n ** 6n, 5n ** 30n, 2n ** 61n, 97n), (numerator, denominator) => {
        const fraction = Rational.of(numerator, denominator);
        const [top = '', bottom] = fraction.toString().split('/');
        const read =
          bottom === undefined ? Rational.fromDecimal(Decimal.of(...valueAndScale(top))) : Rational.of(BigInt(top), BigInt(bottom));
        expect(read.equals(fraction)).toBe(true);
      }),
    );
  });

  test('rounds like the decimal of the same value', () => {
    fc.assert(
      fc.property(numerators, fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), (value, scale, wanted) => {
        const decimal = Decimal.of(value, scale);
        for (const rule of ['floor', 'ceiling', 'half-away-from-zero'] as const) {
          expect(Rational.fromDecimal(decimal).toDecimal(wanted, rule)).toEqual(decimal.toScale(wanted, rule));
        }
      }),
    );
  });
});

// Decimal.parse bounds the length of what it reads; the exact text of 1/5^30 is longer than that bound.
function valueAndScale(text: string): [bigint, number] {
  const [whole = '', fraction = ''] = text.split('.');
  return [BigInt(whole + fraction), fraction.length];
}

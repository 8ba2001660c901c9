import fc from 'fast-check';
import { Money } from './money';
import { Rational } from './rational';
import { spread } from './spread';

const cents = (...amounts: readonly Money[]) => amounts.map(String);

describe('spreading a total over lines', () => {
  test('ten euros in three thirds: the cent that is missing goes to the first', () => {
    const third = Rational.of(10n, 3n);
    expect(cents(...spread([third, third, third], Money.parse('10', 'EUR')))).toEqual(['3.34', '3.33', '3.33']);
  });

  test('the cent goes to the line that lost most', () => {
    // 1.001 + 2.004 + 3.009 = 6.014 -> 6.01; rounded down the lines give 6.00, and 3.009 lost 0.9 cent.
    const parts = [Rational.of(1001n, 1000n), Rational.of(2004n, 1000n), Rational.of(3009n, 1000n)];
    expect(cents(...spread(parts, Money.parse('6.01', 'EUR')))).toEqual(['1.00', '2.00', '3.01']);
  });

  test('an exact line keeps its amount although the others move', () => {
    const parts = [Rational.of(1n, 2n), Rational.of(5n, 1000n), Rational.of(5n, 1000n)];
    expect(cents(...spread(parts, Money.parse('0.51', 'EUR')))).toEqual(['0.50', '0.01', '0.00']);
  });

  test.each(['9.98', '10.02'])('refuses a total of %s that rounding cannot reach', (total) => {
    const third = Rational.of(10n, 3n);
    expect(() => spread([third, third, Rational.of(333n, 100n)], Money.parse(total, 'EUR'))).toThrow('is not the sum');
  });

  test('no lines sum to nothing', () => {
    expect(spread([], Money.zero('EUR'))).toEqual([]);
    expect(() => spread([], Money.parse('0.01', 'EUR'))).toThrow('is not the sum');
  });

  test('lines sum to the total, none moves by a whole minor unit, and a larger remainder is never passed over', () => {
    const part = fc
      .tuple(fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }), fc.constantFrom(1n, 7n, 1000n, 3600n))
      .map(([numerator, denominator]) => Rational.of(numerator, denominator));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), fc.constantFrom('EUR', 'JPY'), (parts, currency) => {
        const exact = parts.reduce((sum, each) => sum.add(each), Rational.ZERO);
        const total = Money.round(exact, currency, 'half-away-from-zero');
        const lines = spread(parts, total);
        expect(Money.sum(lines, currency).equals(total)).toBe(true);
        const unit = Money.ofMinor(1n, currency).toRational();
        const moved = lines.map((line, index) => line.toRational().subtract(parts[index] ?? Rational.ZERO));
        for (const each of moved) {
          expect(each.compare(unit)).toBeLessThan(0);
          expect(each.compare(unit.negate())).toBeGreaterThan(0);
        }
        const up = moved.filter((each) => each.compare(Rational.ZERO) > 0);
        const down = moved.filter((each) => each.compare(Rational.ZERO) < 0);
        for (const raised of up) {
          // A raised line had lost (unit - raised); no line left down may have lost more.
          for (const left of down) expect(unit.subtract(raised).compare(left.negate())).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

import fc from 'fast-check';
import { minorDigits } from './currency';
import { Money } from './money';
import { Rational } from './rational';

describe('money', () => {
  test.each([
    ['EUR', 2, '13.50'],
    ['USD', 2, '13.50'],
    ['JPY', 0, '14'],
    ['KWD', 3, '13.500'],
    ['CLF', 4, '13.5000'],
  ])('%s has %d decimals: thirteen and a half is %s', (currency, digits, text) => {
    expect(minorDigits(currency)).toBe(digits);
    expect(Money.round(Rational.of(27n, 2n), currency, 'half-away-from-zero').toString()).toBe(text);
  });

  test.each(['', 'eur', 'XXX', 'BTC', 'constructor'])('refuses the currency %j', (currency) => {
    expect(() => Money.zero(currency)).toThrow('ISO 4217');
  });

  test('reads coarser text, and refuses text that would need rounding', () => {
    expect(Money.parse('13.5', 'USD').toString()).toBe('13.50');
    expect(Money.parse('13.500', 'USD').toString()).toBe('13.50');
    expect(() => Money.parse('13.505', 'USD')).toThrow('finer than the minor unit');
    expect(() => Money.parse('0.5', 'JPY')).toThrow('finer than the minor unit');
  });

  test('does not mix currencies', () => {
    const euro = Money.parse('1', 'EUR');
    const dollar = Money.parse('1', 'USD');
    expect(() => euro.add(dollar)).toThrow('EUR and USD');
    expect(() => euro.compare(dollar)).toThrow('EUR and USD');
    expect(euro.equals(dollar)).toBe(false);
  });

  test('goes over the wire as text, never as a number', () => {
    expect(JSON.stringify(Money.parse('0.30', 'EUR'))).toBe('{"amount":"0.30","currency":"EUR"}');
  });

  test('adding and subtracting are inverse, and text reads back', () => {
    const amounts = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
    fc.assert(
      fc.property(amounts, amounts, fc.constantFrom('EUR', 'JPY', 'BHD'), (left, right, currency) => {
        const a = Money.ofMinor(left, currency);
        const b = Money.ofMinor(right, currency);
        expect(a.add(b).subtract(b).equals(a)).toBe(true);
        expect(Money.parse(a.toString(), currency).equals(a)).toBe(true);
        expect(Money.sum([a, b], currency).equals(a.add(b))).toBe(true);
        expect(a.compare(b)).toBe(-b.compare(a) + 0);
      }),
    );
  });
});

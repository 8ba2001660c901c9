import fc from 'fast-check';
import { Decimal } from './decimal';

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 9 }))
  .map(([value, scale]) => Decimal.of(value, scale));

describe('a decimal', () => {
  test.each([
    ['-1.50', '1.50'],
    ['1.50', '1.50'],
    ['0', '0'],
  ])('%s without its sign is %s', (text, absolute) => {
    expect(Decimal.parse(text).absolute.toString()).toBe(absolute);
  });

  test.each(['0.45', '-1.5', '0', '007.10', '-0.001', '30000.000'])('reads and keeps the text %s', (text) => {
    expect(Decimal.parse(text).toString()).toBe(text.replace(/^(-?)0+(?=\d)/, '$1'));
  });

  test.each(['', '.5', '5.', '1e3', ' 1', '1,5', '+1', 'NaN', '--1', '0x10', '1'.repeat(65)])('refuses the text %j', (text) => {
    expect(() => Decimal.parse(text)).toThrow('not a decimal');
  });

  test.each([
    [0.45, '0.45'],
    [1e-7, '0.0000001'],
    [1.5e-9, '0.0000000015'],
    [2.5e21, '2500000000000000000000'],
    [-2, '-2'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('takes the JSON number %d as the decimal that was written', (number, text) => {
    expect(Decimal.fromJsonNumber(number).toString()).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300, 1e-300])('refuses the JSON number %d', (number) => {
    expect(() => Decimal.fromJsonNumber(number)).toThrow('not a decimal');
  });

  test('a tenth and two tenths are three tenths', () => {
    expect(Decimal.parse('0.1').add(Decimal.parse('0.2')).toString()).toBe('0.3');
  });

  test('compares by value, whatever the number of written digits', () => {
    expect(Decimal.parse('1.50').equals(Decimal.parse('1.5'))).toBe(true);
    expect(Decimal.parse('-0.5').compare(Decimal.parse('-0.49'))).toBeLessThan(0);
  });

  test.each([
    ['5.125', 'half-away-from-zero', '5.13'],
    ['-5.125', 'half-away-from-zero', '-5.13'],
    ['5.1249', 'half-away-from-zero', '5.12'],
    ['-5.121', 'floor', '-5.13'],
    ['5.129', 'floor', '5.12'],
    ['5.121', 'ceiling', '5.13'],
    ['-5.129', 'ceiling', '-5.12'],
    ['5.1', 'floor', '5.10'],
  ] as const)('%s rounded to cents by %s is %s', (text, rule, expected) => {
    expect(Decimal.parse(text).toScale(2, rule).toString()).toBe(expected);
  });

  test('what it prints it reads back, equal in value and scale', () => {
    fc.assert(
      fc.property(decimals, (decimal) => {
        expect(Decimal.parse(decimal.toString())).toEqual(decimal);
      }),
    );
  });

  test('a JSON number survives the way through a decimal', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (number) => {
        fc.pre(number === 0 || Math.abs(number) > 1e-40);
        expect(Number(Decimal.fromJsonNumber(number).toString())).toBe(number + 0);
      }),
    );
  });

  test('addition and multiplication obey the laws of arithmetic', () => {
    fc.assert(
      fc.property(decimals, decimals, decimals, (a, b, c) => {
        expect(a.add(b).equals(b.add(a))).toBe(true);
        expect(
          a
            .add(b)
            .add(c)
            .equals(a.add(b.add(c))),
        ).toBe(true);
        expect(a.multiply(b.add(c)).equals(a.multiply(b).add(a.multiply(c)))).toBe(true);
        expect(a.subtract(b).add(b).equals(a)).toBe(true);
        expect(Math.sign(a.compare(b))).toBe(-Math.sign(b.compare(a)) + 0);
      }),
    );
  });

  test('rounding moves a number by less than one unit, half away from zero by at most half', () => {
    fc.assert(
      fc.property(decimals, fc.integer({ min: 0, max: 6 }), (decimal, scale) => {
        const unit = Decimal.of(1n, scale);
        const floor = decimal.toScale(scale, 'floor');
        const ceiling = decimal.toScale(scale, 'ceiling');
        const nearest = decimal.toScale(scale, 'half-away-from-zero');
        expect(floor.compare(decimal)).toBeLessThanOrEqual(0);
        expect(ceiling.compare(decimal)).toBeGreaterThanOrEqual(0);
        expect(ceiling.subtract(floor).compare(unit)).toBeLessThanOrEqual(0);
        const twiceMoved = nearest.subtract(decimal).multiply(Decimal.of(2n));
        expect(twiceMoved.compare(unit)).toBeLessThanOrEqual(0);
        expect(twiceMoved.compare(unit.negate())).toBeGreaterThanOrEqual(0);
        expect(decimal.negate().toScale(scale, 'half-away-from-zero').equals(nearest.negate())).toBe(true);
      }),
    );
  });
});

import fc from 'fast-check';
import { decimalText } from './decimal-text';

describe('decimal text', () => {
  it.each([
    // value, power of ten, text
    ['12.5', 3, '12500'],
    ['0.1', 3, '100'],
    ['1234', 0, '1234'],
    ['12.50', 0, '12.50'],
    ['16.0005', 3, '16000.5'],
    ['195', 2, '19500'],
    ['7', -3, '0.007'],
    ['123', -2, '1.23'],
    ['007', 1, '70'],
    ['-0.5', 3, '-500'],
    ['-0', 3, '0'],
    ['+5', 0, '5'],
    ['.5', 0, '0.5'],
    ['5.', 0, '5'],
    [' 42 ', 0, '42'],
    ['1.2E3', 0, '1200'],
    [1e21, 0, '1000000000000000000000'],
    [1e-7, 0, '0.0000001'],
    [0.1, 3, '100'],
    [12345.678, 0, '12345.678'],
  ])('%s times ten to the %i is %s', (value, exponent, text) => {
    expect(decimalText(value, exponent)).toBe(text);
  });

  it.each(['', '.', '-', 'abc', '0x1F', '1,5', '1e9999', 'OCMF|{}|{}', 'NaN'])('%j is no number', (value) => {
    expect(decimalText(value)).toBeUndefined();
  });

  it('shifts there and back without loss', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.integer({ min: -9, max: 9 }), (whole, exponent) => {
        const shifted = decimalText(String(whole), exponent) ?? '';
        expect(decimalText(shifted, -exponent)).toBe(String(whole));
      }),
    );
  });
});

import { fingerprintOf } from './fingerprint';
import { patched } from './patch';

describe('PATCH', () => {
  it('PUT-5, PUT-6: is shallow: arrays are replaced, null removes, and only named lists grow', () => {
    const object = { a: 1, b: [1], c: { x: 1, y: 2 }, periods: [1] };
    expect(patched(object, { a: 2, b: [2], c: { x: 3 }, periods: [2] }, ['periods'])).toEqual({
      a: 2,
      b: [2],
      c: { x: 3 },
      periods: [1, 2],
    });
    expect(patched(object, { a: null, periods: null }, ['periods'])).toEqual({ b: [1], c: { x: 1, y: 2 } });
    expect(object).toEqual({ a: 1, b: [1], c: { x: 1, y: 2 }, periods: [1] });
  });
});

describe('a fingerprint', () => {
  it('does not depend on the order of fields, only on that of lists', () => {
    expect(fingerprintOf({ a: 1, b: { c: 2, d: 3 } })).toBe(fingerprintOf({ b: { d: 3, c: 2 }, a: 1 }));
    expect(fingerprintOf({ a: [1, 2] })).not.toBe(fingerprintOf({ a: [2, 1] }));
    expect(fingerprintOf({ a: 1 })).not.toBe(fingerprintOf({ a: 1.5 }));
  });
});

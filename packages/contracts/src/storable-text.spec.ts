import { parseStorable } from './storable-text';

it.each([
  ['a zero byte', '{"a":["x\\u0000y"]}', { a: ['x\ufffdy'] }],
  ['a zero byte in a name', '{"x\\u0000":1}', { 'x\ufffd': 1 }],
  ['half a pair', '"\\ud83d!"', '\ufffd!'],
  ['the other half', '"!\\udd0c"', '!\ufffd'],
])('%s becomes U+FFFD', (_name, json, value) => {
  expect(parseStorable(json)).toEqual(value);
});

it.each(['"\\ud83d\\udd0c"', '"🔌"', '"\\\\u0000"', '"\\u0007é"', '{"__proto__":null,"n":[1.5,true,null]}'])(
  '%s stays as it is',
  (json) => {
    expect(JSON.stringify(parseStorable(json))).toBe(JSON.stringify(JSON.parse(json)));
  },
);

it('what is no JSON is refused', () => {
  expect(() => parseStorable('{')).toThrow(SyntaxError);
});

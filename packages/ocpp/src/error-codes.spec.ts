import { ERROR_CODES, readErrorCode, spellErrorCode } from './error-codes';

describe('error codes', () => {
  test.each([
    ['FormatViolation', 'FormationViolation'],
    ['OccurrenceConstraintViolation', 'OccurenceConstraintViolation'],
    ['PropertyConstraintViolation', 'PropertyConstraintViolation'],
    ['TypeConstraintViolation', 'TypeConstraintViolation'],
  ] as const)('RPC-74 %s is %s in OCPP 1.6', (code, in16) => {
    expect(spellErrorCode('1.6', code)).toBe(in16);
    expect(spellErrorCode('2.0.1', code)).toBe(code);
    expect(spellErrorCode('2.1', code)).toBe(code);
  });

  test('RPC-74 OCPP 1.6 never gets a code that only OCPP 2.x has', () => {
    const known16 = [
      'NotImplemented',
      'NotSupported',
      'InternalError',
      'ProtocolError',
      'SecurityError',
      'FormationViolation',
      'PropertyConstraintViolation',
      'OccurenceConstraintViolation',
      'TypeConstraintViolation',
      'GenericError',
    ];
    for (const code of ERROR_CODES) expect(known16).toContain(spellErrorCode('1.6', code));
  });

  test.each([
    ['FormationViolation', 'FormatViolation'],
    ['OccurenceConstraintViolation', 'OccurrenceConstraintViolation'],
    ['SecurityError', 'SecurityError'],
    ['VendorPanic', 'GenericError'],
    [17, 'GenericError'],
  ])('RPC-75 %s is read as %s', (received, code) => {
    expect(readErrorCode(received)).toBe(code);
  });
});

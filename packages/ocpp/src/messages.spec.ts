import { type Action, isStationAction, refusedActionCode } from './messages';
import { requestSchema, responseSchema } from './schema';
import { OCPP_VERSIONS } from './version';

describe('who sends what', () => {
  test.each([
    ['1.6', 'StartTransaction', true],
    ['1.6', 'SecurityEventNotification', true],
    ['1.6', 'DataTransfer', true],
    ['1.6', 'RemoteStartTransaction', false],
    ['1.6', 'TransactionEvent', false],
    ['1.6', 'heartbeat', false],
    ['1.6', 'constructor', false],
    ['2.0.1', 'TransactionEvent', true],
    ['2.0.1', 'StartTransaction', false],
    ['2.0.1', 'Reset', false],
    ['2.0.1', 'BatterySwap', false],
    ['2.1', 'BatterySwap', true],
    ['2.1', 'NotifyPeriodicEventStream', true],
  ] as const)('RPC-77 a station may send on %s %s: %s', (version, action, allowed) => {
    expect(isStationAction(version, action)).toBe(allowed);
  });

  test('RPC-53 signed messages are known and not supported', () => {
    expect(refusedActionCode('TransactionEvent-Signed')).toBe('NotSupported');
    expect(refusedActionCode('DoMagic')).toBe('NotImplemented');
  });
});

describe('schemas', () => {
  test('the core actions of each version have a request and a response that compile', () => {
    const shared = [
      'BootNotification',
      'Heartbeat',
      'Authorize',
      'StatusNotification',
      'MeterValues',
      'DataTransfer',
      'Reset',
    ] satisfies Action<'1.6'>[];
    for (const version of OCPP_VERSIONS) {
      for (const action of shared) {
        expect(requestSchema(version, action)?.matches('no object')).toBe(false);
        expect(responseSchema(version, action)?.matches('no object')).toBe(false);
      }
    }
  });

  test('RPC-49 the one message of OCPP 2.1 that is never answered has no response', () => {
    expect(requestSchema('2.1', 'NotifyPeriodicEventStream')).toBeDefined();
    expect(responseSchema('2.1', 'NotifyPeriodicEventStream')).toBeUndefined();
  });

  test('what we send ourselves is checked with its dates', () => {
    const boot = responseSchema('1.6', 'BootNotification');
    const answer = { status: 'Accepted', currentTime: '2026-03-01T10:00:00.000Z', interval: 300 };
    expect(boot?.explain(answer)).toBeUndefined();
    expect(boot?.explain({ ...answer, currentTime: 'now' })).toMatchObject({ code: 'PropertyConstraintViolation' });
  });
});

import type { JsonObject } from './frame';
import type { StationAction } from './messages';
import { type Reading, readRequest, readResponse, type Strictness } from './read-payload';
import type { OcppVersion } from './version';

const at = '2026-03-01T10:00:00Z';
const start16 = { connectorId: 1, idTag: 'OK1', meterStart: 1000, timestamp: at };
const stop16 = { transactionId: 7, meterStop: 6000, timestamp: at };
const started201 = {
  eventType: 'Started',
  timestamp: at,
  triggerReason: 'CablePluggedIn',
  seqNo: 0,
  transactionInfo: { transactionId: 't1' },
};
const meterValues16 = (...sampledValue: object[]) => ({ connectorId: 1, transactionId: 7, meterValue: [{ timestamp: at, sampledValue }] });
const meterValue201 = (...sampledValue: object[]) => ({ ...started201, meterValue: [{ timestamp: at, sampledValue }] });

type Read = (strictness?: Strictness) => Reading<unknown>;

/** Part of a table row: what is sent, in words and in full, and how to read it. The action's name is checked against its version. */
function row<V extends OcppVersion>(version: V, action: StationAction<V>, payload: JsonObject): [string, JsonObject, Read] {
  return [`${version} ${action}`, payload, (strictness) => readRequest(version, action, payload, strictness)];
}

describe('payloads that need no tolerance', () => {
  test.each([
    row('1.6', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' }),
    row('1.6', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' }),
    row('1.6', 'Authorize', { idTag: 'OK1' }),
    row('1.6', 'StartTransaction', start16),
    row('1.6', 'MeterValues', meterValues16({ value: '12.5', unit: 'kWh', measurand: 'Energy.Active.Import.Register' })),
    row('1.6', 'MeterValues', meterValues16({ value: '21', unit: 'Celcius' }, { value: '21', unit: 'Celsius' })),
    row('1.6', 'StopTransaction', { ...stop16, transactionData: [{ timestamp: at, sampledValue: [{ value: '21', unit: 'Celsius' }] }] }),
    row('1.6', 'StopTransaction', { ...stop16, transactionData: [{ timestamp: at, sampledValue: [{ value: '21', unit: 'Celcius' }] }] }),
    row('1.6', 'Heartbeat', {}),
    row('1.6', 'DataTransfer', { vendorId: 'com.example' }),
    row('2.0.1', 'BootNotification', { reason: 'PowerUp', chargingStation: { model: 'M', vendorName: 'V' } }),
    row('2.0.1', 'StatusNotification', { timestamp: at, connectorStatus: 'Occupied', evseId: 1, connectorId: 1 }),
    row('2.0.1', 'Authorize', { idToken: { idToken: 'OK1', type: 'ISO14443' } }),
    row('2.0.1', 'TransactionEvent', started201),
    row('2.0.1', 'TransactionEvent', { ...started201, customData: { vendorId: 'com.example', anything: { goes: null } } }),
    row('2.0.1', 'MeterValues', {
      evseId: 1,
      meterValue: [{ timestamp: at, sampledValue: [{ value: 12.5, unitOfMeasure: { unit: 'kWh' } }] }],
    }),
    row('2.0.1', 'Heartbeat', {}),
    row('2.1', 'TransactionEvent', started201),
  ])('RPC-78 and the schemas: %s %j is the same object, strict or not', (_name, payload, read) => {
    const tolerant = read();
    expect(tolerant).toEqual({ readable: true, payload, deviations: [] });
    expect(tolerant.readable && tolerant.payload).toBe(payload);
    expect(read('strict')).toEqual({ readable: true, payload, deviations: [] });
  });

  test.each([16.1, 0.3, 32, 1_000_000.1])('RPC-51 a limit of %d is a multiple of 0.1 although binary floats disagree', (limit) => {
    const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] };
    expect(readResponse('1.6', 'GetCompositeSchedule', { status: 'Accepted', chargingSchedule: schedule }, 'strict').readable).toBe(true);
  });

  test('RPC-51 a limit of 16.15 is not', () => {
    const schedule = { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.15 }] };
    expect(readResponse('1.6', 'GetCompositeSchedule', { status: 'Accepted', chargingSchedule: schedule }, 'strict')).toMatchObject({
      code: 'PropertyConstraintViolation',
    });
  });
});

describe('strict mode', () => {
  test.each([
    [...row('1.6', 'Authorize', {}), 'OccurrenceConstraintViolation'],
    [...row('1.6', 'Authorize', { idTag: 'x'.repeat(1000) }), 'PropertyConstraintViolation'],
    [...row('1.6', 'Authorize', { idTag: 5 }), 'TypeConstraintViolation'],
    [...row('1.6', 'Authorize', { idTag: 'a', more: 1 }), 'FormatViolation'],
    [...row('1.6', 'Authorize', { more: 1 }), 'OccurrenceConstraintViolation'],
    [...row('1.6', 'StartTransaction', { ...start16, timestamp: 'yesterday' }), 'PropertyConstraintViolation'],
    [...row('1.6', 'StartTransaction', { ...start16, connectorId: '1', idTag: 'x'.repeat(21) }), 'TypeConstraintViolation'],
    [...row('1.6', 'StatusNotification', { connectorId: 1, errorCode: 'Oops', status: 'Available' }), 'PropertyConstraintViolation'],
    [...row('2.0.1', 'Authorize', {}), 'OccurrenceConstraintViolation'],
    [...row('2.0.1', 'Authorize', { idToken: { idToken: 'x'.repeat(1000), type: 'ISO14443' } }), 'PropertyConstraintViolation'],
    [...row('2.0.1', 'Authorize', { idToken: { idToken: 5, type: 'ISO14443' } }), 'TypeConstraintViolation'],
    [...row('2.0.1', 'MeterValues', { evseId: 1, meterValue: [] }), 'OccurrenceConstraintViolation'],
  ] as const)('RPC-76 %s %j', (_name, _payload, read, code) => {
    expect(read('strict')).toMatchObject({ readable: false, code });
  });

  test('the description names the place and never the value', () => {
    const refused = readRequest('1.6', 'Authorize', { idTag: 'secret-'.repeat(10) }, 'strict');
    expect(refused).toMatchObject({ description: '/idTag must NOT have more than 20 characters.' });
  });
});

describe('tolerant mode', () => {
  test.each([
    ['RPC-79 null is absent', ...row('1.6', 'StopTransaction', { ...stop16, idTag: null }), stop16, ['emptyOptional idTag']],
    ['RPC-79 an empty enum is absent', ...row('1.6', 'StopTransaction', { ...stop16, reason: '' }), stop16, ['emptyOptional reason']],
    ['RPC-80 an extra property is left out', ...row('1.6', 'Authorize', { idTag: 'a', x: 1 }), { idTag: 'a' }, ['extraProperty x']],
    [
      'RPC-81 a long text is kept',
      ...row('1.6', 'BootNotification', { chargePointVendor: 'v'.repeat(30), chargePointModel: 'M' }),
      { chargePointVendor: 'v'.repeat(30), chargePointModel: 'M' },
      ['tooLong chargePointVendor'],
    ],
    [
      'RPC-82 an unknown error code',
      ...row('1.6', 'StatusNotification', { connectorId: 1, errorCode: 'Oops', status: 'Faulted' }),
      { connectorId: 1, errorCode: 'OtherError', status: 'Faulted' },
      ['unknownLiteral errorCode'],
    ],
    [
      'RPC-82 an unknown reason',
      ...row('1.6', 'StopTransaction', { ...stop16, reason: 'Bored' }),
      { ...stop16, reason: 'Other' },
      ['unknownLiteral reason'],
    ],
    [
      'RPC-82 a reading of an unknown measurand goes, its neighbour stays',
      ...row('1.6', 'MeterValues', meterValues16({ value: '1', measurand: 'Luck' }, { value: '2', context: 'Odd' })),
      meterValues16({ value: '2', context: 'Other' }),
      ['unreadablePart meterValue/0/sampledValue/0', 'unknownLiteral meterValue/0/sampledValue/1/context'],
    ],
    [
      'RPC-82 a reading of an unknown phase is not taken for the total',
      ...row('2.0.1', 'TransactionEvent', meterValue201({ value: 1, phase: 'L4' }, { value: 2 })),
      meterValue201({ value: 2 }),
      ['unreadablePart meterValue/0/sampledValue/0'],
    ],
    [
      'RPC-83 a long idTag is kept',
      ...row('1.6', 'StartTransaction', { ...start16, idTag: 'x'.repeat(21) }),
      { ...start16, idTag: 'x'.repeat(21) },
      ['tooLong idTag'],
    ],
    [
      'RPC-84 a number as text',
      ...row('1.6', 'StartTransaction', { ...start16, meterStart: '123' }),
      { ...start16, meterStart: 123 },
      ['numericText meterStart'],
    ],
    [
      'RPC-84 text as a number',
      ...row('1.6', 'MeterValues', meterValues16({ value: 12.3 })),
      meterValues16({ value: '12.3' }),
      ['numberForText meterValue/0/sampledValue/0/value'],
    ],
    [
      'RPC-85 a decimal register',
      ...row('1.6', 'StopTransaction', { ...stop16, meterStop: 6000.4 }),
      { ...stop16, meterStop: 6000.4 },
      ['decimalForInteger meterStop'],
    ],
    [
      'RPC-87 an event without its trigger',
      ...row('2.0.1', 'TransactionEvent', { ...started201, triggerReason: undefined, seqNo: '4' }),
      { eventType: 'Started', timestamp: at, seqNo: 4, transactionInfo: { transactionId: 't1' } },
      ['unreadablePart triggerReason', 'numericText seqNo', 'missingRequired triggerReason'],
    ],
    [
      'RPC-87 an event whose optional parts are broken',
      ...row('2.0.1', 'TransactionEvent', { ...started201, evse: {}, idToken: { idToken: 'a', type: 'Tattoo' }, offline: 'no' }),
      started201,
      ['unreadablePart evse', 'unreadablePart idToken', 'unreadablePart offline'],
    ],
    [
      'an empty list',
      ...row('1.6', 'MeterValues', { connectorId: 1, meterValue: [], x: 1 }),
      { connectorId: 1, meterValue: [] },
      ['emptyList meterValue', 'extraProperty x'],
    ],
    [
      'a key named __proto__',
      ...row('1.6', 'Authorize', JSON.parse('{"idTag":"a","__proto__":{"polluted":true}}')),
      { idTag: 'a' },
      ['extraProperty __proto__'],
    ],
  ] as const)('%s: %s %j', (_rule, _name, _payload, read, expected, deviations) => {
    const result = read();
    expect(result).toMatchObject({ readable: true });
    if (!result.readable) return;
    expect(result.payload).toEqual(expected);
    expect(result.deviations.map(({ code, path }) => `${code} ${path}`)).toEqual(deviations);
    expect(read('strict').readable).toBe(false);
  });

  test.each([
    ['RPC-79 null for a required property', ...row('1.6', 'Authorize', { idTag: null }), 'TypeConstraintViolation'],
    ['a missing token', ...row('1.6', 'Authorize', {}), 'OccurrenceConstraintViolation'],
    [
      'an unknown status',
      ...row('1.6', 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Dancing' }),
      'PropertyConstraintViolation',
    ],
    ['text that is no number', ...row('1.6', 'StartTransaction', { ...start16, meterStart: '12 kWh' }), 'TypeConstraintViolation'],
    ['RPC-85 a decimal connector', ...row('1.6', 'StartTransaction', { ...start16, connectorId: 1.5 }), 'TypeConstraintViolation'],
    [
      'RPC-87 an event without its transaction',
      ...row('2.0.1', 'TransactionEvent', { ...started201, transactionInfo: {} }),
      'OccurrenceConstraintViolation',
    ],
    [
      'RPC-87 an event without its number',
      ...row('2.0.1', 'TransactionEvent', { ...started201, seqNo: 'first' }),
      'TypeConstraintViolation',
    ],
    [
      'RPC-87 an event of an unknown type',
      ...row('2.0.1', 'TransactionEvent', { ...started201, eventType: 'Paused' }),
      'PropertyConstraintViolation',
    ],
    ['an unknown token type', ...row('2.0.1', 'Authorize', { idToken: { idToken: 'a', type: 'Tattoo' } }), 'PropertyConstraintViolation'],
  ] as const)('has its limits: %s', (_rule, _name, _payload, read, code) => {
    expect(read()).toMatchObject({ readable: false, code });
  });

  test('answers of a station are read in the same way', () => {
    expect(readResponse('1.6', 'RemoteStartTransaction', { status: 'Accepted', note: 'hi' })).toMatchObject({
      payload: { status: 'Accepted' },
    });
    expect(readResponse('1.6', 'RemoteStartTransaction', undefined)).toMatchObject({ readable: false, code: 'TypeConstraintViolation' });
    expect(readResponse('2.1', 'NotifyPeriodicEventStream', {})).toMatchObject({ readable: false, code: 'NotImplemented' });
  });
});

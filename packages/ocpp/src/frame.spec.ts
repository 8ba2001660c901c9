import fc from 'fast-check';
import { callErrorText, callResultErrorText, callResultText, callText, parseFrame, STRICT_ID_LENGTH, sendText } from './frame';
import { OCPP_VERSIONS, type OcppVersion } from './version';

const malformed = (id: string, code: string) => ({ kind: 'malformed', id, code });

describe('frames that are read', () => {
  test.each([
    ['[2,"a","Heartbeat",{}]', { kind: 'call', id: 'a', action: 'Heartbeat', payload: {} }],
    ['[3,"a",{"x":1}]', { kind: 'callResult', id: 'a', payload: { x: 1 } }],
    ['[3,"a"]', { kind: 'callResult', id: 'a', payload: undefined }],
    ['[4,"a","SecurityError","no",{"x":1}]', { kind: 'callError', id: 'a', code: 'SecurityError', description: 'no', details: { x: 1 } }],
    ['[4,"a","Odd","no"]', { kind: 'callError', id: 'a', code: 'GenericError', description: 'no', details: {} }],
    ['[4,"a","FormationViolation"]', { kind: 'callError', id: 'a', code: 'FormatViolation', description: '', details: {} }],
  ])('RPC-47 in every version: %s', (text, frame) => {
    for (const version of OCPP_VERSIONS) expect(parseFrame(text, version)).toEqual(frame);
  });

  test('RPC-48, RPC-49 CALLRESULTERROR and SEND exist in OCPP 2.1', () => {
    expect(parseFrame('[5,"a","GenericError","",{}]', '2.1')).toMatchObject({ kind: 'callResultError', id: 'a', code: 'GenericError' });
    expect(parseFrame('[6,"a","NotifyPeriodicEventStream",{}]', '2.1')).toMatchObject({ kind: 'send', id: 'a' });
    expect(parseFrame('[6,"a","NotifyPeriodicEventStream"]', '2.1')).toMatchObject({ kind: 'ignored' });
  });

  test('RPC-51 of duplicate keys the last one wins', () => {
    expect(parseFrame('[2,"a","Authorize",{"idTag":"1","idTag":"2"}]', '1.6')).toMatchObject({ payload: { idTag: '2' } });
  });

  test('RPC-51 a payload cannot reach the prototype of an object', () => {
    const frame = parseFrame('[2,"a","Authorize",{"__proto__":{"idTag":"1"}}]', '1.6');
    expect(frame.kind === 'call' && 'idTag' in frame.payload).toBe(false);
  });
});

describe('frames that are answered with CALLERROR', () => {
  // Columns: text, id to answer, code in 1.6, code in 2.x.
  test.each([
    ['RPC-43', 'hello', '-1', 'FormatViolation', 'RpcFrameworkError'],
    ['RPC-43', '', '-1', 'FormatViolation', 'RpcFrameworkError'],
    ['RPC-43', '{}', '-1', 'FormatViolation', 'RpcFrameworkError'],
    ['RPC-43', 'null', '-1', 'FormatViolation', 'RpcFrameworkError'],
    ['RPC-43', '[]', '-1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-43', '[2]', '-1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-43', '["2","x","Heartbeat",{}]', 'x', 'FormatViolation', 'RpcFrameworkError'],
    ['RPC-41', '[2,7,"Heartbeat",{}]', '-1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-41', '[2,null,"Heartbeat",{}]', '-1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-41', `[2,"${'i'.repeat(65)}","Heartbeat",{}]`, '-1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-44', '[2,"x1","Heartbeat"]', 'x1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-44', '[2,"x1","Heartbeat",{},1]', 'x1', 'ProtocolError', 'RpcFrameworkError'],
    ['RPC-44', '[2,"x2","Heartbeat",null]', 'x2', 'FormatViolation', 'FormatViolation'],
    ['RPC-44', '[2,"x2","Heartbeat",[]]', 'x2', 'FormatViolation', 'FormatViolation'],
    ['RPC-44', '[2,"x3",5,{}]', 'x3', 'FormatViolation', 'RpcFrameworkError'],
  ])('%s %j', (_rule, text, id, code16, code2) => {
    expect(parseFrame(text, '1.6')).toMatchObject(malformed(id, code16));
    expect(parseFrame(text, '2.0.1')).toMatchObject(malformed(id, code2));
    expect(parseFrame(text, '2.1')).toMatchObject(malformed(id, code2));
  });

  test('RPC-41 ids of 37 to 64 characters are tolerated unless the run is strict', () => {
    const text = `[2,"${'i'.repeat(37)}","Heartbeat",{}]`;
    expect(parseFrame(text, '1.6').kind).toBe('call');
    expect(parseFrame(text, '1.6', STRICT_ID_LENGTH)).toMatchObject(malformed('-1', 'ProtocolError'));
  });

  test.each<[OcppVersion, string, object]>([
    ['1.6', '[9,"x5","Heartbeat",{}]', { kind: 'ignored' }],
    ['2.1', '[9,"x5","Heartbeat",{}]', { kind: 'ignored' }],
    ['2.0.1', '[9,"x5","Heartbeat",{}]', malformed('x5', 'MessageTypeNotSupported')],
    ['2.0.1', '[9]', { kind: 'ignored' }],
    ['1.6', '[6,"x5","Heartbeat",{}]', { kind: 'ignored' }],
    ['2.0.1', '[5,"x5","GenericError","",{}]', malformed('x5', 'MessageTypeNotSupported')],
  ])('RPC-45 an unknown message type on %s: %s', (version, text, frame) => {
    expect(parseFrame(text, version)).toMatchObject(frame);
  });

  test('RPC-46 a broken answer is never answered', () => {
    for (const version of OCPP_VERSIONS) {
      for (const text of ['[3]', '[3,7,{}]', '[4]', '[4,null,"GenericError","",{}]'])
        expect(parseFrame(text, version).kind).toBe('ignored');
    }
  });
});

describe('robustness', () => {
  const versions = fc.constantFrom(...OCPP_VERSIONS);
  const json = fc.oneof(
    fc.string(),
    fc.json(),
    fc.array(fc.jsonValue(), { maxLength: 6 }).map((value) => JSON.stringify(value)),
  );

  test('RPC-43 any text becomes a frame, and a CALLERROR never repeats it', () => {
    fc.assert(
      fc.property(json, versions, (text, version) => {
        const frame = parseFrame(text, version);
        if (frame.kind !== 'malformed') return;
        expect(frame.id === '-1' || frame.id.length <= 64).toBe(true);
        if (text.length > 12) expect(frame.description).not.toContain(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('RPC-41 a CALL is read as it was written, its id included', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 36 }),
        fc.string(),
        fc.dictionary(fc.string(), fc.string()),
        (id, action, payload) => {
          expect(parseFrame(callText(id, action, payload), '2.0.1')).toEqual({
            kind: 'call',
            id,
            action,
            payload: JSON.parse(JSON.stringify(payload)),
          });
        },
      ),
    );
  });
});

describe('frames that are written', () => {
  test('RPC-47 a CALLERROR has five elements, the spelling of its version and a bounded description', () => {
    expect(callErrorText('1.6', 'a', 'OccurrenceConstraintViolation')).toBe('[4,"a","OccurenceConstraintViolation","",{}]');
    expect(callErrorText('2.0.1', 'a', 'GenericError', 'x'.repeat(300))).toBe(`[4,"a","GenericError","${'x'.repeat(255)}",{}]`);
  });

  test('the other types', () => {
    expect(callResultText('a', { status: 'Accepted' })).toBe('[3,"a",{"status":"Accepted"}]');
    expect(callResultErrorText('a', 'FormatViolation')).toBe('[5,"a","FormatViolation","",{}]');
    expect(sendText('a', 'NotifyPeriodicEventStream', {})).toBe('[6,"a","NotifyPeriodicEventStream",{}]');
  });
});

import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;
let strict: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ UNREADABLE_FRAMES: '20', WAITING_CALLS: '50' });
  strict = await GatewayUnderTest.start({ STRICT_INBOUND: 'true' });
  strict.registry.register('S1');
});
afterAll(() => Promise.all([gateway.stop(), strict.stop()]));

const PROTOCOLS = { '1.6': 'ocpp1.6', '2.0.1': 'ocpp2.0.1' } as const;
const VERSIONS = ['1.6', '2.0.1'] as const;
let names = 0;

async function station(version: '1.6' | '2.0.1', registered: Parameters<typeof gateway.registry.register>[1] = {}) {
  names += 1;
  const identity = `ST${names}`;
  gateway.registry.register(identity, registered);
  const connected = await RawStation.connect(gateway.url, { identity, protocols: [PROTOCOLS[version]] });
  if (!(connected instanceof RawStation)) throw new Error(`refused with ${connected.status}`);
  return Object.assign(connected, { identity });
}

const boots = {
  '1.6': { chargePointVendor: 'V', chargePointModel: 'M' },
  '2.0.1': { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
};
const statuses = {
  '1.6': { connectorId: 1, status: 'Available', errorCode: 'NoError', timestamp: '2026-03-01T10:00:00Z' },
  '2.0.1': { evseId: 1, connectorId: 1, connectorStatus: 'Available', timestamp: '2026-03-01T10:00:00Z' },
};
const tokens = { '1.6': { idTag: 'OK1' }, '2.0.1': { idToken: { idToken: 'OK1', type: 'ISO14443' } } };

describe.each(VERSIONS)('OCPP %s', (version) => {
  it('RP-01, RPC-43: what is no frame is answered with the id -1 and without an echo, and the connection stays', async () => {
    const raw = await station(version);
    for (const text of ['hello', '{}', '[]', '[2]', '[2,7,"Heartbeat",{}]']) {
      raw.send(text);
      const [type, , code, description] = await raw.answerTo('-1');
      expect(type).toBe(4);
      expect(code).toMatch(version === '1.6' ? /^(FormationViolation|ProtocolError)$/ : /^RpcFrameworkError$/);
      expect(description).not.toContain('hello');
    }
    expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
  });

  it('RP-02, RPC-44: a frame with an id that is otherwise wrong is answered to that id', async () => {
    const raw = await station(version);
    for (const frame of [
      [2, 'x1', 'Heartbeat'],
      [2, 'x2', 'Heartbeat', null],
      [2, 'x3', 5, {}],
    ]) {
      raw.send(frame);
      const answer = await raw.answerTo(String(frame[1]));
      expect(answer).toHaveLength(5);
      expect(answer[0]).toBe(4);
    }
  });

  it('RP-03, RP-04, RPC-77: unknown actions, those of another version and those of the back end are NotImplemented', async () => {
    const raw = await station(version);
    const others = version === '1.6' ? ['TransactionEvent', 'RemoteStartTransaction'] : ['StartTransaction', 'Reset'];
    for (const action of ['DoMagic', 'heartbeat', ...others]) {
      expect((await raw.call(`x-${action}`, action)).slice(0, 3)).toEqual([4, `x-${action}`, 'NotImplemented']);
    }
  });

  it('RP-05: in strict mode a violation has the code and the spelling of the version', async () => {
    const raw = await RawStation.connect(strict.url, { identity: 'S1', protocols: [PROTOCOLS[version]] });
    if (!(raw instanceof RawStation)) throw new Error('refused');
    const long = 'x'.repeat(1000);
    const payloads =
      version === '1.6' ? [{}, { idTag: long }, { idTag: 7 }] : [{}, { idToken: { idToken: long, type: 'Local' } }, { idToken: 7 }];
    const codes = [];
    for (const [index, payload] of payloads.entries()) codes.push((await raw.call(`s${index}`, 'Authorize', payload))[2]);
    expect(codes).toEqual([
      version === '1.6' ? 'OccurenceConstraintViolation' : 'OccurrenceConstraintViolation',
      'PropertyConstraintViolation',
      'TypeConstraintViolation',
    ]);
    raw.close();
  });

  it('RP-06, RP-07, RPC-45, RPC-46: unknown message types and answers to nothing get no answer (2.0.1 says so for a type)', async () => {
    const raw = await station(version);
    raw.send([3, 'never', {}]);
    raw.send([4, 'never', 'GenericError', '', {}]);
    raw.send([9, 'x5', 'Heartbeat', {}]);
    expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
    expect(raw.frames.map(([type, id, code]) => [type, id, code])).toEqual(version === '1.6' ? [] : [[4, 'x5', 'MessageTypeNotSupported']]);
  });

  it('BT-01: a boot is accepted with the time and the interval, and recorded', async () => {
    const raw = await station(version, { booted: false });
    const [, , answer] = await raw.call('b1', 'BootNotification', boots[version]);
    expect(answer).toMatchObject({ status: 'Accepted', interval: 300 });
    const { currentTime } = answer as { currentTime: string };
    expect(currentTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.parse(currentTime) - Date.now())).toBeLessThan(2_000);
    expect((await raw.call('s1', 'StatusNotification', statuses[version]))[2]).toEqual({});
    expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
    await eventually(() => gateway.factsOf(raw.identity, 'connector-status-reported')[0]);
    expect(gateway.factsOf(raw.identity, 'station-booted')).toMatchObject([{ vendor: 'V', model: 'M' }]);
  });

  it('BT-02: a pending station may only boot, and is accepted at the boot after the operator said so', async () => {
    const raw = await station(version, { registration: 'pending', booted: false });
    expect((await raw.call('h1', 'Heartbeat'))[2]).toBe('SecurityError');
    expect((await raw.call('b1', 'BootNotification', boots[version]))[2]).toMatchObject({ status: 'Pending', interval: 60 });
    expect((await raw.call('h2', 'Heartbeat'))[2]).toBe('SecurityError');
    gateway.registry.register(raw.identity, { registration: 'accepted' });
    expect((await raw.call('b2', 'BootNotification', boots[version]))[2]).toMatchObject({ status: 'Accepted' });
    expect((await raw.call('h3', 'Heartbeat'))[0]).toBe(3);
  });

  it('BT-03: a rejected station gets SecurityError for anything but a boot', async () => {
    const raw = await station(version, { registration: 'rejected' });
    expect((await raw.call('b1', 'BootNotification', boots[version]))[2]).toMatchObject({ status: 'Rejected' });
    expect((await raw.call('s1', 'StatusNotification', statuses[version]))[2]).toBe('SecurityError');
    expect(raw.closeCode).toBeUndefined();
  });

  it('BT-05, RPC-69, RPC-93: a reconnect is not a boot, even before the registry has heard of the boot', async () => {
    const raw = await station(version, { booted: false });
    await raw.call('b1', 'BootNotification', boots[version]);
    raw.close();
    await eventually(() => gateway.factsOf(raw.identity, 'station-connection-changed').at(-1)?.connected === false);
    const again = await RawStation.connect(gateway.url, { identity: raw.identity, protocols: [PROTOCOLS[version]] });
    if (!(again instanceof RawStation)) throw new Error('refused');
    gateway.registry.tokens.set('OK1', { verdict: 'Accepted' });
    expect((await again.call('s1', 'StatusNotification', statuses[version]))[2]).toEqual({});
    expect((await again.call('a1', 'Authorize', tokens[version]))[0]).toBe(3);
  });

  it('RPC-25, RPC-95: a station that tells another serial number than its certificate is cut, and that is in its security log', async () => {
    const raw = await station(version, { certificateSerial: 'SN-1' });
    raw.send([2, 'b1', 'BootNotification', boots[version]]);
    expect(await raw.closed()).toBe(1008);
    const fact = await eventually(() => gateway.factsOf(raw.identity, 'station-notice-reported')[0]);
    expect(fact).toMatchObject({ action: 'SecurityEventNotification', payload: { type: 'SerialNumberMismatch' } });
    expect(gateway.factsOf(raw.identity, 'station-booted')).toEqual([]);
  });

  it('RPC-26: a station whose certificate has expired may ask for another, and for nothing else', async () => {
    gateway.registry.answers.set('SignCertificate', { status: 'Accepted' });
    const raw = await station(version, { registration: 'pending', pendingReason: 'certificate-expired' });
    expect((await raw.call('s1', 'SignCertificate', { csr: 'csr' }))[2]).toEqual({ status: 'Accepted' });
    expect((await raw.call('h1', 'Heartbeat'))[2]).toBe('SecurityError');
  });

  it('T6-13: a DataTransfer is answered as the registry says, and is kept by nobody else', async () => {
    const raw = await station(version);
    gateway.registry.answers.set('DataTransfer', { status: 'UnknownVendorId' });
    expect((await raw.call('d1', 'DataTransfer', { vendorId: 'com.unknown', data: 'x' }))[2]).toEqual({ status: 'UnknownVendorId' });
    expect(gateway.factsOf(raw.identity, 'station-notice-reported')).toEqual([]);
  });

  it('RPC-56: calls that do not wait for each other are answered in their order', async () => {
    const raw = await station(version);
    const ids = Array.from({ length: 20 }, (_, index) => `q${index}`);
    for (const [index, id] of ids.entries())
      raw.send([2, id, index % 2 === 0 ? 'StatusNotification' : 'Heartbeat', index % 2 === 0 ? statuses[version] : {}]);
    await eventually(() => raw.frames.length === ids.length);
    expect(raw.frames.map(([type, id]) => [type, id])).toEqual(ids.map((id) => [3, id]));
  });
});

it('RPC-50: a binary frame ends the connection with 1003', async () => {
  const raw = await station('1.6');
  raw.socket.send(Buffer.from('[2,"x","Heartbeat",{}]'));
  expect(await raw.closed()).toBe(1003);
});

it('RPC-43: a burst of unreadable frames ends the connection with 1008, single ones never do', async () => {
  const raw = await station('1.6');
  for (let round = 0; round < 3; round += 1) {
    for (let index = 0; index < 15; index += 1) raw.send('hello');
    await raw.call(`h${round}`, 'Heartbeat');
  }
  expect(raw.closeCode).toBeUndefined();
  for (let index = 0; index < 20; index += 1) raw.send('hello');
  expect(await raw.closed()).toBe(1008);
});

it('RPC-64: a station that sends without waiting is told to keep its calls', async () => {
  const raw = await station('1.6');
  for (let index = 0; index < 200; index += 1) raw.send([2, `q${index}`, 'StatusNotification', statuses['1.6']]);
  expect(await raw.closed()).toBe(1013);
});

it('RPC-79, RPC-80, RPC-84, RPC-86: sloppy payloads are recorded with what had to be tolerated', async () => {
  const raw = await station('1.6');
  const payload = {
    connectorId: 1,
    transactionId: '12',
    extra: true,
    meterValue: [{ timestamp: '2026-03-01T10:00:00', sampledValue: [{ value: 12.5, unit: 'kWh', context: null }] }],
  };
  expect((await raw.call('m1', 'MeterValues', payload))[2]).toEqual({});
  const fact = await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported')[0]);
  expect(fact).toMatchObject({ transactionId: '12', samples: [{ value: '12500', at: '2026-03-01T10:00:00.000Z' }] });
  expect(fact.deviations).toEqual(
    expect.arrayContaining(['numericText', 'extraProperty', 'numberForText', 'emptyOptional', 'zoneAssumed']),
  );
});

it('what cannot be read is refused and counted, and the process lives on', async () => {
  const raw = await station('1.6');
  expect((await raw.call('m1', 'MeterValues', { connectorId: 'one' }))[0]).toBe(4);
  expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
  await pause(10);
  const metrics = await gateway.metrics();
  expect(metrics).toMatch(/evenkeel_gateway_calls_total\{version="1\.6",action="MeterValues",outcome="\w+Violation"/);
  expect(metrics).toMatch(/evenkeel_gateway_calls_total\{version="1\.6",action="other",outcome="NotImplemented"/);
  expect(metrics).toMatch(/evenkeel_gateway_bad_frames_total\{reason="malformed"/);
  expect(metrics).not.toContain('DoMagic');
  expect(gateway.log.filter((line) => line.includes('"level":"error"'))).toEqual([]);
});

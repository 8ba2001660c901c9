import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import WebSocket from 'ws';
import { GatewayUnderTest } from './gateway-under-test';
import { type RawOptions, RawStation } from './raw-station';
import { passwordOf } from './small-registry';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ PING_INTERVAL_MS: '400', MAX_PAYLOAD_BYTES: '65536' });
  for (const station of ['A16', 'A20', 'B16', 'RDAM|123', 'RDAM 123', 'TWICE', 'STORM']) gateway.registry.register(station);
  const key = Buffer.from('0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF', 'hex');
  gateway.registry.register('AL1000', { password: key });
  gateway.registry.register('ONLY16', { versions: ['1.6'] });
  gateway.registry.register('SILENT', { unnamedVersion: '1.6' });
});
afterAll(() => gateway.stop());

async function admitted(options: RawOptions): Promise<RawStation> {
  const station = await RawStation.connect(gateway.url, options);
  if (!(station instanceof RawStation)) throw new Error(`refused with ${station.status}`);
  return station;
}

async function refused(options: RawOptions) {
  const answer = await RawStation.connect(gateway.url, options);
  if (answer instanceof RawStation) throw new Error('the upgrade was not refused');
  return answer;
}

it.each(['ocpp1.6', 'ocpp2.0.1'])('HS-01: a registered station with its password is upgraded to %s', async (protocol) => {
  const station = await admitted({ identity: 'A16', protocols: [protocol] });
  expect(station.socket.protocol).toBe(protocol);
  station.close();
});

it('HS-02, RPC-30: the user of the credentials is the identity of the URL', async () => {
  expect((await refused({ identity: 'A16', user: 'A20', password: passwordOf('A20') })).status).toBe(401);
});

it('HS-03: a wrong or missing password is 401 with a challenge, and does not lock the station out', async () => {
  for (const password of ['wrong-password-000', null]) {
    const { status, headers } = await refused({ identity: 'A16', password });
    expect(status).toBe(401);
    expect(headers['www-authenticate']).toBe('Basic realm="ocpp"');
  }
  (await admitted({ identity: 'A16' })).close();
});

it('HS-04, RPC-5, RPC-6: an unknown identity is 404, whatever its credentials', async () => {
  expect((await refused({ identity: 'NOPE' })).status).toBe(404);
  expect((await refused({ identity: 'NOPE', user: 'A16', password: passwordOf('A16') })).status).toBe(404);
  expect((await refused({ identity: 'NOPE', password: null })).status).toBe(404);
});

it.each([
  // HS-05, HS-06: offers, choice
  [['ocpp0.1', 'ocpp1.6'], 'ocpp1.6'],
  [['ocpp1.6', 'ocpp2.1'], 'ocpp1.6'],
  [['ocpp2.0.1', 'ocpp2.1'], 'ocpp2.0.1'],
  [['ocpp2.0.1', 'ocpp1.6'], 'ocpp2.0.1'],
  [['ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'], 'ocpp2.1'],
  [['ocpp2.0', 'ocpp2.1'], 'ocpp2.1'],
])('HS-05, HS-06, RPC-12, RPC-13, RPC-16: of %j the station gets its first choice that we speak, %s', async (protocols, choice) => {
  const station = await admitted({ identity: 'A16', protocols });
  expect(station.socket.protocol).toBe(choice);
  station.close();
});

it('HS-06: a version that the station may not use is not chosen', async () => {
  const station = await admitted({ identity: 'ONLY16', protocols: ['ocpp2.0.1', 'ocpp1.6'] });
  expect(station.socket.protocol).toBe('ocpp1.6');
  station.close();
});

it.each([[['ocpp0.1']], [['ocpp2.0', 'OCPP2.1']], [[]]])('HS-07, RPC-11, RPC-14: no common subprotocol in %j is 400', async (protocols) => {
  expect((await refused({ identity: 'A16', protocols })).status).toBe(400);
});

it('RPC-15: a station that offers nothing speaks the version it is registered with, and none where it is registered with none', async () => {
  const station = await admitted({ identity: 'SILENT', protocols: [] });
  expect(station.socket.protocol).toBe('');
  expect((await station.call('beat', 'Heartbeat'))[2]).toEqual({ currentTime: expect.any(String) });
  station.close();
  expect((await refused({ identity: 'SILENT', protocols: ['ocpp0.1'] })).status).toBe(400);
  expect((await refused({ identity: 'A16', protocols: [] })).status).toBe(400);
});

it('HS-08, RPC-1, RPC-2, RPC-9: an identity is percent-decoded once, after the path was split', async () => {
  for (const [path, user] of [
    ['RDAM%7C123', 'RDAM|123'],
    ['RDAM%20123/', 'RDAM 123'],
    ['RDAM%20123?tenant=1', 'RDAM 123'],
  ] as const) {
    const station = await admitted({ identity: user, path });
    await eventually(() => gateway.factsOf(user, 'station-connection-changed').length > 0);
    station.close();
  }
  expect((await refused({ identity: 'A16', path: 'RDAM%2' })).status).toBe(400);
  expect((await refused({ identity: 'A16', path: 'RDAM%252' })).status).toBe(404);
  expect((await refused({ identity: 'A16', path: '' })).status).toBe(404);
  expect((await refused({ identity: 'A16', path: 'deeper/A16' })).status).toBe(404);
});

it('HS-09, RPC-4: identities are case-insensitive, the registered spelling is kept', async () => {
  const before = gateway.factsOf('B16', 'station-connection-changed').length;
  const station = await admitted({ identity: 'b16', user: 'b16', password: passwordOf('B16') });
  await eventually(() => gateway.factsOf('B16', 'station-connection-changed').length > before);
  expect(gateway.facts.some(({ stationId }) => stationId === 'b16')).toBe(false);
  station.close();
});

it('RPC-32: a password is bytes, zero and non-UTF-8 ones included', async () => {
  const key = Buffer.from('0001020304050607FFFFFFFFFFFFFFFFFFFFFFFF', 'hex');
  (await admitted({ identity: 'AL1000', password: key })).close();
  const other = Buffer.from(key);
  other[0] = 1;
  expect((await refused({ identity: 'AL1000', password: other })).status).toBe(401);
});

it('RPC-17: compression is agreed only when it is offered', async () => {
  const plain = await admitted({ identity: 'A16' });
  expect(plain.socket.extensions).toBe('');
  plain.close();
  const compressed = await admitted({ identity: 'A16', client: { perMessageDeflate: { threshold: 0 } } });
  expect(compressed.socket.extensions).toContain('permessage-deflate');
  expect((await compressed.call('h1', 'Heartbeat'))[0]).toBe(3);
  compressed.close();
});

it('RPC-72: a message above the limit ends the connection with 1009, also when it was small on the wire', async () => {
  const bomb = JSON.stringify([2, 'x', 'DataTransfer', { vendorId: 'x', data: ' '.repeat(70_000) }]);
  for (const perMessageDeflate of [false, { threshold: 0 }]) {
    const station = await admitted({ identity: 'A16', client: { perMessageDeflate } });
    station.send(bomb);
    expect(await station.closed()).toBe(1009);
  }
  expect(await gateway.metrics()).toMatch(/evenkeel_gateway_bad_frames_total\{reason="too-large".*\} 2/);
});

it('a silent registry is 503 with the time to come back', async () => {
  gateway.registry.silent = true;
  try {
    const { status, headers } = await refused({ identity: 'A16' });
    expect(status).toBe(503);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  } finally {
    gateway.registry.silent = false;
  }
}, 15_000);

it('what is no WebSocket upgrade is told so', async () => {
  expect((await fetch(gateway.url.replace('ws:', 'http:'))).status).toBe(426);
});

it('RPC-67: the newest connection of a station wins, and the station is not told to be offline', async () => {
  const older = await admitted({ identity: 'TWICE' });
  const newer = await admitted({ identity: 'twice', password: passwordOf('TWICE') });
  expect(await older.closed()).toBe(4001);
  expect((await newer.call('h1', 'Heartbeat'))[0]).toBe(3);
  await eventually(() => gateway.factsOf('TWICE', 'station-connection-changed').length === 2);
  newer.close();
  await eventually(() => gateway.factsOf('TWICE', 'station-connection-changed').length === 3);
  expect(gateway.factsOf('TWICE', 'station-connection-changed').map(({ connected }) => connected)).toEqual([true, true, false]);
});

it('RP-11, RPC-65: pings are answered with their data, and a station that is silent for three ping intervals is offline', async () => {
  const station = await admitted({ identity: 'A20', client: { autoPong: false } });
  const pong = new Promise<string>((resolve) => station.socket.once('pong', (data) => resolve(String(data))));
  station.socket.ping('abc');
  expect(await pong).toBe('abc');
  const silentSince = Date.now();
  expect(await station.closed()).toBe(1006);
  expect(Date.now() - silentSince).toBeLessThan(3 * 400 + 300);
  await eventually(() => gateway.factsOf('A20', 'station-connection-changed').at(-1)?.connected === false);
});

it('RPC-66: a station that answers pings stays connected without saying anything', async () => {
  const station = await admitted({ identity: 'A20' });
  await pause(1_500);
  expect(station.socket.readyState).toBe(WebSocket.OPEN);
  station.close();
});

it('RPC-71: a storm of reconnections is let in', async () => {
  const before = Date.now();
  const stations = await Promise.all(Array.from({ length: 200 }, () => admitted({ identity: 'STORM' })));
  expect(Date.now() - before).toBeLessThan(5_000);
  for (const station of stations) station.close();
});

it('every refusal is counted, and no password is in the log', async () => {
  const metrics = await gateway.metrics();
  for (const result of [
    'unknown-station',
    'wrong-credentials',
    'no-common-subprotocol',
    'unreadable-identity',
    'registry-silent',
    'admitted',
  ]) {
    expect(metrics).toContain(`evenkeel_gateway_upgrades_total{result="${result}"`);
  }
  expect(gateway.log.join('\n')).not.toContain(passwordOf('A16'));
  expect(gateway.log.join('\n')).not.toContain('wrong-password');
});

it('RPC-37: a connection that was let in goes on when its password has been changed on it', async () => {
  gateway.registry.register('ROTATED', { registration: 'pending', booted: false });
  const station = await admitted({ identity: 'ROTATED' });
  gateway.registry.register('ROTATED', { password: Buffer.from('another-password-0001'), booted: false });
  const [type, , answer] = await station.call('b1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  expect([type, answer]).toEqual([3, expect.objectContaining({ status: 'Accepted' })]);
  station.close();
  expect((await refused({ identity: 'ROTATED' })).status).toBe(401);
});

import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY, type RegisteredStation } from './small-registry';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  gateway.registry.tokens.set('OK1', { verdict: 'Accepted' });
});
afterAll(() => gateway.stop());

async function station(protocol: string, registered: Partial<RegisteredStation>) {
  names += 1;
  const identity = `EARLY${names}`;
  gateway.registry.register(identity, registered);
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [protocol] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  await eventually(() => gateway.factsOf(identity, 'station-connection-changed')[0]);
  return Object.assign(raw, { identity });
}

async function command(raw: RawStation & { identity: string }, action: string, payload: Record<string, unknown>, answer: object) {
  const outcome = gateway.operator.callStation({ party: PARTY, stationId: raw.identity, call: { kind: 'raw', action, payload } });
  raw.send([3, (await raw.nextCommand())[1], answer]);
  expect(await outcome).toMatchObject({ outcome: 'answered' });
}

const boot16 = { chargePointVendor: 'V', chargePointModel: 'M' };
const status16 = { connectorId: 1, status: 'Available', errorCode: 'NoError' };
const status201 = { evseId: 1, connectorId: 1, connectorStatus: 'Available', timestamp: '2026-03-01T10:00:00Z' };
const start = { connectorId: 1, idTag: 'OK1', meterStart: 1000, timestamp: '2026-03-01T10:00:00Z' };

it('RPC-88: a pending station may send what a TriggerMessage asked for, and nothing else', async () => {
  const raw = await station('ocpp2.0.1', { registration: 'pending' });
  expect((await raw.call('s1', 'StatusNotification', status201))[2]).toBe('SecurityError');
  await command(raw, 'TriggerMessage', { requestedMessage: 'StatusNotification' }, { status: 'Accepted' });
  expect((await raw.call('s2', 'StatusNotification', status201))[2]).toEqual({});
  expect((await raw.call('h1', 'Heartbeat'))[2]).toBe('SecurityError');
  await command(raw, 'TriggerMessage', { requestedMessage: 'Heartbeat' }, { status: 'Rejected' });
  expect((await raw.call('h2', 'Heartbeat'))[2]).toBe('SecurityError');
});

it('RPC-88: a pending station may send the parts of the report that it was asked for', async () => {
  const raw = await station('ocpp2.0.1', { registration: 'pending' });
  const part = { requestId: 7, generatedAt: '2026-03-01T10:00:00Z', seqNo: 0, tbc: false };
  expect((await raw.call('r1', 'NotifyReport', part))[2]).toBe('SecurityError');
  await command(raw, 'GetBaseReport', { requestId: 7, reportBase: 'FullInventory' }, { status: 'Accepted' });
  expect((await raw.call('r2', 'NotifyReport', { ...part, requestId: 8 }))[2]).toBe('SecurityError');
  expect((await raw.call('r3', 'NotifyReport', part))[2]).not.toBe('SecurityError');
  expect((await raw.call('r4', 'NotifyReport', { ...part, seqNo: 1 }))[2]).toBe('SecurityError');
});

it('is let in without another boot when a registry that was behind has caught up', async () => {
  const raw = await station('ocpp2.0.1', { booted: false });
  // A first question finds out nothing; the registry learns of the boot; within seconds the station is heard, still on its first connection.
  expect((await raw.call('h1', 'Heartbeat'))[2]).toBe('SecurityError');
  gateway.registry.register(raw.identity, { booted: true });
  let tries = 0;
  await eventually(async () => (await raw.call(`h2-${tries++}`, 'Heartbeat'))[2] !== 'SecurityError', 20_000);
  // A station that knocks in a loop is not asked about each time.
  const asked = gateway.registry.asked.filter(
    ({ name, request }) => name === 'admitStation' && JSON.stringify(request).includes(raw.identity),
  );
  expect(asked.length).toBeLessThan(6);
}, 30_000);

it('RPC-89: a start of a pending 1.6 station is recorded with its mark, and answered with SecurityError until it is accepted', async () => {
  const raw = await station('ocpp1.6', { registration: 'pending' });
  expect((await raw.call('t1', 'StartTransaction', start))[2]).toBe('SecurityError');
  const fact = await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported')[0]);
  expect(fact).toMatchObject({ phase: 'started', deviations: ['beforeAcceptance'] });
  expect((await raw.call('m1', 'MeterValues', { connectorId: 1, meterValue: [] }))[2]).toBe('SecurityError');
  gateway.registry.register(raw.identity, { registration: 'accepted' });
  await raw.call('b1', 'BootNotification', boot16);
  const [, , answer] = await raw.call('t2', 'StartTransaction', start);
  expect(String((answer as { transactionId: number }).transactionId)).toBe(fact.transactionId);
  await pause(100);
  expect(new Set(gateway.factsOf(raw.identity, 'transaction-reported').map(({ factId }) => factId)).size).toBe(1);
});

it('RPC-89, RPC-90: a start of a rejected station, or of a 2.0.1 station, is not recorded', async () => {
  const rejected = await station('ocpp1.6', { registration: 'rejected' });
  expect((await rejected.call('t1', 'StartTransaction', start))[2]).toBe('SecurityError');
  const newer = await station('ocpp2.0.1', { registration: 'pending' });
  const event = { eventType: 'Started', timestamp: start.timestamp, seqNo: 0, transactionInfo: { transactionId: 'tx' } };
  expect((await newer.call('t1', 'TransactionEvent', { ...event, triggerReason: 'CablePluggedIn' }))[2]).toBe('SecurityError');
  await pause(200);
  for (const { identity } of [rejected, newer]) expect(gateway.factsOf(identity, 'transaction-reported')).toEqual([]);
});

it('RPC-92: a 1.6 station that never booted is refused, and asked once to boot', async () => {
  const raw = await station('ocpp1.6', { booted: false });
  for (const id of ['s1', 's2', 's3']) expect((await raw.call(id, 'StatusNotification', status16))[2]).toBe('SecurityError');
  const [, id, action, payload] = await raw.nextCommand();
  expect([action, payload]).toEqual(['TriggerMessage', { requestedMessage: 'BootNotification' }]);
  raw.send([3, id, { status: 'Accepted' }]);
  expect((await raw.call('b1', 'BootNotification', boot16))[2]).toMatchObject({ status: 'Accepted' });
  expect((await raw.call('s4', 'StatusNotification', status16))[2]).toEqual({});
  expect(raw.frames).toEqual([]);
});

it('RPC-90, RPC-92: a rejected station is not asked to boot, and neither is a 2.0.1 station', async () => {
  const rejected = await station('ocpp1.6', { registration: 'rejected', booted: false });
  const newer = await station('ocpp2.0.1', { booted: false });
  expect((await rejected.call('s1', 'StatusNotification', status16))[2]).toBe('SecurityError');
  expect((await newer.call('s1', 'StatusNotification', status201))[2]).toBe('SecurityError');
  await pause(200);
  expect([...rejected.frames, ...newer.frames]).toEqual([]);
});

it('RPC-70, RPC-94: a station that is not accepted stays connected, and a boot while accepted is answered again', async () => {
  const raw = await station('ocpp1.6', { registration: 'pending' });
  for (let round = 0; round < 3; round += 1) expect((await raw.call(`h${round}`, 'Heartbeat'))[2]).toBe('SecurityError');
  gateway.registry.register(raw.identity, { registration: 'accepted' });
  for (const id of ['b1', 'b2']) expect((await raw.call(id, 'BootNotification', boot16))[2]).toMatchObject({ status: 'Accepted' });
  expect(raw.closeCode).toBeUndefined();
});

it('RPC-96: the time told is true and does not go back', async () => {
  const raw = await station('ocpp1.6', {});
  const times: string[] = [];
  for (let round = 0; round < 50; round += 1)
    times.push(((await raw.call(`h${round}`, 'Heartbeat'))[2] as { currentTime: string }).currentTime);
  expect(times).toEqual([...times].sort());
  expect(Math.abs(Date.parse(times.at(-1) ?? '') - Date.now())).toBeLessThan(1_000);
});

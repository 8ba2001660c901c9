import { setTimeout as pause } from 'node:timers/promises';
import { SimulatedStation } from '@evenkeel/station-simulator';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { passwordOf } from './small-registry';

let gateway: GatewayUnderTest;

beforeEach(async () => {
  gateway = await GatewayUnderTest.start();
  for (const station of ['A16', 'A20', 'B16']) gateway.registry.register(station);
  gateway.registry.tokens.set('OK1', { verdict: 'Accepted' });
});
afterEach(() => gateway.stop());

const reading = { timestamp: '2026-03-01T10:15:00Z', sampledValue: [{ value: '12' }] };
const start = { connectorId: 1, idTag: 'OK1', meterStart: 1000, timestamp: '2026-03-01T10:00:00Z' };
const stop = { transactionId: 7, meterStop: 6000, timestamp: '2026-03-01T11:10:00Z' };

async function station(identity: string, protocol = 'ocpp1.6'): Promise<RawStation> {
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [protocol] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return raw;
}

it('TX-1: a broker that is away makes stations repeat, and in the end there is exactly one fact', async () => {
  const raw = await station('A16');
  const simulated = await SimulatedStation.connect({
    url: gateway.url,
    identity: 'B16',
    password: passwordOf('B16'),
    version: '1.6',
    retryMilliseconds: 200,
  });
  await eventually(() => gateway.facts.length === 2);
  await gateway.stopNats();
  const posted = simulated.status(1, 'Preparing');
  const payload = { connectorId: 1, transactionId: 7, meterValue: [reading] };
  const refused = await raw.call('m1', 'MeterValues', payload);
  expect(refused.slice(0, 3)).toEqual([4, 'm1', 'InternalError']);
  // What needs no broker is answered as ever.
  expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);

  await gateway.startNatsAgain();
  let answer = await raw.call('m2', 'MeterValues', payload);
  for (let attempt = 3; answer[0] !== 3; attempt += 1) {
    await pause(200);
    answer = await raw.call(`m${attempt}`, 'MeterValues', payload);
  }
  await raw.call('m-again', 'MeterValues', payload);
  await posted;
  await simulated.close();
  await eventually(() => gateway.factsOf('B16', 'station-connection-changed').at(-1)?.connected === false, 20_000);
  expect(gateway.factsOf('A16', 'transaction-reported')).toHaveLength(1);
  expect(gateway.factsOf('B16', 'connector-status-reported')).toHaveLength(1);
}, 55_000);

it('a silent registry makes starts repeat, and only leaves idTagInfo out of a stop', async () => {
  const raw = await station('A16');
  const newer = await station('A20', 'ocpp2.0.1');
  const stopping = await station('B16');
  gateway.registry.silent = true;
  const event = {
    eventType: 'Started',
    timestamp: start.timestamp,
    triggerReason: 'Authorized',
    seqNo: 0,
    transactionInfo: { transactionId: 'tx-1' },
    idToken: { idToken: 'OK1', type: 'ISO14443' },
  };
  const answers = await Promise.all([
    newer.call('e0', 'TransactionEvent', event),
    raw.call('s0', 'StartTransaction', start),
    stopping.call('s1', 'StopTransaction', { ...stop, idTag: 'OK1' }),
  ]);
  expect(answers.map(([, , answer]) => answer)).toEqual(['InternalError', 'InternalError', {}]);

  gateway.registry.silent = false;
  expect((await newer.call('e1', 'TransactionEvent', event))[0]).toBe(3);
  expect((await raw.call('s2', 'StartTransaction', start))[2]).toMatchObject({ idTagInfo: { status: 'Accepted' } });
  await eventually(() => gateway.factsOf('A16', 'transaction-reported').length > 0);
  expect(gateway.factsOf('A16', 'transaction-reported')).toMatchObject([{ phase: 'started', tokenVerdict: 'Accepted' }]);
  const [stopped] = gateway.factsOf('B16', 'transaction-reported');
  expect(stopped?.phase).toBe('ended');
  expect(stopped?.tokenVerdict).toBeUndefined();
}, 40_000);

it('TX-14: a StartTransaction that was stored before a kill has the same id after it', async () => {
  const raw = await station('A16');
  const [, , first] = await raw.call('s1', 'StartTransaction', start);
  await gateway.process.kill();
  await gateway.startGatewayAgain();
  const again = await station('A16');
  expect((await again.call('s1', 'StartTransaction', start))[2]).toEqual(first);
  await eventually(() => gateway.factsOf('A16', 'station-connection-changed').length === 2);
  expect(new Set(gateway.factsOf('A16', 'transaction-reported').map(({ factId }) => factId)).size).toBe(1);
});

it('SIGTERM: the answers that are owed are given, stations are told to come back, and nothing new is let in', async () => {
  const raw = await station('A16');
  const idle = await station('A20', 'ocpp2.0.1');
  expect(await gateway.readiness()).toBe(200);
  await raw.call('h1', 'Heartbeat');
  const ids = Array.from({ length: 30 }, (_, index) => `m${index}`);
  for (const [index, id] of ids.entries()) {
    const meterValue = [{ ...reading, sampledValue: [{ value: String(index) }] }];
    raw.send([2, id, 'MeterValues', { connectorId: 1, meterValue }]);
  }
  await eventually(() => raw.frames.length > 0);
  const stopped = gateway.process.stop();
  expect(await raw.closed()).toBe(1001);
  expect(await idle.closed()).toBe(1001);
  await stopped;
  expect(await gateway.process.ended).toBe(0);
  expect(raw.frames.map(([type, id]) => [type, id])).toEqual(ids.slice(0, raw.frames.length).map((id) => [3, id]));
  await eventually(() => gateway.factsOf('A16', 'station-connection-changed').length === 2);
  expect(gateway.factsOf('A16', 'meter-values-reported')).toHaveLength(raw.frames.length);
  for (const identity of ['A16', 'A20']) expect(gateway.factsOf(identity, 'station-connection-changed').at(-1)?.connected).toBe(false);
  await expect(station('B16')).rejects.toThrow();
});

import { setTimeout as pause } from 'node:timers/promises';
import { stationClaimsBucket, stationKey } from '@evenkeel/contracts';
import type { Broker } from '@evenkeel/messaging';
import { eventually } from '@evenkeel/testkit';
import { type GatewayPod, GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY } from './small-registry';

let gateway: GatewayUnderTest;
let pod: GatewayPod;
let broker: Broker;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ IDENTITY_FIGHT_REPLACEMENTS: '3' });
  pod = await gateway.startPod();
  broker = await gateway.connectAsGateway();
}, 30_000);
afterAll(async () => {
  await broker.close();
  await pod.process.stop();
  await gateway.stop();
});

async function connect(url: string, identity: string, localAddress = '127.0.0.1'): Promise<RawStation> {
  gateway.registry.register(identity);
  const before = connectionsOf(identity).length;
  const raw = await RawStation.connect(url, { identity, client: { localAddress } });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  await eventually(() => connectionsOf(identity).length > before);
  return raw;
}

const connectionsOf = (identity: string) => gateway.factsOf(identity, 'station-connection-changed').map(({ connected }) => connected);

const ask = (stationId: string) =>
  gateway.operator.callStation({ party: PARTY, stationId, call: { kind: 'raw', action: 'GetConfiguration', payload: {} } });

it('RPC-67, RPC-68: the newest connection wins over an older one in another process, and only its end is the end', async () => {
  const older = await connect(gateway.url, 'MOVES');
  const newer = await connect(pod.url, 'MOVES');
  expect(await older.closed()).toBe(4001);
  const outcome = ask('MOVES');
  newer.send([3, (await newer.nextCommand())[1], {}]);
  expect(await outcome).toMatchObject({ outcome: 'answered' });
  expect(older.frames).toEqual([]);
  const back = await connect(gateway.url, 'MOVES');
  expect(await newer.closed()).toBe(4001);
  expect(connectionsOf('MOVES')).toEqual([true, true, true]);
  back.close();
  await eventually(() => connectionsOf('MOVES').length === 4);
  expect(connectionsOf('MOVES').at(-1)).toBe(false);
});

it('RPC-67: what an older connection has sent is answered to its end', async () => {
  const older = await connect(gateway.url, 'HALFWAY');
  const status = { connectorId: 1, status: 'Available', errorCode: 'NoError', timestamp: '2026-03-01T10:00:00Z' };
  for (let index = 0; index < 20; index += 1) older.send([2, `s${index}`, 'StatusNotification', { ...status, connectorId: index }]);
  await eventually(() => older.frames.length > 0);
  await connect(pod.url, 'HALFWAY');
  await older.closed();
  await eventually(() => gateway.factsOf('HALFWAY', 'connector-status-reported').length === 20);
});

it('RPC-68: a process that has not heard of a newer connection sends no CALL and does not say that the station is gone', async () => {
  const raw = await connect(gateway.url, 'FENCED');
  const bucket = await broker.jetstream.views.kv(stationClaimsBucket.name);
  await bucket.put(stationKey(PARTY, 'FENCED'), JSON.stringify({ claimId: 'elsewhere', connectedAtMs: Date.now() }));
  await expect(ask('FENCED')).rejects.toMatchObject({ code: 'offline' });
  expect(raw.frames).toEqual([]);
  expect(await raw.closed()).toBe(4001);
  const gone = await connect(gateway.url, 'FENCED2');
  await bucket.put(stationKey(PARTY, 'FENCED2'), JSON.stringify({ claimId: 'elsewhere', connectedAtMs: Date.now() }));
  gone.close();
  await gone.closed();
  await pause(300);
  expect([connectionsOf('FENCED'), connectionsOf('FENCED2')]).toEqual([[true], [true]]);
});

it('RPC-67: replacements from different addresses within a minute are told as a fight, and the newest is kept', async () => {
  for (let round = 0; round < 5; round += 1) {
    await connect(gateway.url, 'FOUGHT', '127.0.0.2');
    await connect(gateway.url, 'FOUGHT', '127.0.0.3');
  }
  for (let round = 0; round < 8; round += 1) await connect(gateway.url, 'RESTLESS');
  expect(await gateway.metrics()).toMatch(/evenkeel_gateway_identity_fights_total\{.*\} 1\n/);
  const last = await connect(gateway.url, 'FOUGHT', '127.0.0.2');
  expect((await last.call('h1', 'Heartbeat'))[0]).toBe(3);
});

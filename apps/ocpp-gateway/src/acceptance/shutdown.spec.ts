import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;

const STATIONS = 30;
const CLOSES_PER_SECOND = 20;

beforeEach(async () => {
  gateway = await GatewayUnderTest.start({ STOP_CLOSES_PER_SECOND: String(CLOSES_PER_SECOND) });
});
afterEach(() => gateway.stop());

async function connect(identity: string): Promise<RawStation> {
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  await eventually(() => gateway.factsOf(identity, 'station-connection-changed')[0]);
  return raw;
}

const reading = (index: number) => ({
  connectorId: 1,
  transactionId: 7,
  meterValue: [{ timestamp: new Date(1_772_000_000_000 + index * 60_000).toISOString(), sampledValue: [{ value: String(index) }] }],
});

it('RPC-71: a stopping gateway is not ready, admits nobody, and closes with 1001 at a pace while it serves the others', async () => {
  const stations = await Promise.all(Array.from({ length: STATIONS }, (_, index) => connect(`LEAVES${index}`)));
  const closedAt: number[] = [];
  for (const { socket } of stations) socket.once('close', () => closedAt.push(Date.now()));
  const stoppedAt = Date.now();
  const stopped = gateway.process.stop();
  await pause(200);
  expect(await gateway.readiness()).toBe(503);
  gateway.registry.register('LATE');
  expect(await RawStation.connect(gateway.url, { identity: 'LATE' })).toMatchObject({ status: 503 });
  expect((await stations.at(-1)?.call('h1', 'Heartbeat'))?.[0]).toBe(3);
  await stopped;
  await eventually(() => closedAt.length === STATIONS);
  expect(new Set(stations.map(({ closeCode }) => closeCode))).toEqual(new Set([1001]));
  const tookMs = Math.max(...closedAt) - stoppedAt;
  expect(tookMs).toBeGreaterThan(((STATIONS - 1) / CLOSES_PER_SECOND) * 1000 - 100);
  // In each half of the time about a half of them goes.
  expect(closedAt.filter((at) => at - stoppedAt < tookMs / 2).length).toBeLessThan(STATIONS * 0.7);
  await eventually(() => stations.every((_, index) => gateway.factsOf(`LEAVES${index}`, 'station-connection-changed').length === 2));
});

it('RPC-71: every call that was read before the end is answered, and its fact is durable', async () => {
  const stations = await Promise.all(Array.from({ length: 4 }, (_, index) => connect(`OWED${index}`)));
  for (const raw of stations) for (let index = 0; index < 50; index += 1) raw.send([2, `m${index}`, 'MeterValues', reading(index)]);
  await eventually(() => stations.every(({ frames }) => frames.length > 0));
  await gateway.process.stop();
  for (const [index, raw] of stations.entries()) {
    expect(raw.frames.map(([type, id]) => [type, id])).toEqual(raw.frames.map((_, sent) => [3, `m${sent}`]));
    await eventually(() => gateway.factsOf(`OWED${index}`, 'transaction-reported').length >= raw.frames.length);
    expect(await raw.closed()).toBe(1001);
  }
});

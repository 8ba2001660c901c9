import { setTimeout as pause } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { passwordOf } from './small-registry';

let gateway: GatewayUnderTest;

afterEach(() => gateway.stop());

const knock = (identity: string, password = passwordOf(identity), localAddress = '127.0.0.1') =>
  RawStation.connect(gateway.url, { identity, password, client: { localAddress } });

const statusOf = (answer: Awaited<ReturnType<typeof knock>>) => (answer instanceof RawStation ? 101 : answer.status);

it('RPC-71: a fleet that comes at once stands in line and is let in at the rate of the gateway, each station once', async () => {
  gateway = await GatewayUnderTest.start({ UPGRADES_PER_SECOND: '10' });
  const identities = Array.from({ length: 30 }, (_, index) => `STORM${index}`);
  for (const identity of identities) gateway.registry.register(identity);
  const began = Date.now();
  const letIn: number[] = [];
  const answers = await Promise.all(
    identities.map(async (identity) => {
      const answer = await knock(identity);
      letIn.push(Date.now() - began);
      return answer;
    }),
  );
  expect(answers.map(statusOf)).toEqual(identities.map(() => 101));
  // Ten begin in the first second, and the last of the others two seconds later.
  expect(Math.max(...letIn)).toBeGreaterThan(1_800);
  expect(gateway.registry.asked.filter(({ name }) => name === 'admitStation')).toHaveLength(30);
});

it('RPC-71: for whom the line is too long is turned away for a while, each for another, and let in later', async () => {
  gateway = await GatewayUnderTest.start({ UPGRADES_PER_SECOND: '1', UPGRADE_WAIT_SECONDS: '3' });
  const identities = Array.from({ length: 60 }, (_, index) => `STORM${index}`);
  for (const identity of identities) gateway.registry.register(identity);
  const answers = await Promise.all(identities.map((identity) => knock(identity)));
  const refused = answers.flatMap((answer) => (answer instanceof RawStation ? [] : [answer]));
  // One begins, and three wait for as many seconds, at the end of which the last may have waited too long.
  expect(refused.length).toBeGreaterThanOrEqual(56);
  expect(refused.length).toBeLessThan(59);
  expect(new Set(refused.map(({ status }) => status))).toEqual(new Set([503]));
  const waits = refused.map(({ headers }) => Number(headers['retry-after']));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...waits)).toBeLessThanOrEqual(60);
  expect(new Set(waits).size).toBeGreaterThan(10);
  expect(statusOf(await knock('STORM59'))).toBe(101);
  expect(await gateway.metrics()).toMatch(/upgrades_total\{result="too-many-upgrades"/);
});

it('RPC-71: no more upgrades are under way than allowed, however slow the registry is', async () => {
  gateway = await GatewayUnderTest.start({ UPGRADES_AT_ONCE: '3' });
  for (const identity of ['CP1', 'CP2', 'CP3', 'CP4']) gateway.registry.register(identity);
  gateway.registry.silent = true;
  const first = Promise.all([knock('CP1'), knock('CP2'), knock('CP3')]);
  const asked = () => gateway.registry.asked.filter(({ name }) => name === 'admitStation').length;
  while (asked() < 3) await pause(20);
  const fourth = knock('CP4');
  await pause(300);
  expect(asked()).toBe(3);
  gateway.registry.silent = false;
  // Its turn is when one of those before it has been told that nobody answers.
  expect((await first).map(statusOf)).toEqual([503, 503, 503]);
  expect(statusOf(await fourth)).toBe(101);
});

it('RPC-71: a station that has hung up while it stood in line costs the registry nothing', async () => {
  gateway = await GatewayUnderTest.start({ UPGRADES_AT_ONCE: '1' });
  for (const identity of ['CP1', 'CP2', 'CP3']) gateway.registry.register(identity);
  gateway.registry.silent = true;
  const first = knock('CP1');
  const asked = () => gateway.registry.asked.filter(({ name }) => name === 'admitStation').length;
  while (asked() < 1) await pause(20);
  const gone = new WebSocket(`${gateway.url}/CP2`, ['ocpp1.6']);
  gone.on('error', () => undefined);
  await pause(200);
  gone.terminate();
  const third = knock('CP3');
  gateway.registry.silent = false;
  expect(statusOf(await first)).toBe(503);
  expect(statusOf(await third)).toBe(101);
  expect(asked()).toBe(2);
});

it('RPC-10, RPC-39: who fails again and again waits longer each time; others at the address and the station elsewhere do not', async () => {
  gateway = await GatewayUnderTest.start({ FREE_FAILURES: '3' });
  for (const identity of ['CP1', 'CP2']) gateway.registry.register(identity);
  const guesses = [];
  for (let guess = 0; guess < 4; guess += 1) guesses.push(statusOf(await knock('CP1', 'wrong-password-000')));
  expect(guesses).toEqual([401, 401, 401, 429]);
  const locked = await knock('CP1');
  expect(locked).toMatchObject({ status: 429, headers: { 'retry-after': '1' } });
  expect(statusOf(await knock('CP2'))).toBe(101);
  expect(statusOf(await knock('CP1', passwordOf('CP1'), '127.0.0.2'))).toBe(101);
  await pause(1_000);
  expect(statusOf(await knock('CP1'))).toBe(101);
  // Nobody was asked about what was turned away.
  expect(gateway.registry.asked.filter(({ name }) => name === 'admitStation')).toHaveLength(6);
  expect(gateway.log.some((line) => line.includes('"reason":"wrong-credentials"') && line.includes('/ocpp/CP1'))).toBe(true);
});

it('RPC-91: stations are told intervals of their own near the configured one, the same at each boot', async () => {
  gateway = await GatewayUnderTest.start({ BOOT_INTERVAL_SPREAD_PERCENT: '10', HEARTBEAT_INTERVAL_SECONDS: '1000' });
  const told = async (identity: string, registration: 'accepted' | 'pending') => {
    gateway.registry.register(identity, { registration });
    const raw = await knock(identity);
    if (!(raw instanceof RawStation)) throw new Error('refused');
    const [, , answer] = await raw.call('b1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
    return (answer as { interval: number }).interval;
  };
  const intervals = [];
  for (let index = 0; index < 20; index += 1) intervals.push(await told(`CP${index}`, 'accepted'));
  expect(Math.min(...intervals)).toBeGreaterThanOrEqual(900);
  expect(Math.max(...intervals)).toBeLessThanOrEqual(1100);
  expect(new Set(intervals).size).toBeGreaterThan(10);
  expect(await told('CP0', 'accepted')).toBe(intervals[0]);
  const waits = [];
  for (let index = 0; index < 10; index += 1) waits.push(await told(`CP${index}`, 'pending'));
  expect(new Set(waits).size).toBeGreaterThan(3);
  for (const wait of waits) expect(Math.abs(wait - 60)).toBeLessThanOrEqual(6);
});

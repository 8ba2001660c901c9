import { setTimeout as pause } from 'node:timers/promises';
import type { OcppVersion } from '@evenkeel/ocpp';
import { eventually } from '@evenkeel/testkit';
import { type GatewayPod, GatewayUnderTest } from './gateway-under-test';
import { type Frame, RawStation } from './raw-station';

let gateway: GatewayUnderTest;
let pod: GatewayPod;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  pod = await gateway.startPod();
}, 30_000);
afterAll(async () => {
  await pod.process.stop();
  await gateway.stop();
});

async function connect(url: string, identity: string, protocol = 'ocpp2.0.1'): Promise<RawStation> {
  const raw = await RawStation.connect(url, { identity, protocols: [protocol] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return raw;
}

/** A station of its own with a token of its own, which is accepted until the test says otherwise. */
function register() {
  names += 1;
  const [identity, token] = [`AGAIN${names}`, `TOKEN${names}`];
  gateway.registry.register(identity);
  gateway.registry.tokens.set(token, { verdict: 'Accepted', groupId: `GROUP${names}` });
  const block = () => gateway.registry.tokens.set(token, { verdict: 'Blocked' });
  return { identity, token, block };
}

const event = (token: string, seqNo = 0) => ({
  eventType: 'Started',
  timestamp: '2026-03-01T10:00:00Z',
  triggerReason: 'Authorized',
  seqNo,
  transactionInfo: { transactionId: 'tx-1' },
  idToken: { idToken: token, type: 'ISO14443' },
});
const stop = (token: string) => ({ transactionId: 7, idTag: token, meterStop: 6000, timestamp: '2026-03-01T11:10:00Z' });
const verdictOf = (answer: Frame) => (answer[2] as { idTokenInfo?: { status: string } }).idTokenInfo?.status;
/** Answers are written behind. */
const written = () => pause(300);

it.each([
  ['2.0.1', 'ocpp2.0.1', 'TransactionEvent', event],
  ['1.6', 'ocpp1.6', 'StopTransaction', stop],
] as [OcppVersion, string, string, (token: string) => object][])(
  'RPC-60, RPC-61: OCPP %s: a repetition gets the stored answer, on another connection, in another process and after a restart',
  async (_, protocol, action, payloadOf) => {
    const { identity, token, block } = register();
    const payload = payloadOf(token);
    const first = await connect(gateway.url, identity, protocol);
    const answer = await first.call('m1', action, payload);
    expect(JSON.stringify(answer)).toContain('Accepted');
    block();
    expect(await first.call('m1', action, payload)).toEqual(answer);
    await written();
    const elsewhere = await connect(pod.url, identity, protocol);
    expect(await elsewhere.call('m1', action, payload)).toEqual(answer);
    const back = await connect(gateway.url, identity, protocol);
    expect(await back.call('m1', action, payload)).toEqual(answer);
    await gateway.process.stop();
    await gateway.startGatewayAgain();
    const restarted = await connect(gateway.url, identity, protocol);
    expect(await restarted.call('m1', action, payload)).toEqual(answer);
    expect(await gateway.metrics()).toMatch(/evenkeel_gateway_answers_repeated_total\{.*\} 1\n/);
    await eventually(() => gateway.factsOf(identity, 'transaction-reported').length > 0);
    expect(new Set(gateway.factsOf(identity, 'transaction-reported').map(({ factId }) => factId)).size).toBe(1);
    restarted.close();
  },
);

it('RPC-60: an answer that was given just before a graceful stop is remembered after it', async () => {
  const { identity, token, block } = register();
  const raw = await connect(gateway.url, identity);
  const answer = await raw.call('m1', 'TransactionEvent', event(token));
  const stopped = gateway.process.stop();
  block();
  await stopped;
  await gateway.startGatewayAgain();
  const again = await connect(gateway.url, identity);
  expect(await again.call('m1', 'TransactionEvent', event(token))).toEqual(answer);
});

it('RPC-60: the same id with another content is a new message, and a new id with the same content is judged anew', async () => {
  const { identity, token, block } = register();
  const raw = await connect(gateway.url, identity);
  expect(verdictOf(await raw.call('1', 'TransactionEvent', event(token)))).toBe('Accepted');
  block();
  expect(verdictOf(await raw.call('1', 'TransactionEvent', event(token, 1)))).toBe('Blocked');
  expect(verdictOf(await raw.call('2', 'TransactionEvent', event(token)))).toBe('Blocked');
  await eventually(() => gateway.factsOf(identity, 'transaction-reported').length >= 2);
  await pause(100);
  expect(new Set(gateway.factsOf(identity, 'transaction-reported').map(({ factId }) => factId)).size).toBe(2);
});

it('RPC-60: a boot and a card are never answered from memory: a station that counts from 1 again means another boot', async () => {
  const { identity, token, block } = register();
  const raw = await connect(gateway.url, identity);
  const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } };
  const idToken = { idToken: token, type: 'ISO14443' };
  const times = [];
  for (let round = 0; round < 2; round += 1) {
    const [, , answer] = await raw.call('1', 'BootNotification', boot);
    times.push((answer as { currentTime: string }).currentTime);
    expect(verdictOf(await raw.call('2', 'Authorize', { idToken }))).toBe(round === 0 ? 'Accepted' : 'Blocked');
    block();
    await pause(5);
  }
  expect(times[0]).not.toBe(times[1]);
  await eventually(() => gateway.factsOf(identity, 'station-booted').length === 2);
});

it('RPC-61: a CALLERROR is never repeated from memory', async () => {
  const { identity, token } = register();
  const raw = await connect(gateway.url, identity);
  const { seqNo: _, ...unnumbered } = event(token);
  expect((await raw.call('m1', 'TransactionEvent', unnumbered))[0]).toBe(4);
  gateway.registry.silent = true;
  const refused = raw.call('m2', 'TransactionEvent', event(token));
  await eventually(() => gateway.registry.asked.at(-1)?.name === 'authorizeToken');
  expect((await refused)[2]).toBe('InternalError');
  gateway.registry.silent = false;
  expect(verdictOf(await raw.call('m2', 'TransactionEvent', event(token)))).toBe('Accepted');
}, 30_000);

it('RPC-60: what is remembered names neither the card nor its group', async () => {
  const { identity, token } = register();
  const raw = await connect(gateway.url, identity);
  expect(JSON.stringify(await raw.call('m1', 'TransactionEvent', event(token)))).toContain('GROUP');
  await written();
  const broker = await gateway.connectAsGateway();
  const bucket = await broker.jetstream.views.kv('recent-answers', { bindOnly: true });
  const stored = await bucket.get(`us-chg.${identity.toLowerCase()}`);
  const [[mark, sealed]] = stored?.json<[[string, string]]>() ?? [['', '']];
  expect(mark).toMatch(/^[0-9a-f]{32}$/);
  expect(Buffer.from(sealed, 'base64').length).toBeGreaterThan(50);
  expect(`${stored?.string()} ${Buffer.from(sealed, 'base64')}`).not.toMatch(/GROUP|TOKEN/);
  await broker.close();
});

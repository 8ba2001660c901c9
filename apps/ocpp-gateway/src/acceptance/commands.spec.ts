import { setTimeout as pause } from 'node:timers/promises';
import { Problem, type Reply, type Request } from '@evenkeel/contracts';
import { requestSchema } from '@evenkeel/ocpp';
import { acceleratedClock, SimulatedStation } from '@evenkeel/station-simulator';
import { eventually } from '@evenkeel/testkit';
import type { SpokenVersion } from '../connection/station';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';
import { PARTY, passwordOf, type RegisteredStation } from './small-registry';

let gateway: GatewayUnderTest;
let names = 0;

const CALL_TIMEOUT_MS = 700;
beforeAll(async () => {
  gateway = await GatewayUnderTest.start({ CALL_TIMEOUT_MS: String(CALL_TIMEOUT_MS), PING_INTERVAL_MS: '1000' });
  gateway.registry.tokens.set('OK1', { verdict: 'Accepted' });
});
afterAll(() => gateway.stop());

const PROTOCOLS = { '1.6': 'ocpp1.6', '2.0.1': 'ocpp2.0.1', '2.1': 'ocpp2.1' } as const;

async function station(version: SpokenVersion = '1.6', registered: Partial<RegisteredStation> = {}) {
  names += 1;
  const identity = `CMD ${names}`.replace(' ', version === '1.6' ? ' ' : '-');
  gateway.registry.register(identity, registered);
  const raw = await RawStation.connect(gateway.url, { identity, protocols: [PROTOCOLS[version]] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  // Its commands are heard as soon as it is connected.
  await eventually(() => gateway.factsOf(identity, 'station-connection-changed')[0]);
  return Object.assign(raw, { identity });
}

function ask(stationId: string, call: Request<'callStation'>['call']): Promise<Reply<'callStation'>> {
  return gateway.operator.callStation({ party: PARTY, stationId, call });
}

async function problemOf(asked: Promise<unknown>): Promise<Problem> {
  const failure = await asked.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(failure instanceof Problem)) throw new Error(`no problem, but ${String(failure)}`);
  return failure;
}

const raw16 = (action: string, payload: Record<string, unknown> = {}) => ({ kind: 'raw' as const, action, payload });
const neutral = (action: string, payload: Record<string, unknown>) => ({ kind: 'neutral' as const, action, payload });
const start = (more: { evseId?: number } = {}, idToken = 'OK1') =>
  neutral('RequestStartTransaction', { remoteStartId: 7, idToken: { idToken, type: 'ISO14443' }, ...more });
const stop = (transactionId: string) => neutral('RequestStopTransaction', { transactionId });

it.each(['1.6', '2.0.1'] as const)('C6-01, C2-02: %s: a simulated station starts and stops a session as told', async (version) => {
  const identity = `OBEYS-${version}`;
  gateway.registry.register(identity);
  const simulated = await SimulatedStation.connect({
    url: gateway.url,
    identity,
    password: passwordOf(identity),
    version,
    clock: acceleratedClock(100),
    remotePlan: { energyWh: 5_000, meterValues: 50, secondsBetweenMeterValues: 60 },
  });
  await eventually(() => gateway.factsOf(identity, 'station-connection-changed')[0]);
  expect(await ask(identity, start({ evseId: 1 }))).toMatchObject({ outcome: 'answered', payload: { status: 'Accepted' } });
  // A 1.6 station knows the transaction's id once the answer has reached it: its first reading shows that.
  const started = await eventually(() => {
    const [start, reading] = gateway.factsOf(identity, 'transaction-reported');
    return reading && start;
  });
  if (version === '2.0.1') expect(started.remoteStartId).toBeGreaterThan(0);
  expect(await ask(identity, stop(started.transactionId))).toMatchObject({ payload: { status: 'Accepted' } });
  const ended = await eventually(() => gateway.factsOf(identity, 'transaction-reported').find(({ phase }) => phase === 'ended'));
  expect(ended).toMatchObject({ transactionId: started.transactionId, stopReason: 'Remote' });
  expect(await ask(identity, stop('424242'))).toMatchObject({ payload: { status: 'Rejected' } });
  await simulated.close();
});

it.each([
  ['1.6', start(), 'RemoteStartTransaction', { idTag: 'OK1' }],
  ['1.6', start({ evseId: 2 }), 'RemoteStartTransaction', { idTag: 'OK1', connectorId: 2 }],
  ['1.6', stop('77'), 'RemoteStopTransaction', { transactionId: 77 }],
  ['2.0.1', start(), 'RequestStartTransaction', { remoteStartId: 7, idToken: { idToken: 'OK1', type: 'ISO14443' } }],
  ['2.0.1', stop('tx-1'), 'RequestStopTransaction', { transactionId: 'tx-1' }],
] as const)('C6-01, C2-02: %s: %j leaves as a valid %s', async (version, call, action, payload) => {
  const raw = await station(version);
  const outcome = ask(raw.identity, call);
  const [, id, sentAction, sentPayload] = await raw.nextCommand();
  expect(sentAction).toBe(action);
  expect(sentPayload).toMatchObject(payload);
  expect(requestSchema(version, action)?.explain(sentPayload)).toBeUndefined();
  if (version === '1.6') expect(sentPayload).toEqual(payload);
  raw.send([3, id, { status: 'Rejected' }]);
  expect(await outcome).toEqual({
    outcome: 'answered',
    action,
    payload: { status: 'Rejected' },
    neutral: { action: call.action, request: call.payload, answer: { status: 'Rejected' } },
  });
});

it('RP-08, RPC-54: the second command leaves after the answer to the first, and transactions come first', async () => {
  const raw = await station();
  const outcomes = [
    ask(raw.identity, raw16('GetConfiguration', { key: ['A'] })),
    ask(raw.identity, raw16('GetConfiguration', { key: ['B'] })),
    ask(raw.identity, stop('1')),
  ];
  const first = await raw.nextCommand();
  await pause(100);
  expect(raw.frames).toEqual([]);
  raw.send([3, first[1], { unknownKey: ['A'] }]);
  const second = await raw.nextCommand();
  expect(second[2]).toBe('RemoteStopTransaction');
  raw.send([3, second[1], { status: 'Accepted' }]);
  const third = await raw.nextCommand();
  expect(third[3]).toEqual({ key: ['B'] });
  raw.send([3, third[1], { unknownKey: ['B'] }]);
  expect((await Promise.all(outcomes)).map(({ outcome }) => outcome)).toEqual(['answered', 'answered', 'answered']);
});

it('RP-09, RPC-55: a station may say something before it answers a command', async () => {
  const raw = await station();
  const outcome = ask(raw.identity, start());
  const [, id] = await raw.nextCommand();
  const status = { connectorId: 1, status: 'Preparing', errorCode: 'NoError' };
  expect((await raw.call('s1', 'StatusNotification', status))[0]).toBe(3);
  expect((await raw.call('h1', 'Heartbeat'))[0]).toBe(3);
  raw.send([3, id, { status: 'Accepted' }]);
  expect(await outcome).toMatchObject({ outcome: 'answered' });
});

it('RP-10, RPC-57, RPC-62: a command that is not answered times out, the next one leaves, and a late answer changes nothing', async () => {
  const raw = await station();
  const first = ask(raw.identity, raw16('GetConfiguration', { key: ['A'] }));
  const second = ask(raw.identity, raw16('GetConfiguration', { key: ['B'] }));
  const before = Date.now();
  const [, lateId] = await raw.nextCommand();
  expect(await first).toEqual({ outcome: 'timeout' });
  expect(Date.now() - before).toBeGreaterThanOrEqual(CALL_TIMEOUT_MS - 50);
  const [, id, , payload] = await raw.nextCommand();
  expect(payload).toEqual({ key: ['B'] });
  raw.send([3, lateId, { unknownKey: ['A'] }]);
  raw.send([3, id, { unknownKey: ['B'] }]);
  expect(await second).toMatchObject({ outcome: 'answered', payload: { unknownKey: ['B'] } });
});

it('a CALLERROR and an unusable answer are refusals', async () => {
  const raw = await station();
  const first = ask(raw.identity, raw16('ClearCache'));
  raw.send([4, (await raw.nextCommand())[1], 'NotSupported', 'no cache', {}]);
  expect(await first).toEqual({ outcome: 'refused', errorCode: 'NotSupported', description: 'no cache' });
  const second = ask(raw.identity, raw16('ClearCache'));
  raw.send([3, (await raw.nextCommand())[1], { status: 'Perhaps' }]);
  expect(await second).toMatchObject({ outcome: 'refused', errorCode: 'PropertyConstraintViolation' });
});

it.each([
  ['an unknown action', 'not-supported', raw16('DoMagic')],
  ['an action of the station', 'not-supported', raw16('Heartbeat')],
  ['an action of another version', 'not-supported', raw16('GetVariables', { getVariableData: [] })],
  ['a payload that breaks the schema', 'invalid', raw16('Reset', { type: 'Gentle' })],
  ['a payload that is no object', 'invalid', JSON.parse('{"kind":"raw","action":"Reset","payload":"Hard"}')],
  ['a transaction id that is no number', 'not-supported', stop('tx-1')],
  ['an idTag that is too long', 'not-supported', start({}, 'X'.repeat(21))],
  ['a neutral call that OCPP 2.1 does not have', 'invalid', neutral('RemoteStartTransaction', { idTag: 'OK1' })],
  ['a neutral call that OCPP 1.6 cannot say', 'not-supported', neutral('CostUpdated', { totalCost: 1, transactionId: '7' })],
  ['a request that is none', 'invalid', JSON.parse('{"kind":"dance"}')],
])('%s is not sent', async (_, code, call) => {
  const raw = await station();
  expect((await problemOf(ask(raw.identity, call))).code).toBe(code);
  expect(raw.frames).toEqual([]);
});

it('RPC-90: a rejected station is sent nothing, a pending one may be configured but not told to charge', async () => {
  const rejected = await station('1.6', { registration: 'rejected' });
  expect((await problemOf(ask(rejected.identity, raw16('GetConfiguration')))).code).toBe('forbidden');
  const pending = await station('1.6', { registration: 'pending' });
  expect((await problemOf(ask(pending.identity, start()))).code).toBe('forbidden');
  const outcome = ask(pending.identity, raw16('GetConfiguration'));
  pending.send([3, (await pending.nextCommand())[1], {}]);
  expect(await outcome).toMatchObject({ outcome: 'answered' });
});

it('a station that is not connected is offline at once', async () => {
  const raw = await station();
  raw.close();
  await eventually(() => gateway.factsOf(raw.identity, 'station-connection-changed').at(-1)?.connected === false);
  expect((await problemOf(ask(raw.identity, raw16('GetConfiguration')))).code).toBe('offline');
});

it('RPC-63: when the connection is lost the outcome of a sent command is unknown, and a queued one was not sent', async () => {
  const raw = await station();
  const sent = ask(raw.identity, raw16('GetConfiguration'));
  const queued = ask(raw.identity, raw16('GetConfiguration'));
  await raw.nextCommand();
  raw.socket.terminate();
  expect(await sent).toEqual({ outcome: 'timeout' });
  expect((await problemOf(queued)).code).toBe('offline');
});

it('a password in a command does not reach the log', async () => {
  const raw = await station();
  const secret = '00112233445566778899aabbccddeeff';
  const outcome = ask(raw.identity, raw16('ChangeConfiguration', { key: 'AuthorizationKey', value: secret }));
  raw.send([3, (await raw.nextCommand())[1], { status: 'Accepted' }]);
  expect(await outcome).toMatchObject({ outcome: 'answered' });
  expect(gateway.log.join('\n')).not.toContain(secret);
});

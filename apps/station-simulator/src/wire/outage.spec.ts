// What a station must survive: refused connections, lost answers, a back end that crashes in the middle of a session.
import type { Request } from '@evenkeel/ocpp';
import { CallTimedOut, HandshakeRefused, SimulatedStation, StationClosed } from '../index';
import { eventually, type ReceivedCall, type Script, ScriptedBackEnd } from '../testing/scripted-back-end';

const START = Date.parse('2026-03-01T10:00:00Z');
const plan = {
  connectorId: 1,
  token: 'OK1',
  energyWh: 9_000,
  meterValues: 8,
  secondsBetweenMeterValues: 600,
  powerCurve: [1],
  startedAt: START,
};

const wellBehaved = ({ action }: ReceivedCall): object => {
  if (action === 'Authorize') return { idTagInfo: { status: 'Accepted' } };
  return action === 'StartTransaction' ? { transactionId: 7, idTagInfo: { status: 'Accepted' } } : {};
};

let backEnd: ScriptedBackEnd;
let station: SimulatedStation | undefined;

async function start(script: Script, pauseMilliseconds = 0): Promise<SimulatedStation> {
  backEnd = new ScriptedBackEnd('1.6', script);
  await backEnd.listen();
  return SimulatedStation.connect({
    url: backEnd.url,
    identity: 'SIM3',
    version: '1.6',
    clock: { now: () => START, pause: () => new Promise((resolve) => setTimeout(resolve, pauseMilliseconds)) },
    firstReconnectMilliseconds: 10,
    retryMilliseconds: 10,
    // Longer than the back end takes to compile a schema on a busy machine.
    callTimeoutMilliseconds: 300,
  });
}

afterEach(async () => {
  await station?.close();
  await backEnd.die();
  expect(backEnd.violations).toEqual([]);
});

/** The registers the back end knows, each reading once. */
const registers = () => {
  const told = backEnd.payloadsOf<Request<'1.6', 'MeterValues'>>('MeterValues');
  return [...new Set(told.map(({ meterValue }) => Number(meterValue[0]?.sampledValue[0]?.value)))];
};

test('a refused handshake says why', async () => {
  backEnd = new ScriptedBackEnd('1.6', wellBehaved);
  backEnd.refuseWith = 401;
  await backEnd.listen();
  const refused = SimulatedStation.connect({ url: backEnd.url, identity: 'SIM3', version: '1.6' });
  await expect(refused).rejects.toEqual(new HandshakeRefused(401));
});

test('a back end that crashes and comes back loses no message and gets them in order', async () => {
  let told = 0;
  let death: Promise<void> | undefined;
  station = await start((call) => {
    if (call.action === 'MeterValues' && ++told === 3) death = backEnd.die();
    return wellBehaved(call);
  }, 5);
  const session = station.charge(plan);
  await eventually(() => death !== undefined);
  await death;
  await eventually(() => (station?.unconfirmedMessages ?? 0) >= 3);
  await backEnd.listen();
  expect(await session).toMatchObject({ meterStopWh: 9_000 });
  expect(station.unconfirmedMessages).toBe(0);
  expect(registers()).toEqual([1_125, 2_250, 3_375, 4_500, 5_625, 6_750, 7_875, 9_000]);
  expect(backEnd.payloadsOf('StopTransaction')).toHaveLength(1);
});

test('an answer lost in a crash is asked for again: same payload, new message id', async () => {
  let crashed = false;
  station = await start((call) => {
    if (call.action !== 'StartTransaction' || crashed) return wellBehaved(call);
    crashed = true;
    return 'crash';
  });
  expect(await station.charge(plan)).toMatchObject({ transactionId: '7' });
  const starts = backEnd.received.filter(({ action }) => action === 'StartTransaction');
  expect(starts).toHaveLength(2);
  expect(starts[0]?.payload).toEqual(starts[1]?.payload);
  expect(starts[0]?.id).not.toBe(starts[1]?.id);
});

test.each(['refuse', 'silence'] as const)('a transaction message is repeated after %s', async (failure) => {
  let failures = 2;
  station = await start((call) => {
    if (call.action !== 'StopTransaction' || failures === 0) return wellBehaved(call);
    failures -= 1;
    return failure;
  });
  await station.charge(plan);
  expect(backEnd.payloadsOf('StopTransaction')).toHaveLength(3);
});

test('Authorize survives a lost connection', async () => {
  let crashed = false;
  station = await start((call) => {
    if (crashed) return wellBehaved(call);
    crashed = true;
    return 'crash';
  });
  expect(await station.authorize('OK1')).toBe('Accepted');
});

test('a modem that dies reconnects without a boot', async () => {
  station = await start(wellBehaved);
  station.dropConnection();
  await station.status(1, 'Faulted');
  expect(backEnd.paths).toHaveLength(2);
  expect(backEnd.actions().filter((action) => action === 'BootNotification')).toEqual([]);
});

test('a call that is not a transaction message fails when it is not answered, and the line stays usable', async () => {
  station = await start((call) => (call.action === 'DataTransfer' ? 'silence' : wellBehaved(call)));
  const unanswered = station.call('DataTransfer', { vendorId: 'com.example' });
  const next = station.authorize('OK1');
  await expect(unanswered).rejects.toEqual(new CallTimedOut('DataTransfer'));
  expect(await next).toBe('Accepted');
});

test('only one call is outstanding at a time', async () => {
  let outstanding = 0;
  let most = 0;
  station = await start(async (call) => {
    outstanding += 1;
    most = Math.max(most, outstanding);
    await new Promise((resolve) => setTimeout(resolve, 2));
    outstanding -= 1;
    return wellBehaved(call);
  });
  await Promise.all([station.charge(plan), station.charge({ ...plan, connectorId: 2 }), station.authorize('OK1')]);
  expect(most).toBe(1);
});

test('closing the station ends what is under way', async () => {
  station = await start((call) => (call.action === 'StartTransaction' ? 'silence' : wellBehaved(call)));
  const session = station.charge(plan);
  const ended = expect(session).rejects.toEqual(new StationClosed());
  await eventually(() => backEnd.actions().includes('StartTransaction'));
  await station.close();
  await ended;
});

import { acceleratedClock, SimulatedStation } from '@evenkeel/station-simulator';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest, identity } from './gateway-under-test';
import { type Frame, RawStation } from './raw-station';
import { passwordOf } from './small-registry';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const { tokens } = gateway.registry;
  tokens.set('OK1', { verdict: 'Accepted' });
  tokens.set('GRP1', { verdict: 'Accepted', groupId: 'G' });
  tokens.set('GRP2', { verdict: 'Accepted', groupId: 'G', expiresAt: '2030-01-01T00:00:00.000Z' });
  tokens.set('BLK', { verdict: 'Blocked' });
  tokens.set('EXP', { verdict: 'Expired' });
  tokens.set('POOR', { verdict: 'NoCredit' });
});
afterAll(() => gateway.stop());

async function station() {
  names += 1;
  const identity = `A16-${names}`;
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return Object.assign(raw, { identity });
}

const start = { connectorId: 1, idTag: 'OK1', meterStart: 1000, timestamp: '2026-03-01T10:00:00Z' };
const stop = { meterStop: 6000, timestamp: '2026-03-01T11:10:00Z' };

function reading(value: string, minute: number, unit = 'Wh') {
  return [{ timestamp: new Date(Date.UTC(2026, 2, 1, 10, minute)).toISOString(), sampledValue: [{ value, unit }] }];
}

function payloadOf<T>(frame: Frame): T {
  expect(frame[0]).toBe(3);
  return frame[2] as T;
}
type Started = { transactionId: number; idTagInfo: { status: string; parentIdTag?: string; expiryDate?: string } };

it('T6-01: a whole session of a simulated station becomes its facts', async () => {
  gateway.registry.register('SIM16', { booted: false });
  const clock = acceleratedClock(1_000);
  const simulated = await SimulatedStation.connect({
    url: gateway.url,
    identity: 'SIM16',
    password: passwordOf('SIM16'),
    version: '1.6',
    clock,
  });
  await simulated.bootUntilAccepted();
  const record = await simulated.charge({ connectorId: 1, token: 'OK1', energyWh: 5_000, meterValues: 3, secondsBetweenMeterValues: 60 });
  await simulated.close();
  expect(Number(record.transactionId)).toBeGreaterThan(0);
  await eventually(() => gateway.factsOf('SIM16', 'station-connection-changed').at(-1)?.connected === false);

  const facts = gateway.factsOf('SIM16', 'transaction-reported');
  expect(facts.map(({ phase, transactionId }) => [phase, transactionId])).toEqual(
    ['started', 'updated', 'updated', 'updated', 'ended'].map((phase) => [phase, record.transactionId]),
  );
  expect(facts[0]).toMatchObject({
    meterStartWh: '0',
    token: identity.referenceTo({ uid: 'OK1', type: 'RFID' }),
    tokenVerdict: 'Accepted',
    at: record.startedAt,
  });
  expect(facts[3]?.samples.map(({ value }) => value)[0]).toBe('5000');
  expect(facts[4]).toMatchObject({ meterStopWh: '5000', at: record.stoppedAt });
  const states = gateway.factsOf('SIM16', 'connector-status-reported').filter(({ connectorId }) => connectorId === 1);
  expect(states.map(({ status }) => status)).toEqual(['Available', 'Preparing', 'Charging', 'Finishing', 'Available']);
});

it('T6-02: tokens are judged in the words of OCPP 1.6', async () => {
  const raw = await station();
  const verdicts = [];
  for (const idTag of ['OK1', 'UNK', 'EXP', 'BLK', 'POOR', 'X'.repeat(21), '']) {
    verdicts.push(payloadOf<Started>(await raw.call(`a-${idTag}`, 'Authorize', { idTag })).idTagInfo.status);
  }
  expect(verdicts).toEqual(['Accepted', 'Invalid', 'Expired', 'Blocked', 'Blocked', 'Invalid', 'Invalid']);
});

it('T6-03: the group of a token is told as its parentIdTag', async () => {
  const raw = await station();
  expect(payloadOf<Started>(await raw.call('a', 'Authorize', { idTag: 'GRP1' })).idTagInfo.parentIdTag).toBe('G');
  const { transactionId, idTagInfo } = payloadOf<Started>(await raw.call('b', 'StartTransaction', { ...start, idTag: 'GRP1' }));
  expect(idTagInfo.parentIdTag).toBe('G');
  const stopped = payloadOf<Started>(await raw.call('c', 'StopTransaction', { ...stop, transactionId, idTag: 'GRP2' }));
  expect(stopped.idTagInfo).toEqual({ status: 'Accepted', parentIdTag: 'G', expiryDate: '2030-01-01T00:00:00.000Z' });
});

it('T6-04, TX-15: a refused token has a transaction all the same', async () => {
  const raw = await station();
  const { transactionId, idTagInfo } = payloadOf<Started>(await raw.call('b', 'StartTransaction', { ...start, idTag: 'UNK' }));
  expect(idTagInfo.status).toBe('Invalid');
  expect(transactionId).toBeGreaterThan(0);
  const answer = await raw.call('c', 'StopTransaction', { ...stop, transactionId, meterStop: 1010, reason: 'DeAuthorized' });
  expect(payloadOf(answer)).toEqual({});
  const facts = await eventually(() =>
    gateway.factsOf(raw.identity, 'transaction-reported').length === 2 ? gateway.factsOf(raw.identity, 'transaction-reported') : undefined,
  );
  expect(facts).toMatchObject([
    { phase: 'started', tokenVerdict: 'Invalid', token: { key: identity.tokenKey('unk') } },
    { phase: 'ended', stopReason: 'DeAuthorized', meterStopWh: '1010' },
  ]);
});

it('T6-05, TX-12, TX-13: a repeated StartTransaction has the same id and the same idTagInfo, whatever became of the token, and one fact', async () => {
  const raw = await station();
  const first = await raw.call('m1', 'StartTransaction', { ...start, idTag: 'GRP1' });
  gateway.registry.tokens.set('GRP1', { verdict: 'Blocked' });
  try {
    const repeats = [
      await raw.call('m2', 'StartTransaction', { ...start, idTag: 'GRP1' }),
      await raw.call('m1', 'StartTransaction', { ...start, idTag: 'grp1', timestamp: '2026-03-01T11:00:00+01:00' }),
    ];
    for (const repeat of repeats) expect(JSON.stringify(repeat[2])).toBe(JSON.stringify(first[2]));
    const other = payloadOf<Started>(await raw.call('m3', 'StartTransaction', { ...start, idTag: 'GRP1', meterStart: 1001 }));
    expect(other.transactionId).not.toBe(payloadOf<Started>(first).transactionId);
    expect([other, payloadOf<Started>(first)].every(({ transactionId }) => transactionId > 0)).toBe(true);
    await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').length >= 2);
    const ids = new Set(gateway.factsOf(raw.identity, 'transaction-reported').map(({ factId }) => factId));
    expect(ids.size).toBe(2);
  } finally {
    gateway.registry.tokens.set('GRP1', { verdict: 'Accepted', groupId: 'G' });
  }
});

it('T6-06: a StopTransaction of an unknown transaction is recorded and confirmed, with idTagInfo only for an idTag', async () => {
  const raw = await station();
  expect(payloadOf(await raw.call('c1', 'StopTransaction', { ...stop, transactionId: 999_999 }))).toEqual({});
  expect(payloadOf(await raw.call('c2', 'StopTransaction', { ...stop, transactionId: 999_998, idTag: 'OK1' }))).toEqual({
    idTagInfo: { status: 'Accepted' },
  });
  await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').length === 2);
});

it('T6-07, TX-52: a session that was queued offline is answered in its order, with the times of the station', async () => {
  const raw = await station();
  const before = Date.now() - 7_200_000;
  const at = (minute: number) => new Date(before + minute * 60_000).toISOString();
  raw.send([2, 'q0', 'StartTransaction', { ...start, timestamp: at(0) }]);
  for (let index = 1; index <= 4; index += 1) {
    const meterValue = [{ timestamp: at(index * 10), sampledValue: [{ value: String(1000 + index * 100) }] }];
    raw.send([2, `q${index}`, 'MeterValues', { connectorId: 1, meterValue }]);
  }
  raw.send([2, 'q5', 'StopTransaction', { ...stop, transactionId: -1, timestamp: at(60) }]);
  await eventually(() => raw.frames.length === 6);
  expect(raw.frames.map(([type, id]) => [type, id])).toEqual(['q0', 'q1', 'q2', 'q3', 'q4', 'q5'].map((id) => [3, id]));
  await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').length === 2);
  expect(gateway.factsOf(raw.identity, 'transaction-reported').map(({ at: when }) => when)).toEqual([at(0), at(60)]);
  expect(gateway.factsOf(raw.identity, 'meter-values-reported').map(({ at: when }) => when)).toEqual([10, 20, 30, 40].map(at));
});

it('T6-08: after a reboot the stop of the transaction is confirmed, with its reason', async () => {
  const raw = await station();
  const { transactionId } = payloadOf<Started>(await raw.call('b', 'StartTransaction', start));
  raw.close();
  const again = await RawStation.connect(gateway.url, { identity: raw.identity });
  if (!(again instanceof RawStation)) throw new Error('refused');
  await again.call('b1', 'BootNotification', { chargePointVendor: 'V', chargePointModel: 'M' });
  expect(payloadOf(await again.call('c', 'StopTransaction', { ...stop, transactionId, reason: 'PowerLoss' }))).toEqual({});
  const ended = await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').find(({ phase }) => phase === 'ended'));
  expect(ended).toMatchObject({ transactionId: String(transactionId), stopReason: 'PowerLoss' });
});

it('T6-09: MeterValues after the stop are confirmed and recorded for their transaction', async () => {
  const raw = await station();
  const { transactionId } = payloadOf<Started>(await raw.call('b', 'StartTransaction', start));
  await raw.call('c', 'StopTransaction', { ...stop, transactionId });
  expect(payloadOf(await raw.call('d', 'MeterValues', { connectorId: 1, transactionId, meterValue: reading('5000', 50) }))).toEqual({});
  const late = await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').find(({ phase }) => phase === 'updated'));
  expect(late).toMatchObject({ transactionId: String(transactionId), samples: [{ value: '5000' }] });
});

it('T6-12: both spellings of Celsius are answered, in MeterValues and in transactionData', async () => {
  const raw = await station();
  for (const unit of ['Celcius', 'Celsius']) {
    const meterValue = [{ ...reading('21.5', 1, unit)[0], sampledValue: [{ value: '21.5', measurand: 'Temperature', unit }] }];
    expect(payloadOf(await raw.call(`m-${unit}`, 'MeterValues', { connectorId: 1, meterValue }))).toEqual({});
    const stopped = await raw.call(`s-${unit}`, 'StopTransaction', { ...stop, transactionId: 5, transactionData: meterValue });
    expect(payloadOf(stopped)).toEqual({});
  }
  await eventually(() => gateway.factsOf(raw.identity, 'meter-values-reported').length >= 1);
  for (const { samples } of gateway.factsOf(raw.identity, 'meter-values-reported'))
    expect(samples).toMatchObject([{ value: '21.5', unit: 'Celsius' }]);
});

it('TX-10: unknown connectors, old times and decimal registers are no reason to refuse', async () => {
  const raw = await station();
  const odd = [
    { connectorId: 99 },
    { connectorId: -1 },
    { timestamp: '1970-01-01T00:00:00Z' },
    { timestamp: 'never' },
    { meterStart: 10.5 },
  ];
  for (const [index, change] of odd.entries()) {
    expect(payloadOf<Started>(await raw.call(`o${index}`, 'StartTransaction', { ...start, ...change })).transactionId).toBeGreaterThan(0);
  }
});

import { acceleratedClock, SimulatedStation } from '@evenkeel/station-simulator';
import { eventually } from '@evenkeel/testkit';
import { GatewayUnderTest } from './gateway-under-test';
import { type Frame, RawStation } from './raw-station';
import { passwordOf } from './small-registry';

let gateway: GatewayUnderTest;
let names = 0;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  const { tokens } = gateway.registry;
  tokens.set('OK1', { verdict: 'Accepted' });
  tokens.set('GRP1', { verdict: 'Accepted', groupId: 'G' });
  tokens.set('BLK', { verdict: 'Blocked' });
  tokens.set('EXP', { verdict: 'Expired' });
  tokens.set('POOR', { verdict: 'NoCredit' });
});
afterAll(() => gateway.stop());

async function station() {
  names += 1;
  const identity = `A20-${names}`;
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity, protocols: ['ocpp2.0.1'] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  return Object.assign(raw, { identity });
}

function event(seqNo: number, change: object = {}) {
  return {
    eventType: 'Updated',
    timestamp: new Date(Date.UTC(2026, 2, 1, 10, seqNo)).toISOString(),
    triggerReason: 'MeterValuePeriodic',
    seqNo,
    transactionInfo: { transactionId: 'tx-1' },
    ...change,
  };
}

const token = (idToken: string, type = 'ISO14443') => ({ idToken, type });
const idTokenInfo = ([type, , payload]: Frame) => {
  expect(type).toBe(3);
  return (payload as { idTokenInfo?: { status: string; groupIdToken?: object } }).idTokenInfo;
};

it('T2-01: a whole session of a simulated station becomes its facts', async () => {
  gateway.registry.register('SIM20', { booted: false });
  const clock = acceleratedClock(1_000);
  const simulated = await SimulatedStation.connect({
    url: gateway.url,
    identity: 'SIM20',
    password: passwordOf('SIM20'),
    version: '2.0.1',
    clock,
  });
  await simulated.bootUntilAccepted();
  const record = await simulated.charge({ connectorId: 1, token: 'OK1', energyWh: 5_000, meterValues: 2, secondsBetweenMeterValues: 60 });
  await simulated.close();
  await eventually(() => gateway.factsOf('SIM20', 'station-connection-changed').at(-1)?.connected === false);
  const facts = gateway.factsOf('SIM20', 'transaction-reported');
  expect(facts.map(({ sequenceNumber, phase, chargingState }) => [sequenceNumber, phase, chargingState])).toEqual([
    [0, 'started', 'EVConnected'],
    [1, 'updated', 'Charging'],
    [2, 'updated', 'Charging'],
    [3, 'updated', 'Charging'],
    [4, 'ended', 'EVConnected'],
  ]);
  expect(facts.every(({ transactionId }) => transactionId === record.transactionId)).toBe(true);
  expect(facts[0]).toMatchObject({
    tokenVerdict: 'Accepted',
    evseId: 1,
    connectorId: 1,
    samples: [{ value: '0', context: 'Transaction.Begin' }],
  });
  expect(facts[4]).toMatchObject({ stopReason: 'Local', samples: [{ value: '5000', context: 'Transaction.End' }] });
});

it('T2-01: idTokenInfo is in the answer to each event with a token and in no other', async () => {
  const raw = await station();
  expect(
    idTokenInfo(await raw.call('e0', 'TransactionEvent', event(0, { eventType: 'Started', triggerReason: 'CablePluggedIn' }))),
  ).toBeUndefined();
  const authorized = await raw.call('e1', 'TransactionEvent', event(1, { triggerReason: 'Authorized', idToken: token('OK1') }));
  expect(idTokenInfo(authorized)).toEqual({ status: 'Accepted' });
  expect(idTokenInfo(await raw.call('e2', 'TransactionEvent', event(2)))).toBeUndefined();
  const ended = event(3, { eventType: 'Ended', triggerReason: 'StopAuthorized', idToken: token('OK1') });
  expect(idTokenInfo(await raw.call('e3', 'TransactionEvent', ended))).toEqual({ status: 'Accepted' });
});

it('T2-02: the EVSE may come later than the token', async () => {
  const raw = await station();
  await raw.call('e0', 'TransactionEvent', event(0, { eventType: 'Started', triggerReason: 'Authorized', idToken: token('OK1') }));
  await raw.call('e1', 'TransactionEvent', event(1, { triggerReason: 'CablePluggedIn', evse: { id: 2, connectorId: 1 } }));
  await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').length === 2);
  expect(gateway.factsOf(raw.identity, 'transaction-reported').map(({ evseId }) => evseId)).toEqual([undefined, 2]);
});

it('T2-03, T2-06: tokens are judged in the words of OCPP 2.0.1, in Authorize and in events, and recorded whatever the verdict', async () => {
  const raw = await station();
  const verdicts = { UNK: 'Invalid', BLK: 'Blocked', EXP: 'Expired', POOR: 'NoCredit' };
  let seqNo = 0;
  for (const [uid, status] of Object.entries(verdicts)) {
    expect(idTokenInfo(await raw.call(`a-${uid}`, 'Authorize', { idToken: token(uid) }))?.status).toBe(status);
    expect(idTokenInfo(await raw.call(`e-${uid}`, 'TransactionEvent', event(seqNo, { idToken: token(uid) })))?.status).toBe(status);
    seqNo += 1;
  }
  await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported').length === 4);
  expect(gateway.factsOf(raw.identity, 'transaction-reported').map(({ tokenVerdict }) => tokenVerdict)).toEqual(Object.values(verdicts));
});

it('T2-04: the group of a token is told', async () => {
  const raw = await station();
  const groupIdToken = { idToken: 'G', type: 'Central' };
  expect(idTokenInfo(await raw.call('a', 'Authorize', { idToken: token('GRP1') }))).toMatchObject({ groupIdToken });
  const started = event(0, { eventType: 'Started', triggerReason: 'Authorized', idToken: token('GRP1') });
  expect(idTokenInfo(await raw.call('e', 'TransactionEvent', started))).toMatchObject({ groupIdToken });
});

it('T2-05: a start button is accepted without asking anybody', async () => {
  const raw = await station();
  const asked = gateway.registry.asked.length;
  const started = event(0, { eventType: 'Started', triggerReason: 'Authorized', idToken: token('', 'NoAuthorization') });
  expect(idTokenInfo(await raw.call('e', 'TransactionEvent', started))).toEqual({ status: 'Accepted' });
  expect(gateway.registry.asked.length).toBe(asked);
  expect((await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported')[0])).token).toBeUndefined();
});

it('T2-07: events out of order and repeated as offline are answered; a repetition is the same fact', async () => {
  const raw = await station();
  const order: [number, object][] = [
    [0, { eventType: 'Started' }],
    [1, {}],
    [2, {}],
    [5, { eventType: 'Ended', offline: true }],
    [3, { offline: true }],
    [4, { offline: true }],
    [2, { offline: true }],
  ];
  for (const [index, [seqNo, change]] of order.entries()) {
    expect((await raw.call(`e${index}`, 'TransactionEvent', event(seqNo, change)))[0]).toBe(3);
  }
  await eventually(
    () => gateway.factsOf(raw.identity, 'transaction-reported').filter(({ sequenceNumber }) => sequenceNumber === 4).length === 1,
  );
  const facts = gateway.factsOf(raw.identity, 'transaction-reported');
  expect(new Set(facts.map(({ factId }) => factId)).size).toBe(6);
});

it('T2-12: MeterValues of an EVSE and of the main meter are told apart', async () => {
  const raw = await station();
  const meterValue = [
    { timestamp: '2026-03-01T10:15:00Z', sampledValue: [{ value: 12.5, context: 'Sample.Clock', unitOfMeasure: { unit: 'kWh' } }] },
  ];
  for (const evseId of [1, 0]) expect((await raw.call(`m${evseId}`, 'MeterValues', { evseId, meterValue }))[2]).toEqual({});
  await eventually(() => gateway.factsOf(raw.identity, 'meter-values-reported').length === 2);
  expect(gateway.factsOf(raw.identity, 'meter-values-reported')).toMatchObject([
    { evseId: 1, samples: [{ value: '12500', unit: 'Wh', context: 'Sample.Clock' }] },
    { evseId: 0, samples: [{ value: '12500' }] },
  ]);
});

it('RPC-87: an event without its trigger is recorded; one without its number is not readable', async () => {
  const raw = await station();
  const { triggerReason: _, ...untriggered } = event(0);
  expect((await raw.call('e0', 'TransactionEvent', untriggered))[0]).toBe(3);
  const { seqNo: __, ...unnumbered } = event(0);
  expect((await raw.call('e1', 'TransactionEvent', unnumbered))[2]).toBe('OccurrenceConstraintViolation');
  expect(await eventually(() => gateway.factsOf(raw.identity, 'transaction-reported')[0])).toMatchObject({
    deviations: ['missingRequired'],
  });
});

it('a NotifyEvent is kept as said', async () => {
  const raw = await station();
  const eventData = [
    {
      eventId: 1,
      timestamp: '2026-03-01T10:00:00Z',
      trigger: 'Alerting',
      actualValue: 'true',
      eventNotificationType: 'HardWiredNotification',
      component: { name: 'Connector' },
      variable: { name: 'Problem' },
    },
  ];
  const payload = { generatedAt: '2026-03-01T10:00:00Z', seqNo: 0, eventData };
  expect((await raw.call('n', 'NotifyEvent', payload))[2]).toEqual({});
  expect(await eventually(() => gateway.factsOf(raw.identity, 'station-notice-reported')[0])).toMatchObject({
    action: 'NotifyEvent',
    payload,
  });
});

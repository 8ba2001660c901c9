import type { Request } from '@evenkeel/ocpp';
import { SimulatedStation } from '../index';
import { eventually, ScriptedBackEnd } from '../testing/scripted-back-end';

const START = Date.parse('2026-03-01T10:00:00Z');
const plan = {
  connectorId: 1,
  token: 'OK1',
  energyWh: 9_000,
  meterValues: 3,
  secondsBetweenMeterValues: 600,
  powerCurve: [1],
  startedAt: START,
};

let verdict: object = { idTokenInfo: { status: 'Accepted' } };
const backEnd = new ScriptedBackEnd('2.0.1', ({ action, payload }) => {
  switch (action) {
    case 'BootNotification':
      return { status: 'Accepted', currentTime: '2026-03-01T10:00:00.000Z', interval: 300 };
    case 'Heartbeat':
      return { currentTime: '2026-03-01T10:00:00.000Z' };
    case 'Authorize':
      return { idTokenInfo: { status: 'Accepted' } };
    case 'TransactionEvent':
      return payload.idToken === undefined ? {} : verdict;
    default:
      return {};
  }
});

let station: SimulatedStation;

beforeAll(() => backEnd.listen());
beforeEach(async () => {
  backEnd.received.length = 0;
  verdict = { idTokenInfo: { status: 'Accepted' } };
  station = await SimulatedStation.connect({
    url: backEnd.url,
    identity: 'SIM2',
    version: '2.0.1',
    clock: { now: () => START, pause: () => new Promise((resolve) => setTimeout(resolve, 2)) },
    remotePlan: { energyWh: 50_000, meterValues: 1_000, secondsBetweenMeterValues: 60 },
    firstReconnectMilliseconds: 10,
  });
});
afterEach(async () => {
  await station.close();
  expect(backEnd.violations).toEqual([]);
});
afterAll(() => backEnd.die());

const events = () => backEnd.payloadsOf<Request<'2.0.1', 'TransactionEvent'>>('TransactionEvent');

describe('a station of OCPP 2.0.1', () => {
  test('charges: numbered events, their triggers, states and readings', async () => {
    const record = await station.charge({ ...plan, startMeterWh: 1_000, idleSeconds: 600 });
    expect(record).toMatchObject({ meterStartWh: 1_000, meterStopWh: 10_000, stoppedAt: '2026-03-01T10:40:00.000Z' });
    const told = events().map((event) => {
      return [event.seqNo, event.eventType, event.triggerReason, event.transactionInfo.chargingState].join(' ');
    });
    expect(told).toEqual([
      '0 Started Authorized EVConnected',
      '1 Updated ChargingStateChanged Charging',
      '2 Updated MeterValuePeriodic Charging',
      '3 Updated MeterValuePeriodic Charging',
      '4 Updated MeterValuePeriodic Charging',
      '5 Updated ChargingStateChanged SuspendedEV',
      '6 Ended StopAuthorized EVConnected',
    ]);
    expect(new Set(events().map((event) => event.transactionInfo.transactionId))).toEqual(new Set([record.transactionId]));
    const readings = events().flatMap(({ meterValue = [] }) => meterValue.map(({ sampledValue }) => sampledValue[0]));
    expect(readings).toMatchObject([
      { value: 1_000, context: 'Transaction.Begin' },
      { value: 4_000, context: 'Sample.Periodic' },
      { value: 7_000, context: 'Sample.Periodic' },
      { value: 10_000, context: 'Sample.Periodic' },
      { value: 10_000, context: 'Transaction.End' },
    ]);
    expect(events()[0]).toMatchObject({ idToken: { idToken: 'OK1', type: 'ISO14443' }, evse: { id: 1, connectorId: 1 } });
    expect(backEnd.payloadsOf('StatusNotification')[0]).toMatchObject({ connectorStatus: 'Occupied', evseId: 1 });
  });

  test('a token refused in the answer to Started ends the transaction as DeAuthorized', async () => {
    verdict = { idTokenInfo: { status: 'Blocked' } };
    expect(await station.charge(plan)).toMatchObject({ stopReason: 'DeAuthorized', meterStopWh: 0 });
    expect(events().at(-1)).toMatchObject({ triggerReason: 'Deauthorized', transactionInfo: { stoppedReason: 'DeAuthorized' } });
  });

  test('RequestStartTransaction and RequestStopTransaction', async () => {
    const request = { idToken: { idToken: 'APP1', type: 'Central' }, remoteStartId: 42, evseId: 2 };
    expect(await backEnd.command('RequestStartTransaction', request)).toEqual({ status: 'Accepted' });
    expect(await backEnd.command('RequestStartTransaction', request)).toEqual({ status: 'Rejected' });
    await eventually(() => events().length >= 3);
    expect(events()[0]).toMatchObject({
      triggerReason: 'RemoteStart',
      idToken: { type: 'Central' },
      transactionInfo: { remoteStartId: 42 },
      evse: { id: 2 },
    });
    const transactionId = events()[0]?.transactionInfo.transactionId;
    expect(await backEnd.command('RequestStopTransaction', { transactionId: 'other' })).toEqual({ status: 'Rejected' });
    expect(await backEnd.command('RequestStopTransaction', { transactionId })).toEqual({ status: 'Accepted' });
    await eventually(() => events().at(-1)?.eventType === 'Ended');
    expect(events().at(-1)).toMatchObject({ triggerReason: 'RemoteStop', transactionInfo: { stoppedReason: 'Remote' } });
  });

  test('Reset OnIdle waits for the car, then boots', async () => {
    const session = station.charge({ ...plan, meterValues: 20 });
    await eventually(() => events().length >= 2);
    expect(await backEnd.command('Reset', { type: 'OnIdle' })).toEqual({ status: 'Scheduled' });
    expect(await session).toMatchObject({ stopReason: 'Local' });
    await eventually(() => backEnd.actions().includes('BootNotification'));
    expect(backEnd.payloadsOf('BootNotification')[0]).toMatchObject({ reason: 'ScheduledReset' });
  });

  test('GetVariables, TriggerMessage, and NotImplemented for what is not of this version', async () => {
    const asked = (component: string, variable: string) => ({ component: { name: component }, variable: { name: variable } });
    const getVariableData = [asked('OCPPCommCtrlr', 'HeartbeatInterval'), asked('Moon', 'Phase')];
    expect(await backEnd.command('GetVariables', { getVariableData })).toMatchObject({
      getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '300' }, { attributeStatus: 'UnknownComponent' }],
    });
    expect(await backEnd.command('TriggerMessage', { requestedMessage: 'StatusNotification', evse: { id: 2 } })).toEqual({
      status: 'Accepted',
    });
    await eventually(() => backEnd.payloadsOf('StatusNotification').some((payload) => payload.evseId === 2));
    expect(await backEnd.command('UsePriorityCharging', { transactionId: 'x', activate: true })).toBe('NotImplemented');
  });
});

import { eventually } from '@evenkeel/testkit';
import type { Payload, Version } from './minimal-station';
import { minutesAgo, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const card = { token: { uid: 'OK1', type: 'RFID' }, evseId: 1 };
const idToken = { idToken: 'OK1', type: 'ISO14443' };
const named = (name: string) => ({ component: { name: 'C' }, variable: { name } });

describe.each(['2.0.1', '2.1'] as const)('OCPP %s', (version: Version) => {
  const newStation = () => system.newStation(version);

  it('C2-01: variables are asked for and set as many at a time as the station says', async () => {
    const station = await newStation();
    const limit = (instance: string, value: string) => ({
      component: { name: 'DeviceDataCtrlr' },
      variable: { name: 'ItemsPerMessage', instance },
      variableAttribute: [{ value }],
    });
    const reportData = [limit('GetVariables', '4'), limit('SetVariables', '2')];
    await station.ask('NotifyReport', { requestId: 1, generatedAt: minutesAgo(0), seqNo: 0, reportData });
    await eventually(async () => Object.keys(await system.items(station.stationId, 'variable')).length === 2);
    const names = Array.from({ length: 10 }, (_, index) => `V${index}`);
    const reading = system.operate(station.stationId, 'read-configuration', {
      variables: names.map((variable) => ({ component: 'C', variable })),
    });
    const asked: string[] = [];
    for (const size of [4, 4, 2]) {
      const call = await station.heardCall('GetVariables');
      const data = call.payload.getVariableData as { variable: { name: string } }[];
      expect(data).toHaveLength(size);
      asked.push(...data.map(({ variable }) => variable.name));
      station.answer(call, { getVariableResult: data.map((each) => ({ ...each, attributeStatus: 'Accepted', attributeValue: '1' })) });
    }
    expect(asked).toEqual(names);
    expect((await reading).status).toBe('done');
    const setting = system.operate(station.stationId, 'configure', {
      variables: names.slice(0, 5).map((variable) => ({ component: 'C', variable, value: '2' })),
    });
    for (const size of [2, 2, 1]) {
      const call = await station.heardCall('SetVariables');
      const data = call.payload.setVariableData as Payload[];
      expect(data).toHaveLength(size);
      station.answer(call, {
        setVariableResult: data.map(({ component, variable }) => ({ component, variable, attributeStatus: 'Accepted' })),
      });
    }
    expect((await setting).status).toBe('done');
  });

  it('C2-02: remote starts have numbers of their own, and are done when a transaction names them', async () => {
    const station = await newStation();
    const starting = system.operate(station.stationId, 'start', card);
    const { remoteStartId } = await station.obey('RequestStartTransaction');
    const transactionId = system.newName('tx');
    const event = { eventType: 'Started', triggerReason: 'RemoteStart', seqNo: 0, timestamp: minutesAgo(0), evse: { id: 1 } };
    await station.ask('TransactionEvent', { ...event, idToken, transactionInfo: { transactionId, remoteStartId } });
    await system.commandThat((await starting).commandId, 'done');
    await system.session(station.stationId, transactionId);
    const stopping = system.operate(station.stationId, 'stop', { transactionId });
    expect(await station.obey('RequestStopTransaction')).toEqual({ transactionId });
    const ended = { eventType: 'Ended', triggerReason: 'RemoteStop', seqNo: 1, timestamp: minutesAgo(0) };
    await station.ask('TransactionEvent', { ...ended, transactionInfo: { transactionId, stoppedReason: 'Remote' } });
    await system.commandThat((await stopping).commandId, 'done');
    const again = system.operate(station.stationId, 'start', card);
    const { remoteStartId: next } = await station.obey('RequestStartTransaction', { status: 'Rejected' });
    expect(next).not.toBe(remoteStartId);
    expect((await again).status).toBe('rejected');
  });

  it('C2-03: a status is asked of a connector, and a station that does not know the message is no trouble', async () => {
    const station = await newStation();
    const triggering = system.operate(station.stationId, 'trigger', { message: 'StatusNotification', evseId: 1 });
    expect(await station.obey('TriggerMessage')).toMatchObject({ evse: { id: 1, connectorId: 1 } });
    await triggering;
    const unknown = system.operate(station.stationId, 'trigger', { message: 'LogStatusNotification' });
    await station.obey('TriggerMessage', { status: 'NotImplemented' });
    expect(await unknown).toMatchObject({ status: 'rejected', detail: 'NotImplemented' });
  });

  it('C2-06: a second job that cancels the first ends it, and their numbers differ', async () => {
    const station = await newStation();
    const log = { log: 'SecurityLog', location: 'https://logs.example.com/up' };
    const requestIds: number[] = [];
    for (const status of ['Accepted', 'AcceptedCanceled']) {
      const getting = system.operate(station.stationId, 'get-log', log);
      requestIds.push(Number((await station.obey('GetLog', { status })).requestId));
      await getting;
    }
    expect(new Set(requestIds).size).toBe(2);
    await eventually(async () => (await system.items(station.stationId, 'log-job'))[String(requestIds[0])]?.status === 'Cancelled');
  });
});

it('C2-04: a refusal of a profile is shown, and the next command works', async () => {
  const station = await system.newStation('2.0.1');
  const refused = system.operate(station.stationId, 'limit', { evseId: 1, limit: 10, unit: 'A' });
  const failed = expect(refused).rejects.toThrow(/502.*NotSupported/);
  station.refuse(await station.heardCall('SetChargingProfile'), 'NotSupported');
  await failed;
  const limiting = system.operate(station.stationId, 'limit', { evseId: 1, limit: 10, unit: 'A' });
  await station.obey('SetChargingProfile');
  expect((await limiting).status).toBe('done');
});

it('C2-07: customData is accepted in every object, and an unknown vendor is told so', async () => {
  const station = await system.newStation('2.0.1');
  const customData = { vendorId: 'com.example', note: 'x' };
  expect(await station.ask('DataTransfer', { vendorId: 'com.unknown', customData })).toEqual({ status: 'UnknownVendorId' });
  const eventData = [
    {
      ...named('X'),
      eventId: 1,
      timestamp: minutesAgo(0),
      trigger: 'Alerting',
      actualValue: '1',
      eventNotificationType: 'CustomMonitor',
      customData,
    },
  ];
  expect(await station.ask('NotifyEvent', { generatedAt: minutesAgo(0), seqNo: 0, eventData, customData })).toEqual({});
});

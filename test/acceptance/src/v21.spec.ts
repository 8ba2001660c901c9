import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '@evenkeel/testkit';
import { minutesAgo, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const stream = (id: number) => ({ id, variableMonitoringId: 5, params: { interval: 1, values: 2 } });

it('V21-04: values of a stream are heard and never answered', async () => {
  const station = await system.newStation('2.1');
  await station.ask('OpenPeriodicEventStream', { constantStreamData: stream(7) });
  await pause(500);
  const before = station.frames.length;
  const values = (id: number) => ({ id, pending: 0, basetime: '2026-03-01T10:00:00.000Z', data: [{ t: 1, v: '230.5' }] });
  station.send([6, 's1', 'NotifyPeriodicEventStream', values(7)]);
  station.send([6, 's2', 'NotifyPeriodicEventStream', values(99)]);
  station.send([6, 's3', 'NotifyPeriodicEventStream', { id: 'seven' }]);
  await eventually(async () => (await system.items(station.stationId, 'event-stream'))['7']?.value === '230.5');
  await station.ask('Heartbeat');
  // What we ask of a new station may come at any time.
  expect(station.frames.slice(before).filter(([type]) => type !== 2)).toHaveLength(1);
  expect((await system.items(station.stationId, 'unknown-stream'))['99']).toMatchObject({ dropped: 1 });
});

it('V21-05: streams are opened, listed and closed', async () => {
  const station = await system.newStation('2.1');
  const known = async () => Object.keys(await system.items(station.stationId, 'event-stream'));
  const opened = await station.ask('OpenPeriodicEventStream', { constantStreamData: stream(1) });
  expect(['Accepted', 'Rejected']).toContain(opened.status);
  await eventually(async () => (await known()).includes('1'));
  const asking = system.callRaw(station.stationId, 'GetPeriodicEventStream');
  await station.obey('GetPeriodicEventStream', { constantStreamData: [stream(1), stream(2)] });
  await asking;
  await eventually(async () => (await known()).length === 2);
  expect(await station.ask('ClosePeriodicEventStream', { id: 1 })).toEqual({});
  await eventually(async () => (await known()).join() === '2');
});

it('V21-09: a connector is shown as the station’s events say', async () => {
  const station = await system.newStation('2.1');
  const eventData = [
    {
      eventId: 1,
      timestamp: minutesAgo(0),
      trigger: 'Delta',
      actualValue: 'Occupied',
      eventNotificationType: 'HardWiredNotification',
      component: { name: 'Connector', evse: { id: 1, connectorId: 1 } },
      variable: { name: 'AvailabilityState' },
    },
  ];
  expect(await station.ask('NotifyEvent', { generatedAt: minutesAgo(0), seqNo: 0, eventData })).toEqual({});
  await eventually(async () =>
    (await system.station(station.stationId)).connectors.some(({ evseId, status }) => evseId === 1 && status === 'Occupied'),
  );
});

it('V21-10: priority charging is noted, and a dynamic schedule is handed out where there is one', async () => {
  const station = await system.newStation('2.1');
  expect(await station.ask('NotifyPriorityCharging', { transactionId: 'tx-1', activated: true })).toEqual({});
  expect(await station.ask('PullDynamicScheduleUpdate', { chargingProfileId: 404 })).toMatchObject({ status: 'Rejected' });
  const updating = system.callRaw(station.stationId, 'UpdateDynamicSchedule', { chargingProfileId: 4, scheduleUpdate: { limit: 11 } });
  await station.obey('UpdateDynamicSchedule');
  await updating;
  const pulled = await eventually(async () => {
    const answer = await station.ask('PullDynamicScheduleUpdate', { chargingProfileId: 4 });
    return answer.status === 'Accepted' && answer;
  });
  expect(pulled.scheduleUpdate).toMatchObject({ limit: 11 });
});

it('V21-08: a settlement is answered and kept once, however often it comes', async () => {
  const station = await system.newStation('2.1');
  const settled = { pspRef: 'psp-1', status: 'Settled', settlementAmount: 12.5, settlementTime: minutesAgo(0) };
  await station.ask('NotifySettlement', settled);
  await station.ask('NotifySettlement', settled);
  await station.ask('NotifySettlement', { ...settled, pspRef: 'psp-2', status: 'Failed' });
  await eventually(async () => Object.keys(await system.items(station.stationId, 'settlement')).length === 2);
});

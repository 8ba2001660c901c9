import type { MinimalStation, Payload } from './minimal-station';
import { boot, minutesAgo, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const status = (station: MinimalStation, value: string, minutes = 0, connectorId = 1) =>
  station.ask('StatusNotification', { connectorId, errorCode: 'NoError', status: value, timestamp: minutesAgo(minutes) });

async function start(
  station: MinimalStation,
  idTag: string,
  meterStart: number,
  minutes = 0,
): Promise<{ transactionId: number; idTagInfo: Payload }> {
  const answer = await station.ask('StartTransaction', { connectorId: 1, idTag, meterStart, timestamp: minutesAgo(minutes) });
  return answer as { transactionId: number; idTagInfo: Payload };
}

const stop = (station: MinimalStation, transactionId: number, meterStop: number, minutes = 0, more: Payload = {}) =>
  station.ask('StopTransaction', { transactionId, meterStop, timestamp: minutesAgo(minutes), ...more });

const reading = (station: MinimalStation, transactionId: number, wh: number, minutes: number, more: Payload = {}) =>
  station.ask('MeterValues', {
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp: minutesAgo(minutes), sampledValue: [{ value: String(wh), ...more }] }],
  });

it('T6-01: a session from plugging in to driving away is billed by its meter', async () => {
  const station = await system.newStation('1.6');
  await status(station, 'Preparing', 40);
  expect((await station.ask('Authorize', { idTag: 'OK1' })).idTagInfo).toMatchObject({ status: 'Accepted' });
  const { transactionId } = await start(station, 'OK1', 1000, 39);
  expect(transactionId).toBeGreaterThan(0);
  await status(station, 'Charging', 38);
  expect(await reading(station, transactionId, 3000, 20)).toEqual({});
  await status(station, 'Finishing', 3);
  await stop(station, transactionId, 6000, 2);
  await status(station, 'Available', 1);
  expect(await system.cdr(station.stationId, transactionId)).toMatchObject({ energyWh: '5000' });
});

it('T6-02: an unknown, an expired and a blocked card are told apart', async () => {
  const station = await system.newStation('1.6');
  for (const [idTag, verdict] of [
    ['UNK', 'Invalid'],
    ['EXP', 'Expired'],
    ['BLK', 'Blocked'],
  ] as const) {
    expect((await station.ask('Authorize', { idTag })).idTagInfo).toMatchObject({ status: verdict });
  }
});

it('T6-03: a card of the same group may stop, and the one that started pays', async () => {
  const station = await system.newStation('1.6');
  const inGroup = { status: 'Accepted', parentIdTag: 'G' };
  expect((await station.ask('Authorize', { idTag: 'GRP1' })).idTagInfo).toEqual(inGroup);
  const { transactionId, idTagInfo } = await start(station, 'GRP1', 0, 10);
  expect(idTagInfo).toEqual(inGroup);
  expect((await stop(station, transactionId, 100, 1, { idTag: 'GRP2' })).idTagInfo).toEqual(inGroup);
  const { cdr } = await system.cdr(station.stationId, transactionId);
  const { items } = await system.rest.get<{ items: { uid: string; key: string }[] }>('/tokens?limit=1000');
  expect(cdr?.payer.key).toBe(items.find(({ uid }) => uid === 'GRP1')?.key);
});

it('T6-04: an offline start with an unknown card is recorded, and nobody is billed', async () => {
  const station = await system.newStation('1.6');
  const { transactionId, idTagInfo } = await start(station, 'UNK', 1000, 5);
  expect(transactionId).toBeGreaterThan(0);
  expect(idTagInfo).toMatchObject({ status: 'Invalid' });
  expect(await stop(station, transactionId, 1010, 3, { reason: 'DeAuthorized' })).toEqual({});
  const passing = ['pending', 'active', 'ended'];
  const session = await system.sessionThat(station.stationId, transactionId, ({ status: is }) => !passing.includes(is));
  expect(session.energyWh).toBe('10');
  expect(await system.rest.cdrsOf(session.sessionId)).toEqual([]);
});

it('T6-05: a repeated start has the same transaction and the same verdict', async () => {
  const station = await system.newStation('1.6');
  const request = { connectorId: 1, idTag: 'OK1', meterStart: 0, timestamp: minutesAgo(10) };
  const first = await station.ask('StartTransaction', request);
  expect(await station.ask('StartTransaction', request)).toEqual(first);
  await system.session(station.stationId, first.transactionId as number);
  expect(await system.sessionsOf(station.stationId)).toHaveLength(1);
});

it('T6-06: the stop of a transaction that nobody started is confirmed', async () => {
  const station = await system.newStation('1.6');
  expect(await stop(station, 999_999, 10)).toEqual({});
  expect((await stop(station, 999_998, 10, 0, { idTag: 'OK1' })).idTagInfo).toMatchObject({ status: 'Accepted' });
});

it('T6-07: what was kept while offline comes in a burst, and counts from when it happened', async () => {
  const station = await system.newStation('1.6');
  const { transactionId } = await start(station, 'OK1', 0, 120);
  await Promise.all([110, 100, 90, 80].map((minutes, index) => reading(station, transactionId, (index + 1) * 1000, minutes)));
  await stop(station, transactionId, 5000, 60);
  const { cdr } = await system.cdr(station.stationId, transactionId);
  expect(Math.round((cdr?.durationSeconds ?? 0) / 60)).toBe(60);
});

it('T6-08: a stop after a power loss ends the session with that reason', async () => {
  const station = await system.newStation('1.6');
  const { transactionId } = await start(station, 'OK1', 0, 10);
  await station.close();
  const again = await system.connect(station.stationId, { version: '1.6' });
  await stop(again, transactionId, 500, 5, { reason: 'PowerLoss' });
  const { snapshot } = await system.sessionThat(station.stationId, transactionId, (session) => session.snapshot?.stopReason !== undefined);
  expect(snapshot?.stopReason).toBe('PowerLoss');
});

it('T6-09: a reading after the end is answered and changes nothing', async () => {
  const station = await system.newStation('1.6');
  const { transactionId } = await start(station, 'OK1', 0, 10);
  await stop(station, transactionId, 500, 5);
  await system.cdr(station.stationId, transactionId);
  expect(await reading(station, transactionId, 9000, 0)).toEqual({});
  await boot(station);
  const session = await system.session(station.stationId, transactionId);
  expect([session.status, session.energyWh]).toEqual(['completed', '500']);
});

it('T6-10: time without energy is parking', async () => {
  const station = await system.newStation('1.6');
  const at = Date.now();
  const ago = (minutes: number) => new Date(at - minutes * 60_000).toISOString();
  const begun = await station.ask('StartTransaction', { connectorId: 1, idTag: 'OK1', meterStart: 1000, timestamp: ago(70) });
  const transactionId = begun.transactionId as number;
  for (const [value, minutes] of [
    ['Charging', 70],
    ['SuspendedEV', 30],
  ] as const) {
    await station.ask('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: value, timestamp: ago(minutes) });
  }
  await station.ask('StopTransaction', { transactionId, meterStop: 6000, timestamp: ago(0) });
  const { cdr } = await system.cdr(station.stationId, transactionId);
  if (!cdr) throw new Error('no CDR');
  expect(Math.round(cdr.parkingSeconds / 60)).toBe(30);
  expect(Math.round((cdr.durationSeconds - cdr.parkingSeconds) / 60)).toBe(40);
  expect(cdr.periods).toHaveLength(2);
  expect(cdr.energyWh).toBe('5000');
});

it('T6-11: a meter that was reset is counted from there on', async () => {
  const station = await system.newStation('1.6');
  const { transactionId } = await start(station, 'OK1', 50_000, 60);
  await reading(station, transactionId, 53_000, 40);
  await reading(station, transactionId, 200, 20);
  await stop(station, transactionId, 2_200, 1);
  // A person looks at it before it is billed.
  const held = await system.sessionThat(station.stationId, transactionId, ({ status: is }) => is === 'quarantined');
  expect(held.snapshot).toMatchObject({ energyWh: '5200', anomalies: [{ code: 'meterReset' }] });
  await system.rest.post(`/sessions/${held.sessionId}/release`, { reason: 'The meter was exchanged.' });
  expect(await system.cdr(station.stationId, transactionId)).toMatchObject({ energyWh: '5200' });
});

it.each(['Celcius', 'Celsius'])('T6-12: a temperature in %s is answered', async (unit) => {
  const station = await system.newStation('1.6');
  const { transactionId } = await start(station, 'OK1', 0, 10);
  const temperature = { measurand: 'Temperature', unit };
  expect(await reading(station, transactionId, 21, 5, temperature)).toEqual({});
  const transactionData = [{ timestamp: minutesAgo(2), sampledValue: [{ value: '22', ...temperature }] }];
  expect(await stop(station, transactionId, 100, 1, { transactionData })).toEqual({});
});

it('T6-13: the message of an unknown vendor is told so', async () => {
  const station = await system.newStation('1.6');
  expect(await station.ask('DataTransfer', { vendorId: 'com.unknown', data: 'x' })).toEqual({ status: 'UnknownVendorId' });
});

import { TokenRefused } from '../failures';
import { type ChargeRecord, SimulatedStation, type StationOptions } from '../index';
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

let transactionStatus = 'Accepted';
const backEnd = new ScriptedBackEnd('1.6', ({ action, payload }) => {
  switch (action) {
    case 'BootNotification':
      return { status: 'Accepted', currentTime: '2026-03-01T10:00:00.000Z', interval: 300 };
    case 'Heartbeat':
      return { currentTime: '2026-03-01T10:00:00.000Z' };
    case 'Authorize':
      return { idTagInfo: { status: payload.idTag === 'BLK' ? 'Blocked' : 'Accepted' } };
    case 'StartTransaction':
      return { transactionId: 4711, idTagInfo: { status: transactionStatus } };
    default:
      return {};
  }
});

let station: SimulatedStation;
const finished: ChargeRecord[] = [];

async function connect(options: Partial<StationOptions> = {}): Promise<SimulatedStation> {
  return SimulatedStation.connect({
    url: backEnd.url,
    identity: 'SIM 1',
    password: 'secret',
    version: '1.6',
    clock: { now: () => START, pause: async () => undefined },
    onSession: (record) => finished.push(record),
    ...options,
  });
}

beforeAll(() => backEnd.listen());
beforeEach(async () => {
  backEnd.received.length = 0;
  finished.length = 0;
  transactionStatus = 'Accepted';
  station = await connect();
});
afterEach(async () => {
  await station.close();
  expect(backEnd.violations).toEqual([]);
});
afterAll(() => backEnd.die());

describe('a station of OCPP 1.6', () => {
  test('names itself in the URL and proves it', () => {
    expect(backEnd.paths.at(-1)).toBe('/ocpp/SIM%201');
    expect(backEnd.authorizations.at(-1)).toBe(`Basic ${Buffer.from('SIM 1:secret').toString('base64')}`);
  });

  test('boots and reports its connectors', async () => {
    expect(await station.bootUntilAccepted()).toEqual({ status: 'Accepted', intervalSeconds: 300 });
    await station.status(2, 'Available');
    expect(backEnd.actions()).toEqual(['BootNotification', 'StatusNotification', 'StatusNotification', 'StatusNotification']);
  });

  test('charges: every message in order, energy and times exact', async () => {
    const record = await station.charge({ ...plan, startMeterWh: 1_000, idleSeconds: 1_800 });
    expect(record).toEqual({
      connectorId: 1,
      token: 'OK1',
      transactionId: '4711',
      meterStartWh: 1_000,
      meterStopWh: 10_000,
      startedAt: '2026-03-01T10:00:00.000Z',
      stoppedAt: '2026-03-01T11:00:00.000Z',
      stopReason: 'Local',
    });
    const told = backEnd.received.map(({ action, payload }) =>
      `${action} ${payload.status ?? payload.meterStart ?? payload.meterStop ?? ''}`.trim(),
    );
    expect(told).toEqual([
      'StatusNotification Preparing',
      'Authorize',
      'StartTransaction 1000',
      'StatusNotification Charging',
      'MeterValues',
      'MeterValues',
      'MeterValues',
      'StatusNotification SuspendedEV',
      'StopTransaction 10000',
      'StatusNotification Finishing',
      'StatusNotification Available',
    ]);
    expect(backEnd.payloadsOf('MeterValues')[1]).toMatchObject({
      transactionId: 4711,
      meterValue: [
        {
          timestamp: '2026-03-01T10:20:00.000Z',
          sampledValue: [
            { value: '7000', unit: 'Wh' },
            { value: '18000', unit: 'W' },
          ],
        },
      ],
    });
    expect(backEnd.payloadsOf('StopTransaction')[0]).toMatchObject({
      transactionId: 4711,
      timestamp: '2026-03-01T11:00:00.000Z',
      reason: 'Local',
    });
  });

  test('the next session starts where the meter stopped', async () => {
    await station.charge({ ...plan, startMeterWh: 1_000 });
    expect((await station.charge(plan)).meterStartWh).toBe(10_000);
  });

  test('a refused token charges nothing and frees the connector', async () => {
    await expect(station.charge({ ...plan, token: 'BLK' })).rejects.toEqual(new TokenRefused('BLK', 'Blocked'));
    await eventually(() => backEnd.received.length === 3);
    expect(backEnd.payloadsOf('StatusNotification').at(-1)).toMatchObject({ status: 'Available' });
    await expect(station.charge(plan)).resolves.toMatchObject({ transactionId: '4711' });
  });

  test('a token refused at the start stops the session with reason DeAuthorized and no energy', async () => {
    transactionStatus = 'Invalid';
    expect(await station.charge(plan)).toMatchObject({ meterStartWh: 0, meterStopWh: 0, stopReason: 'DeAuthorized' });
    expect(backEnd.actions()).not.toContain('MeterValues');
  });

  test('one connector, one session', async () => {
    const first = station.charge(plan);
    await expect(station.charge(plan)).rejects.toThrow('Connector 1 does not exist or has a session already.');
    await first;
  });
});

describe('commands', () => {
  const endless = { energyWh: 50_000, meterValues: 1_000, secondsBetweenMeterValues: 60 };

  test('a remote start really charges, a remote stop really stops', async () => {
    await station.close();
    station = await connect({
      remotePlan: endless,
      clock: { now: () => START, pause: () => new Promise((resolve) => setTimeout(resolve, 5)) },
    });
    expect(await backEnd.command('RemoteStartTransaction', { idTag: 'APP1', connectorId: 2 })).toEqual({ status: 'Accepted' });
    expect(await backEnd.command('RemoteStartTransaction', { idTag: 'APP2', connectorId: 2 })).toEqual({ status: 'Rejected' });
    await eventually(() => backEnd.payloadsOf('MeterValues').length >= 2);
    expect(backEnd.payloadsOf('StartTransaction')).toMatchObject([{ connectorId: 2, idTag: 'APP1' }]);
    expect(await backEnd.command('RemoteStopTransaction', { transactionId: 1 })).toEqual({ status: 'Rejected' });
    expect(await backEnd.command('RemoteStopTransaction', { transactionId: 4711 })).toEqual({ status: 'Accepted' });
    await eventually(() => finished.length === 1);
    expect(finished[0]).toMatchObject({ connectorId: 2, token: 'APP1', stopReason: 'Remote' });
    expect(finished[0]?.meterStopWh).toBeLessThan(50_000);
    expect(backEnd.actions()).not.toContain('Authorize');
  });

  test('a reset ends the session, reconnects and boots', async () => {
    await station.close();
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 5));
    station = await connect({ clock: { now: () => START, pause }, firstReconnectMilliseconds: 10 });
    const session = station.charge({ ...plan, ...endless });
    await eventually(() => backEnd.actions().includes('MeterValues'));
    expect(await backEnd.command('Reset', { type: 'Soft' })).toEqual({ status: 'Accepted' });
    expect(await session).toMatchObject({ stopReason: 'SoftReset' });
    await eventually(() => backEnd.actions().includes('BootNotification'));
  });

  test('TriggerMessage and GetConfiguration', async () => {
    expect(await backEnd.command('TriggerMessage', { requestedMessage: 'Heartbeat' })).toEqual({ status: 'Accepted' });
    await eventually(() => backEnd.actions().includes('Heartbeat'));
    expect(await backEnd.command('TriggerMessage', { requestedMessage: 'Weather' })).toEqual({
      status: 'NotImplemented',
    });
    expect(await backEnd.command('GetConfiguration', { key: ['HeartbeatInterval', 'Mood'] })).toEqual({
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '300' }],
      unknownKey: ['Mood'],
    });
  });

  test('anything else is NotImplemented', async () => {
    expect(await backEnd.command('GetVariables', {})).toBe('NotImplemented');
    expect(await backEnd.command('toString', {})).toBe('NotImplemented');
  });
});

import { eventually } from '@evenkeel/testkit';
import type { Payload, Version } from './minimal-station';
import { boot, SystemUnderTest } from './system-under-test';

let system: SystemUnderTest;
beforeAll(async () => {
  system = await SystemUnderTest.find();
});
afterEach(async () => expect(await system.endCase()).toEqual([]));

const versions: readonly Version[] = ['1.6', '2.0.1', '2.1'];
const now = () => new Date().toISOString();
const statusOf = (version: Version, connectorId: number): Payload =>
  version === '1.6'
    ? { connectorId, errorCode: 'NoError', status: 'Available' }
    : { timestamp: now(), evseId: connectorId, connectorId: 1, connectorStatus: 'Available' };
const tokenOf = (version: Version): Payload => (version === '1.6' ? { idTag: 'OK1' } : { idToken: { idToken: 'OK1', type: 'ISO14443' } });

describe.each(versions)('OCPP %s', (version) => {
  it('BT-01: BootNotification, StatusNotification, Heartbeat: a known station is accepted and told the time', async () => {
    const station = await system.newStation(version, {}, { boots: false });
    const answer = await boot(station);
    expect(answer.status).toBe('Accepted');
    expect(answer.interval).toBeGreaterThanOrEqual(10);
    expect(String(answer.currentTime)).toMatch(/Z$/);
    expect(Math.abs(Date.parse(String(answer.currentTime)) - Date.now())).toBeLessThan(2_000);
    for (const connectorId of [1, 2]) expect(await station.ask('StatusNotification', statusOf(version, connectorId))).toEqual({});
    expect(String((await station.ask('Heartbeat')).currentTime)).toMatch(/Z$/);
  });

  it('BT-02: a pending station may only boot until the operator accepts it', async () => {
    const station = await system.newStation(version, { registration: 'pending' }, { boots: false });
    expect((await boot(station)).status).toBe('Pending');
    expect(await station.refusal('Heartbeat')).toBe('SecurityError');
    expect(station.closeCode).toBeUndefined();
    await system.rest.patch(`/stations/${station.stationId}`, { registration: 'accepted' });
    expect((await boot(station)).status).toBe('Accepted');
    await station.ask('Heartbeat');
  });

  it('BT-04: a pending station that is asked to boot may boot at once', async () => {
    const station = await system.newStation(version, { registration: 'pending' }, { boots: false });
    await boot(station);
    const triggered = system.operate(station.stationId, 'trigger', { message: 'BootNotification' });
    await station.obey('TriggerMessage');
    expect((await triggered).status).toBe('accepted');
    expect((await boot(station, version === '1.6' ? {} : { reason: 'Triggered' })).status).toBe('Pending');
    await system.commandThat((await triggered).commandId, 'done');
  });

  it('BT-05: a station that was accepted goes on after a reconnect without a boot', async () => {
    const station = await system.newStation(version);
    await station.close();
    const again = await system.connect(station.stationId, { version, boots: false });
    expect(await again.ask('StatusNotification', statusOf(version, 1))).toEqual({});
    await again.ask('Authorize', tokenOf(version));
  });

  it('BT-06: a boot ends no transaction', async () => {
    const station = await system.newStation(version);
    let transactionId: string | number = 'bt-06';
    if (version === '1.6') {
      const started = await station.ask('StartTransaction', { connectorId: 1, idTag: 'OK1', meterStart: 0, timestamp: now() });
      transactionId = started.transactionId as number;
    } else {
      const transactionInfo = { transactionId };
      const event = { eventType: 'Started', triggerReason: 'Authorized', seqNo: 0, timestamp: now(), transactionInfo, evse: { id: 1 } };
      await station.ask('TransactionEvent', { ...event, ...tokenOf(version) });
    }
    await system.session(station.stationId, transactionId);
    expect((await boot(station)).status).toBe('Accepted');
    await system.sessionThat(station.stationId, transactionId, ({ status }) => status === 'active');
  });
});

describe.each(['2.0.1', '2.1'] as const)('OCPP %s', (version) => {
  it('BT-03: before it is accepted a station is refused everything else, and a rejected one is sent nothing', async () => {
    for (const registration of ['pending', 'rejected'] as const) {
      const station = await system.newStation(version, { registration }, { boots: false, manners: () => undefined });
      await boot(station);
      expect(await station.refusal('StatusNotification', statusOf(version, 1))).toBe('SecurityError');
      expect(await station.refusal('NotifyEvent', { generatedAt: now(), seqNo: 0, eventData: [EVENT] })).toBe('SecurityError');
      if (registration === 'pending') continue;
      await expect(system.operate(station.stationId, 'clear-cache')).rejects.toThrow(/403/);
      expect(station.unanswered).toEqual([]);
    }
  });

  it('BT-07: GetBaseReport, GetMonitoringReport, NotifyReport: a new station is asked for its inventory, which can be read', async () => {
    const station = await system.newStation(version, {}, { boots: false, manners: () => undefined });
    await boot(station);
    const { requestId, reportBase } = await station.obey('GetBaseReport');
    expect(reportBase).toBe('FullInventory');
    for (const seqNo of [0, 1, 2]) {
      const reportData = [
        { component: { name: 'OCPPCommCtrlr' }, variable: { name: `V${seqNo}` }, variableAttribute: [{ value: String(seqNo) }] },
      ];
      expect(await station.ask('NotifyReport', { requestId, generatedAt: now(), seqNo, tbc: seqNo < 2, reportData })).toEqual({});
    }
    const variables = await eventually(async () => {
      const found = await system.items(station.stationId, 'variable');
      return Object.keys(found).length === 3 && found;
    });
    expect(variables['OCPPCommCtrlr/V2']).toMatchObject({ variableAttribute: [{ value: '2' }] });
  });
});

const EVENT = {
  eventId: 1,
  timestamp: '2026-03-01T10:00:00Z',
  trigger: 'Alerting',
  actualValue: 'true',
  eventNotificationType: 'HardWiredNotification',
  component: { name: 'Connector' },
  variable: { name: 'Problem' },
};

// What a station of OCPP 2.0.1 does with the commands it takes, as the back end sees it.
import { type Bench, bench, START } from '../testing/bench';
import { TestAuthority } from '../testing/certificates';
import { eventually, ScriptedBackEnd, wellMeaning } from '../testing/scripted-back-end';

let under: Bench;
beforeEach(async () => {
  under = await bench('2.0.1');
});
afterEach(async () => {
  expect(await under.end()).toEqual([]);
});

const inSeconds = (seconds: number) => new Date(START + seconds * 1000).toISOString();
const statusOf = async (action: string, payload: object) => (await under.command(action, payload)).status;
const idToken = (token: string) => ({ idToken: token, type: 'ISO14443' });
const named = (component: string, variable: string, instance?: string) => ({
  component: { name: component },
  variable: instance === undefined ? { name: variable } : { name: variable, instance },
});

interface Report {
  readonly seqNo: number;
  readonly tbc: boolean;
  readonly reportData: ReadonlyArray<{
    readonly component: { readonly name: string };
    readonly variableAttribute: ReadonlyArray<{ value?: string; mutability: string }>;
  }>;
}
interface Event {
  readonly triggerReason: string;
  readonly eventType: string;
  readonly reservationId?: number;
  readonly transactionInfo: { readonly transactionId: string; readonly stoppedReason?: string; readonly chargingState?: string };
}

async function startedAt(evseId: number, token = 'A'): Promise<string> {
  const before = under.backEnd.payloadsOf('TransactionEvent').length;
  expect(await statusOf('RequestStartTransaction', { idToken: idToken(token), remoteStartId: evseId, evseId })).toBe('Accepted');
  const events = await under.heard<Event>('TransactionEvent', before + 1);
  return events[before]?.transactionInfo.transactionId ?? '';
}

describe('the device model', () => {
  it('B05, B06: variables are read and set, one verdict each', async () => {
    const { setVariableResult } = await under.command<{ setVariableResult: ReadonlyArray<{ attributeStatus: string }> }>('SetVariables', {
      setVariableData: [
        { ...named('OCPPCommCtrlr', 'HeartbeatInterval'), attributeValue: '60' },
        { ...named('OCPPCommCtrlr', 'HeartbeatInterval'), attributeValue: 'often' },
        { ...named('ChargingStation', 'Model'), attributeValue: 'Other' },
        { ...named('OCPPCommCtrlr', 'Mood'), attributeValue: 'good' },
        { ...named('Moon', 'Phase'), attributeValue: 'full' },
        { ...named('OCPPCommCtrlr', 'NetworkConfigurationPriority'), attributeValue: '1,2' },
        { ...named('OCPPCommCtrlr', 'HeartbeatInterval'), attributeType: 'Target', attributeValue: '60' },
      ],
    });
    expect(setVariableResult.map(({ attributeStatus }) => attributeStatus)).toEqual([
      'Accepted',
      'Rejected',
      'Rejected',
      'UnknownVariable',
      'UnknownComponent',
      'RebootRequired',
      'NotSupportedAttributeType',
    ]);
    const getVariableData = [named('ocppcommctrlr', 'heartbeatinterval'), named('SecurityCtrlr', 'BasicAuthPassword')];
    expect(await under.command('GetVariables', { getVariableData })).toMatchObject({
      getVariableResult: [{ attributeStatus: 'Accepted', attributeValue: '60' }, { attributeStatus: 'Rejected' }],
    });
    const tooMany = Array.from({ length: 51 }, () => named('OCPPCommCtrlr', 'HeartbeatInterval'));
    expect(await under.command('GetVariables', { getVariableData: tooMany })).toBe('OccurrenceConstraintViolation');
  });

  it('B07: the full inventory comes in parts, numbered, the last one last, and tells no secret', async () => {
    expect(await statusOf('GetBaseReport', { requestId: 8, reportBase: 'FullInventory' })).toBe('Accepted');
    await eventually(() => under.backEnd.payloadsOf<Report>('NotifyReport').some(({ tbc }) => !tbc));
    const parts = under.backEnd.payloadsOf<Report>('NotifyReport');
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.map(({ seqNo, tbc }) => [seqNo, tbc])).toEqual(parts.map((_, index) => [index, index < parts.length - 1]));
    const attributes = parts.flatMap(({ reportData }) => reportData.flatMap(({ variableAttribute }) => variableAttribute));
    expect(attributes.length).toBeGreaterThan(90);
    expect(attributes.filter(({ mutability }) => mutability === 'WriteOnly')).toEqual([
      expect.not.objectContaining({ value: expect.anything() }),
    ]);
  });

  it('B08: a report of what is asked for, or none', async () => {
    const ask = (requestId: number, more: object) => statusOf('GetReport', { requestId, ...more });
    expect(await ask(1, { componentVariable: [{ component: { name: 'EVSE', evse: { id: 2 } } }] })).toBe('Accepted');
    const [report] = await under.heard<Report>('NotifyReport');
    expect(report?.reportData).toHaveLength(4);
    expect(await ask(2, { componentVariable: [{ component: { name: 'Moon' } }] })).toBe('EmptyResultSet');
    expect(await ask(3, { componentCriteria: ['Problem'] })).toBe('EmptyResultSet');
  });

  it('A01: a new password is used from then on', async () => {
    const setVariableData = [{ ...named('SecurityCtrlr', 'BasicAuthPassword'), attributeValue: 'p'.repeat(20) }];
    expect(await under.command('SetVariables', { setVariableData })).toMatchObject({
      setVariableResult: [{ attributeStatus: 'Accepted' }],
    });
    await eventually(() => under.backEnd.authorizations.length === 2);
    expect(Buffer.from(under.backEnd.authorizations[1]?.slice(6) ?? '', 'base64').toString()).toBe(`BENCH-1:${'p'.repeat(20)}`);
  });
});

describe('monitoring', () => {
  const temperature = named('ChargingStation', 'Temperature');
  const set = async (order: object) => {
    const { setMonitoringResult } = await under.command<{ setMonitoringResult: ReadonlyArray<{ id?: number; status: string }> }>(
      'SetVariableMonitoring',
      { setMonitoringData: [{ severity: 4, ...temperature, ...order }] },
    );
    return setMonitoringResult[0];
  };

  it('N07: an event when a value crosses its threshold, and when it comes back', async () => {
    expect(await set({ type: 'UpperThreshold', value: 60 })).toMatchObject({ id: 2, status: 'Accepted' });
    expect(await set({ type: 'UpperThreshold', value: 60 })).toMatchObject({ status: 'Duplicate' });
    expect(await set({ type: 'UpperThreshold', value: 900, severity: 5 })).toMatchObject({ status: 'Rejected' });
    expect(await set({ ...named('Moon', 'Phase'), type: 'Delta', value: 1 })).toMatchObject({ status: 'UnknownVariable' });
    expect(await set({ ...named('ChargingStation', 'Model'), type: 'LowerThreshold', value: 1 })).toMatchObject({
      status: 'UnsupportedMonitorType',
    });
    for (const value of ['50', '61', '65', '55']) under.station.measure('ChargingStation/Temperature', value);
    const events = await under.heard<{ eventData: readonly object[] }>('NotifyEvent', 2);
    expect(events.map(({ eventData }) => eventData[0])).toMatchObject([
      { trigger: 'Alerting', actualValue: '61', cleared: false, variableMonitoringId: 2, eventNotificationType: 'CustomMonitor' },
      { trigger: 'Alerting', actualValue: '55', cleared: true },
    ]);
  });

  it('N07: monitors watch the power that a car draws, while it charges, and the state of its connector', async () => {
    const power = { component: { name: 'EVSE', evse: { id: 1 } }, variable: { name: 'Power' } };
    const state = { component: { name: 'Connector', evse: { id: 1, connectorId: 1 } }, variable: { name: 'AvailabilityState' } };
    await set({ ...power, type: 'UpperThreshold', value: 9_000, transaction: true });
    await set({ ...state, type: 'Delta', value: 1 });
    const plan = { connectorId: 1, token: 'A', energyWh: 400, meterValues: 2, secondsBetweenMeterValues: 60, powerCurve: [1, 3] };
    await under.station.charge(plan);
    const events = await under.heard<{ eventData: ReadonlyArray<{ actualValue: string; trigger: string }> }>('NotifyEvent', 4);
    // 300 Wh in a minute are 18 kW; the 100 Wh before it are no more than 6.
    expect(events.map(({ eventData }) => eventData[0]?.actualValue)).toEqual(['Occupied', '18000', '0', 'Available']);
  });

  it('N03, N06: reported, limited by level, cleared; the hard-wired one stays', async () => {
    await set({ type: 'Delta', value: 5 });
    expect(await statusOf('SetMonitoringLevel', { severity: 3 })).toBe('Accepted');
    under.station.measure('ChargingStation/Temperature', '80');
    expect(await statusOf('GetMonitoringReport', { requestId: 1, monitoringCriteria: ['DeltaMonitoring'] })).toBe('Accepted');
    const [report] = await under.heard<{ monitor: readonly object[] }>('NotifyMonitoringReport');
    expect(report?.monitor).toMatchObject([
      { variableMonitoring: [{ id: 1 }] },
      { variableMonitoring: [{ id: 2, type: 'Delta', value: 5 }] },
    ]);
    expect(under.backEnd.payloadsOf('NotifyEvent')).toEqual([]);
    expect(await under.command('ClearVariableMonitoring', { id: [1, 2, 3] })).toEqual({
      clearMonitoringResult: [
        { id: 1, status: 'Rejected' },
        { id: 2, status: 'Accepted' },
        { id: 3, status: 'NotFound' },
      ],
    });
    expect(await statusOf('GetMonitoringReport', { requestId: 2, monitoringCriteria: ['ThresholdMonitoring'] })).toBe('EmptyResultSet');
  });

  it('N08: a periodic monitor tells again and again', async () => {
    await set({ type: 'Periodic', value: 20 });
    expect((await under.heard<{ eventData: readonly object[] }>('NotifyEvent', 3))[2]?.eventData[0]).toMatchObject({ trigger: 'Periodic' });
    await statusOf('SetMonitoringBase', { monitoringBase: 'HardWiredOnly' });
  });
});

describe('transactions from afar', () => {
  it('E14, F02, F06: their status, a reading on demand, no unlocking under them', async () => {
    const transactionId = await startedAt(1);
    expect(await under.command('GetTransactionStatus', { transactionId })).toMatchObject({ ongoingIndicator: true });
    expect(await statusOf('TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 1 } })).toBe('Accepted');
    expect(await statusOf('TriggerMessage', { requestedMessage: 'TransactionEvent', evse: { id: 2 } })).toBe('Rejected');
    await eventually(() => under.backEnd.payloadsOf<Event>('TransactionEvent').some(({ triggerReason }) => triggerReason === 'Trigger'));
    expect(await statusOf('UnlockConnector', { evseId: 1, connectorId: 1 })).toBe('OngoingAuthorizedTransaction');
    expect(await statusOf('UnlockConnector', { evseId: 2, connectorId: 1 })).toBe('Unlocked');
    expect(await statusOf('UnlockConnector', { evseId: 2, connectorId: 7 })).toBe('UnknownConnector');
    under.station.goOffline();
    under.station.stopCharging(1);
    await eventually(() => under.station.unconfirmedMessages > 0);
    await under.station.goOnline();
    await eventually(() => under.station.sessionAt(1) === undefined);
    await under.station.confirmed();
    expect(under.backEnd.payloadsOf<Event>('TransactionEvent').at(-1)?.eventType).toBe('Ended');
    expect(await under.command('GetTransactionStatus', { transactionId })).toEqual({ ongoingIndicator: false, messagesInQueue: false });
  });

  it('B12: an EVSE alone is reset, the other goes on', async () => {
    await startedAt(1);
    await startedAt(2);
    expect(await statusOf('Reset', { type: 'Immediate', evseId: 2 })).toBe('Accepted');
    await eventually(() => under.backEnd.payloadsOf('StatusNotification').some(({ connectorStatus }) => connectorStatus === 'Unavailable'));
    const ended = under.backEnd.payloadsOf<Event>('TransactionEvent').filter(({ eventType }) => eventType === 'Ended');
    expect(ended).toMatchObject([{ transactionInfo: { stoppedReason: 'ImmediateReset' } }]);
    expect(under.backEnd.actions()).not.toContain('BootNotification');
    expect(under.station.sessionAt(1)).toBeDefined();
  });
});

describe('reservations', () => {
  const reserve = (id: number, seconds: number, more: object = {}) =>
    statusOf('ReserveNow', { id, idToken: idToken('A'), expiryDateTime: inSeconds(seconds), ...more });

  it('H01, H04: used by its driver, told when it expires', async () => {
    expect(await reserve(1, 3_600, { evseId: 1, groupIdToken: idToken('G') })).toBe('Accepted');
    expect(await reserve(2, 3_600, { evseId: 1 })).toBe('Occupied');
    expect(await reserve(3, 3_600, { evseId: 9 })).toBe('Rejected');
    expect(await reserve(4, 3_600, { connectorType: 'cCCS2' })).toBe('Rejected');
    expect(await reserve(5, -10)).toBe('Rejected');
    await startedAt(1, 'A');
    expect(under.backEnd.payloadsOf<Event>('TransactionEvent')[0]).toMatchObject({ reservationId: 1 });
    expect(await reserve(6, 100)).toBe('Accepted');
    expect((await under.heard('ReservationStatusUpdate'))[0]).toEqual({ reservationId: 6, reservationUpdateStatus: 'Expired' });
  });
});

describe('smart charging', () => {
  const profile = (id: number, limit: number, more: object = {}) => ({
    id,
    stackLevel: id,
    chargingProfilePurpose: 'TxDefaultProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] }],
    ...more,
  });

  it('K01, K08, K09, K10: profiles are taken, hold, are reported and cleared', async () => {
    expect(await statusOf('SetChargingProfile', { evseId: 1, chargingProfile: profile(1, 6_000) })).toBe('Accepted');
    const station = profile(2, 9_000, { chargingProfilePurpose: 'ChargingStationMaxProfile' });
    expect(await under.command('SetChargingProfile', { evseId: 1, chargingProfile: station })).toMatchObject({
      status: 'Rejected',
      statusInfo: { reasonCode: 'InvalidProfile' },
    });
    expect(await statusOf('SetChargingProfile', { evseId: 0, chargingProfile: station })).toBe('Accepted');
    const composite = (evseId: number) => under.command('GetCompositeSchedule', { evseId, duration: 60, chargingRateUnit: 'W' });
    expect(await composite(1)).toMatchObject({ schedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 6_000 }] } });
    expect(await composite(2)).toMatchObject({ schedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 9_000 }] } });
    expect(await statusOf('GetChargingProfiles', { requestId: 1, chargingProfile: { stackLevel: 7 } })).toBe('NoProfiles');
    expect(await statusOf('GetChargingProfiles', { requestId: 2, chargingProfile: {} })).toBe('Accepted');
    const reports = await under.heard('ReportChargingProfiles', 2);
    expect(reports).toMatchObject([
      { evseId: 1, tbc: true, chargingProfile: [{ id: 1 }] },
      { evseId: 0, tbc: false, chargingProfile: [{ id: 2 }] },
    ]);
    const plan = { connectorId: 1, token: 'A', energyWh: 11_000, meterValues: 2, secondsBetweenMeterValues: 60, powerCurve: [1] };
    // Two minutes at 6 kW.
    expect((await under.station.charge(plan)).meterStopWh).toBe(200);
    expect(await statusOf('ClearChargingProfile', { chargingProfileCriteria: { evseId: 1 } })).toBe('Accepted');
    expect(await statusOf('ClearChargingProfile', { chargingProfileId: 1 })).toBe('Unknown');
    expect(await composite(1)).toMatchObject({ schedule: { chargingSchedulePeriod: [{ limit: 9_000 }] } });
  });
});

describe('firmware and logs', () => {
  const told = (action: string) => under.backEnd.payloadsOf(action).map(({ status }) => status);
  const firmware = { location: 'https://x/fw', retrieveDateTime: inSeconds(0) };

  it('L01: waits for its time and for the car, installs, boots, tells', async () => {
    await startedAt(1);
    const signed = { ...firmware, retrieveDateTime: inSeconds(200), signingCertificate: '-----BEGIN CERTIFICATE-----', signature: 's' };
    expect(await statusOf('UpdateFirmware', { requestId: 1, firmware: signed })).toBe('Accepted');
    await eventually(() => told('FirmwareStatusNotification').includes('InstallScheduled'));
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(told('FirmwareStatusNotification')).not.toContain('Installing');
    under.station.stopCharging(1);
    await eventually(() => told('FirmwareStatusNotification').includes('Installed'));
    expect(told('FirmwareStatusNotification')).toEqual([
      'DownloadScheduled',
      'Downloading',
      'Downloaded',
      'SignatureVerified',
      'InstallScheduled',
      'Installing',
      'InstallRebooting',
      'Installed',
    ]);
    expect(under.backEnd.payloadsOf('BootNotification')[0]).toMatchObject({
      reason: 'FirmwareUpdate',
      chargingStation: { firmwareVersion: '1.0.1' },
    });
    expect(under.station.firmwareVersion).toBe('1.0.1');
  });

  it.each(['DownloadFailed', 'InstallationFailed', 'InstallVerificationFailed'])('L02: an update may end in %s', async (outcome) => {
    under.station.behave({ firmware: outcome });
    await statusOf('UpdateFirmware', { requestId: 1, firmware });
    await eventually(() => told('FirmwareStatusNotification').at(-1) === outcome);
    expect(under.station.firmwareVersion).toBe('1.0.0');
  });

  it('L01.FR.24: a newer order cancels the older', async () => {
    under.station.behave({ stepSeconds: 20 });
    await statusOf('UpdateFirmware', { requestId: 1, firmware });
    await under.heard('FirmwareStatusNotification');
    expect(await statusOf('UpdateFirmware', { requestId: 2, firmware })).toBe('AcceptedCanceled');
    const statuses = await under.heard('FirmwareStatusNotification', 3);
    expect(statuses.map(({ requestId }) => requestId)).toEqual([1, 2, 2]);
  });

  it('L03, L04: firmware is published and withdrawn', async () => {
    expect(await statusOf('PublishFirmware', { location: 'https://x/fw', checksum: 'abc', requestId: 1 })).toBe('Accepted');
    const statuses = await under.heard('PublishFirmwareStatusNotification', 4);
    expect(statuses.map(({ status }) => status)).toEqual(['Downloading', 'Downloaded', 'ChecksumVerified', 'Published']);
    await eventually(() => under.station.connected);
    expect(await statusOf('UnpublishFirmware', { checksum: 'abc' })).toBe('Unpublished');
    expect(await statusOf('UnpublishFirmware', { checksum: 'abc' })).toBe('NoFirmware');
  });

  it('N01: a log upload that is cancelled is told as such', async () => {
    under.station.behave({ stepSeconds: 20 });
    const log = { log: { remoteLocation: 'https://x/' }, logType: 'DiagnosticsLog' };
    await statusOf('GetLog', { ...log, requestId: 1 });
    await under.heard('LogStatusNotification');
    expect(await statusOf('GetLog', { ...log, requestId: 2 })).toBe('AcceptedCanceled');
    expect(await under.heard('LogStatusNotification', 4)).toEqual([
      { status: 'Uploading', requestId: 1 },
      { status: 'AcceptedCanceled', requestId: 1 },
      { status: 'Uploading', requestId: 2 },
      { status: 'Uploaded', requestId: 2 },
    ]);
  });
});

describe('certificates', () => {
  it('A02, RPC-103, M03 to M05: asked for with their use, signed, installed, listed, deleted', async () => {
    const authority = new TestAuthority();
    expect(await statusOf('TriggerMessage', { requestedMessage: 'SignV2GCertificate' })).toBe('Accepted');
    const [request] = await under.heard<{ csr: string; certificateType: string }>('SignCertificate');
    expect(request?.certificateType).toBe('V2GCertificate');
    const certificateChain = authority.sign(request?.csr ?? '') + authority.root;
    expect(await statusOf('CertificateSigned', { certificateChain })).toBe('Rejected');
    expect(await statusOf('CertificateSigned', { certificateChain, certificateType: 'V2GCertificate' })).toBe('Accepted');
    expect(await statusOf('InstallCertificate', { certificateType: 'MORootCertificate', certificate: authority.root })).toBe('Accepted');
    const { certificateHashDataChain } = await under.command<{ certificateHashDataChain: ReadonlyArray<{ certificateHashData: object }> }>(
      'GetInstalledCertificateIds',
      {},
    );
    expect(certificateHashDataChain).toMatchObject([
      { certificateType: 'V2GCertificateChain', childCertificateHashData: [authority.hashDataOf(authority.root)] },
      { certificateType: 'MORootCertificate', certificateHashData: authority.hashDataOf(authority.root) },
    ]);
    const certificateHashData = certificateHashDataChain[1]?.certificateHashData;
    expect(await statusOf('DeleteCertificate', { certificateHashData })).toBe('Accepted');
    authority.remove();
  });
});

describe('displays and customers', () => {
  const message = (id: number, more: object = {}) => ({
    message: { id, priority: 'NormalCycle', message: { format: 'UTF8', content: 'Hello' }, ...more },
  });

  it('O01, O03, O05: messages are shown, told in parts and cleared', async () => {
    for (let id = 1; id <= 7; id++) expect(await statusOf('SetDisplayMessage', message(id))).toBe('Accepted');
    expect(await statusOf('SetDisplayMessage', message(8, { message: { format: 'HTML', content: '<b>' } }))).toBe(
      'NotSupportedMessageFormat',
    );
    expect(await statusOf('SetDisplayMessage', message(8, { transactionId: 'none' }))).toBe('UnknownTransaction');
    expect(await statusOf('GetDisplayMessages', { requestId: 1 })).toBe('Accepted');
    const parts = await under.heard<{ tbc: boolean; messageInfo: readonly object[] }>('NotifyDisplayMessages', 2);
    expect(parts.map(({ tbc, messageInfo }) => [tbc, messageInfo.length])).toEqual([
      [true, 5],
      [false, 2],
    ]);
    expect(await statusOf('ClearDisplayMessage', { id: 1 })).toBe('Accepted');
    expect(await statusOf('ClearDisplayMessage', { id: 1 })).toBe('Unknown');
    expect(await statusOf('GetDisplayMessages', { requestId: 2, id: [1] })).toBe('Unknown');
  });

  it('N09, N10: what is known about a customer is told, then forgotten', async () => {
    const localAuthorizationList = [{ idToken: idToken('A'), idTokenInfo: { status: 'Blocked' } }];
    expect(await statusOf('SendLocalList', { versionNumber: 1, updateType: 'Full', localAuthorizationList })).toBe('Accepted');
    const ask = (requestId: number, clear: boolean) =>
      statusOf('CustomerInformation', { requestId, report: true, clear, idToken: idToken('A') });
    expect([await ask(1, true), await ask(2, false)]).toEqual(['Accepted', 'Accepted']);
    const told = await under.heard('NotifyCustomerInformation', 2);
    expect(told.map(({ data }) => data)).toEqual(['A: Blocked by the local list or cache', '']);
    expect(await statusOf('CustomerInformation', { requestId: 3, report: true, clear: false })).toBe('Invalid');
  });
});

describe('network profiles', () => {
  const connectionData = (ocppCsmsUrl: string) => ({
    ocppVersion: 'OCPP20',
    ocppTransport: 'JSON',
    ocppCsmsUrl,
    messageTimeout: 30,
    securityProfile: 1,
    ocppInterface: 'Wired0',
  });
  const moveTo = async (url: string) => {
    expect(await statusOf('SetNetworkProfile', { configurationSlot: 2, connectionData: connectionData(url) })).toBe('Accepted');
    const setVariableData = [{ ...named('OCPPCommCtrlr', 'NetworkConfigurationPriority'), attributeValue: '2,1' }];
    await under.command('SetVariables', { setVariableData });
    await statusOf('Reset', { type: 'Immediate' });
  };

  it('RPC-97, RPC-99: a slot is used after its priority is set and the station has reset, and it boots there', async () => {
    const other = new ScriptedBackEnd('2.0.1', wellMeaning('2.0.1'));
    await other.listen();
    expect(await statusOf('SetNetworkProfile', { configurationSlot: 1, connectionData: connectionData(other.url) })).toBe('Rejected');
    await moveTo(other.url);
    await eventually(() => other.actions().includes('BootNotification'));
    expect(under.backEnd.actions()).not.toContain('BootNotification');
    const getVariableData = [named('OCPPCommCtrlr', 'ActiveNetworkProfile')];
    expect(await other.command('GetVariables', { getVariableData })).toMatchObject({ getVariableResult: [{ attributeValue: '2' }] });
    await other.die();
    expect(other.violations).toEqual([]);
  });

  it('RPC-98: when nobody is there, it comes back', async () => {
    await moveTo('ws://127.0.0.1:1/ocpp');
    await eventually(() => under.backEnd.actions().includes('BootNotification'));
  });
});

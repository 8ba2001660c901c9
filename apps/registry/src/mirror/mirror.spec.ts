import { fold } from '@evenkeel/decider';
import type { Document } from './known';
import { type MirrorEvent, type MirrorNews, mirror } from './mirror';
import { actualValue } from './variable-value';

const AT = '2026-03-01T10:00:00.000Z';
const LATER = '2026-03-01T10:05:00.000Z';
const notice = (action: string, payload: Document, at = AT): MirrorNews => ({ kind: 'notice', action, payload, at });
const call = (action: string, request: Document, answer: Document = { status: 'Accepted' }, at = AT): MirrorNews => ({
  kind: 'call',
  action,
  request,
  answer,
  at,
});
const booted = (firmwareVersion: string): MirrorNews => ({
  kind: 'booted',
  vendor: 'Acme',
  model: 'Duo',
  version: '2.0.1',
  cause: 'boot',
  firmwareVersion,
  at: LATER,
});

function eventsOf(news: readonly MirrorNews[]): MirrorEvent[] {
  const events: MirrorEvent[] = [];
  for (const each of news) {
    const decision = mirror.decide(fold(mirror, events), { stationId: 'CP1', news: each });
    if (decision.accepted) events.push(...decision.events);
  }
  return events;
}

/** What is known of a kind after the news, by key. */
function after(kind: string, ...news: MirrorNews[]): Record<string, Document> {
  return Object.fromEntries(fold(mirror, eventsOf(news)).all(kind));
}

const component = { name: 'OCPPCommCtrlr' };
const variable = { name: 'HeartbeatInterval' };
const KEY = 'OCPPCommCtrlr/HeartbeatInterval';
const report = (name: string, value = '1') => ({ component: { name: 'C' }, variable: { name }, variableAttribute: [{ value }] });

describe('a report of the device model', () => {
  const begun = call('GetBaseReport', { requestId: 1, reportBase: 'FullInventory' });
  const part = (seqNo: number, tbc: boolean, ...names: string[]) =>
    notice('NotifyReport', { requestId: 1, generatedAt: AT, seqNo, tbc, reportData: names.map((name) => report(name)) });

  it('B07, NotifyReport, GetBaseReport: is put together from its parts, and what it does not name is gone when all are there', () => {
    const old = notice('NotifyReport', { requestId: 9, generatedAt: AT, seqNo: 0, reportData: [report('Old')] });
    const keys = (...news: MirrorNews[]) => Object.keys(after('variable', old, begun, ...news)).sort();
    expect(keys(part(0, true, 'A'))).toEqual(['C/A', 'C/Old']);
    expect(keys(part(0, true, 'A'), part(1, true, 'B'), part(2, false, 'D'))).toEqual(['C/A', 'C/B', 'C/D']);
    // Parts may be sent again, and come in any order.
    expect(keys(part(2, false, 'D'), part(0, true, 'A'), part(0, true, 'A'))).toEqual(['C/A', 'C/D', 'C/Old']);
    expect(keys(part(2, false, 'D'), part(0, true, 'A'), part(0, true, 'A'), part(1, true, 'B'))).toEqual(['C/A', 'C/B', 'C/D']);
  });

  it('GetReport: a part that nobody asked for in full is kept, and proves nothing about the rest', () => {
    expect(
      Object.keys(
        after(
          'variable',
          part(0, false, 'A'),
          notice('NotifyReport', { requestId: 2, generatedAt: AT, seqNo: 0, reportData: [report('B')] }),
        ),
      ),
    ).toEqual(['C/A', 'C/B']);
  });

  it('an EVSE, a connector and an instance are part of the name', () => {
    const named = {
      component: { name: 'Connector', evse: { id: 1, connectorId: 2 } },
      variable: { name: 'X', instance: 'y' },
      variableAttribute: [],
    };
    expect(Object.keys(after('variable', notice('NotifyReport', { requestId: 1, seqNo: 0, reportData: [named] })))).toEqual([
      'Connector@1.2/X[y]',
    ]);
  });
});

describe('variables', () => {
  const set = (attributeStatus: string) =>
    call(
      'SetVariables',
      { setVariableData: [{ component, variable, attributeValue: '60' }] },
      { setVariableResult: [{ component, variable, attributeStatus }] },
    );
  const get = (attributeValue: string) =>
    call(
      'GetVariables',
      { getVariableData: [{ component, variable }] },
      { getVariableResult: [{ component, variable, attributeStatus: 'Accepted', attributeValue }] },
    );

  it('GetVariables, SetVariables: are as the station answered, and a refused change changes nothing', () => {
    expect(actualValue(after('variable', get('300'))[KEY])).toBe('300');
    expect(actualValue(after('variable', get('300'), set('Accepted'))[KEY])).toBe('60');
    expect(actualValue(after('variable', get('300'), set('Rejected'))[KEY])).toBe('300');
    expect(after('variable', set('RebootRequired'))[KEY]?.variableAttribute).toEqual([{ type: 'Actual', value: '60', afterReboot: true }]);
  });

  it('NotifyEvent: the newest event of each is kept, whatever order they come in', () => {
    const event = (timestamp: string, actualValueOf: string) =>
      notice('NotifyEvent', {
        generatedAt: timestamp,
        seqNo: 0,
        eventData: [{ eventId: 1, timestamp, actualValue: actualValueOf, component, variable }],
      });
    expect(after('event', event(LATER, 'new'), event(AT, 'old'))[KEY]).toMatchObject({ actualValue: 'new' });
  });
});

describe('monitors and event streams', () => {
  const monitor = { value: 1, type: 'UpperThreshold', severity: 3, component, variable };
  const set = call(
    'SetVariableMonitoring',
    { setMonitoringData: [monitor, monitor] },
    {
      setMonitoringResult: [
        { ...monitor, id: 5, status: 'Accepted' },
        { ...monitor, status: 'Rejected' },
      ],
    },
  );

  it('SetVariableMonitoring, ClearVariableMonitoring, NotifyMonitoringReport: are those that the station has', () => {
    expect(Object.keys(after('monitor', set))).toEqual(['5']);
    const clear = (status: string) => call('ClearVariableMonitoring', { id: [5] }, { clearMonitoringResult: [{ id: 5, status }] });
    expect(after('monitor', set, clear('Accepted'))).toEqual({});
    expect(after('monitor', set, clear('NotFound'))).toEqual({});
    expect(Object.keys(after('monitor', set, clear('Rejected')))).toEqual(['5']);
    const reported = notice('NotifyMonitoringReport', {
      requestId: 2,
      seqNo: 0,
      generatedAt: AT,
      monitor: [{ component, variable, variableMonitoring: [{ id: 6, ...monitor }] }],
    });
    expect(Object.keys(after('monitor', set, call('GetMonitoringReport', { requestId: 2 }), reported))).toEqual(['6']);
  });

  it('SetMonitoringBase, SetMonitoringLevel: are kept as accepted', () => {
    const news = [
      call('SetMonitoringBase', { monitoringBase: 'All' }),
      call('SetMonitoringLevel', { severity: 4 }, { status: 'Rejected' }),
    ];
    expect(after('monitoring', ...news)).toMatchObject({ base: { monitoringBase: 'All' } });
  });

  const open = notice('OpenPeriodicEventStream', { constantStreamData: { id: 7, variableMonitoringId: 5, params: { interval: 1 } } });
  const values = (id: number) =>
    notice('NotifyPeriodicEventStream', {
      id,
      pending: 2,
      basetime: AT,
      data: [
        { t: 1, v: '10' },
        { t: 2.5, v: '11' },
      ],
    });

  it('OpenPeriodicEventStream, NotifyPeriodicEventStream, ClosePeriodicEventStream: a value is as old as base time and offset say', () => {
    expect(after('event-stream', open, values(7))['7']).toMatchObject({ value: '11', valueAt: '2026-03-01T10:00:02.500Z', pending: 2 });
    expect(after('event-stream', open, notice('ClosePeriodicEventStream', { id: 7 }))).toEqual({});
    expect(after('unknown-stream', values(8), values(8))['8']).toEqual({ id: 8, dropped: 4 });
  });

  it('AdjustPeriodicEventStream, GetPeriodicEventStream: follow what the station says', () => {
    expect(after('event-stream', open, call('AdjustPeriodicEventStream', { id: 7, params: { interval: 9 } }))['7']).toMatchObject({
      params: { interval: 9 },
    });
    expect(after('event-stream', open, call('GetPeriodicEventStream', {}, {}))).toEqual({});
    const there = call('GetPeriodicEventStream', {}, { constantStreamData: [{ id: 8, variableMonitoringId: 1, params: {} }] });
    expect(Object.keys(after('event-stream', open, there))).toEqual(['8']);
  });
});

describe('jobs', () => {
  const update = (requestId: number, status = 'Accepted', at = AT) =>
    call('UpdateFirmware', { requestId, firmware: { location: 'https://x/1' } }, { status }, at);
  const firmware = (status: string, requestId?: number, at = LATER) =>
    notice('FirmwareStatusNotification', { status, ...(requestId === undefined ? {} : { requestId }) }, at);

  it('C6-06, UpdateFirmware, FirmwareStatusNotification: follow their states, and a boot with the new version confirms them', () => {
    const news = [update(3), firmware('Downloading', 3), firmware('Installed', 3)];
    expect(after('firmware-job', ...news)['3']).toMatchObject({ status: 'Installed', endedAt: LATER });
    const confirmed = after('firmware-job', ...news, booted('2.4'));
    expect(confirmed['3']).toMatchObject({ firmwareVersion: '2.4', bootedAt: LATER });
    expect(after('firmware-job', update(3), firmware('InvalidSignature', 3))['3']).toMatchObject({
      status: 'InvalidSignature',
      endedAt: LATER,
    });
  });

  it('OCPP 1.6: a state without a number is that of the newest job, Idle is none, and an orphan is kept', () => {
    const jobs = after('firmware-job', update(0, 'Accepted', AT), update(0, 'Accepted', LATER), firmware('Installed'), firmware('Idle'));
    expect(Object.values(jobs).map(({ status }) => status)).toEqual(['Accepted', 'Installed']);
    expect(Object.values(after('firmware-job', firmware('Installed')))).toMatchObject([{ status: 'Installed' }]);
  });

  it('C2-06, GetLog, LogStatusNotification: a second job that cancels the first ends it', () => {
    const log = (requestId: number, status: string) =>
      call('GetLog', { requestId, logType: 'SecurityLog', log: { remoteLocation: 'https://x' } }, { status, filename: 'f' });
    expect(
      after(
        'log-job',
        log(1, 'Accepted'),
        log(2, 'AcceptedCanceled'),
        notice('LogStatusNotification', { status: 'Uploaded', requestId: 2 }),
      ),
    ).toMatchObject({
      1: { status: 'Cancelled', endedAt: AT },
      2: { status: 'Uploaded', filename: 'f' },
    });
    expect(after('log-job', log(1, 'Rejected'))).toEqual({});
  });

  it('FirmwareStatusNotification: a failure that is heard before the answer is noted stays', () => {
    const failed = notice('FirmwareStatusNotification', { status: 'DownloadFailed', requestId: 7 });
    const update = call('UpdateFirmware', { requestId: 7, firmware: { location: 'https://x' } }, { status: 'Accepted' });
    expect(after('firmware-job', failed, update)).toMatchObject({
      7: { status: 'DownloadFailed', endedAt: AT, begunAt: AT, firmware: { location: 'https://x' } },
    });
    expect(after('firmware-job', failed, update, update)).toMatchObject({ 7: { status: 'Accepted' } });
  });

  it('PublishFirmware, PublishFirmwareStatusNotification: follow their states', () => {
    const publish = call('PublishFirmware', { requestId: 4, location: 'https://x', checksum: 'c' });
    const published = notice('PublishFirmwareStatusNotification', { status: 'Published', requestId: 4, location: ['http://lc/1'] });
    expect(after('publish-job', publish, published)['4']).toMatchObject({ status: 'Published', location: ['http://lc/1'] });
  });
});

describe('reservations', () => {
  const reserve = (id: number, status = 'Accepted') =>
    call('ReserveNow', { id, expiryDateTime: '2026-03-01T11:00:00.000Z', idToken: { idToken: 'KEY', type: 'ISO14443' } }, { status });
  const statusOf = (...news: MirrorNews[]) => after('reservation', ...news)['1']?.status;

  it('C6-03, TX-20, ReserveNow, CancelReservation, ReservationStatusUpdate: are active, used, cancelled or expired', () => {
    expect(statusOf(reserve(1))).toBe('Active');
    expect(statusOf(reserve(1, 'Occupied'))).toBeUndefined();
    expect(statusOf(reserve(1), call('CancelReservation', { reservationId: 1 }))).toBe('Cancelled');
    expect(statusOf(reserve(1), call('CancelReservation', { reservationId: 1 }, { status: 'Rejected' }))).toBe('Unknown');
    expect(statusOf(reserve(1), { kind: 'started', reservationId: 1, transactionId: 'tx', at: LATER })).toBe('Used');
    for (const end of ['Expired', 'Removed', 'NoTransaction']) {
      expect(statusOf(reserve(1), notice('ReservationStatusUpdate', { reservationId: 1, reservationUpdateStatus: end }))).toBe(end);
    }
    expect(statusOf(reserve(1), { kind: 'time', at: '2026-03-01T10:59:59.000Z' })).toBe('Active');
    expect(statusOf(reserve(1), { kind: 'time', at: '2026-03-01T11:00:00.000Z' })).toBe('Expired');
  });
});

describe('charging profiles and limits', () => {
  const profile = (id: number, stackLevel = 0, chargingProfilePurpose = 'TxDefaultProfile') => ({
    id,
    stackLevel,
    chargingProfilePurpose,
    chargingProfileKind: 'Absolute',
    chargingSchedule: [],
  });
  const set = (id: number, evseId = 1, status = 'Accepted', stackLevel = 0) =>
    call('SetChargingProfile', { evseId, chargingProfile: profile(id, stackLevel) }, { status });
  const keys = (...news: MirrorNews[]) => Object.keys(after('charging-profile', ...news));

  it('C6-05, SetChargingProfile, ClearChargingProfile: are those that the station has accepted', () => {
    expect(keys(set(1), set(2, 1, 'Rejected'))).toEqual(['1']);
    expect(keys(set(1), set(2), call('ClearChargingProfile', { chargingProfileId: 1 }))).toEqual(['2']);
    expect(keys(set(1), set(2, 2), call('ClearChargingProfile', { chargingProfileCriteria: { evseId: 2 } }))).toEqual(['1']);
    expect(keys(set(1), set(2, 1, 'Accepted', 3), call('ClearChargingProfile', { chargingProfileCriteria: { stackLevel: 3 } }))).toEqual([
      '1',
    ]);
    expect(keys(set(1), call('ClearChargingProfile', {}, { status: 'Unknown' }))).toEqual([]);
  });

  it('GetChargingProfiles, ReportChargingProfiles: what the station does not report of all is gone', () => {
    const asked = call('GetChargingProfiles', { requestId: 8, chargingProfile: {} });
    const reported = notice('ReportChargingProfiles', {
      requestId: 8,
      evseId: 1,
      chargingLimitSource: 'CSO',
      chargingProfile: [profile(3)],
    });
    expect(keys(set(1), asked, reported)).toEqual(['3']);
    expect(keys(set(1), call('GetChargingProfiles', { requestId: 8, chargingProfile: {} }, { status: 'NoProfiles' }))).toEqual([]);
  });

  it('NotifyChargingLimit, ClearedChargingLimit: by EVSE and source', () => {
    const limit = notice('NotifyChargingLimit', { evseId: 1, chargingLimit: { chargingLimitSource: 'EMS', isGridCritical: true } });
    expect(Object.keys(after('charging-limit', limit))).toEqual(['1/EMS']);
    expect(after('charging-limit', limit, notice('ClearedChargingLimit', { evseId: 1, chargingLimitSource: 'EMS' }))).toEqual({});
  });

  it('GetCompositeSchedule, UpdateDynamicSchedule, PullDynamicScheduleUpdate, UsePriorityCharging, NotifyPriorityCharging: are kept', () => {
    expect(after('composite-schedule', call('GetCompositeSchedule', { evseId: 1, duration: 60 }, { status: 'Accepted' }))).toHaveProperty(
      '1',
    );
    const update = call('UpdateDynamicSchedule', { chargingProfileId: 4, scheduleUpdate: { limit: 10 } });
    expect(after('dynamic-schedule', update, notice('PullDynamicScheduleUpdate', { chargingProfileId: 4 }, LATER))['4']).toMatchObject({
      pulledAt: LATER,
    });
    const use = call('UsePriorityCharging', { transactionId: 'tx', activate: true });
    const told = notice('NotifyPriorityCharging', { transactionId: 'tx', activated: false });
    expect(after('priority-charging', use)).toMatchObject({ tx: { activated: true } });
    expect(after('priority-charging', use, told)).toMatchObject({ tx: { activated: false } });
  });

  it('NotifyEVChargingNeeds, NotifyEVChargingSchedule, NotifyAllowedEnergyTransfer, AFRRSignal: are kept', () => {
    expect(
      after('charging-needs', notice('NotifyEVChargingNeeds', { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'DC' } })),
    ).toHaveProperty('1');
    expect(after('ev-schedule', notice('NotifyEVChargingSchedule', { evseId: 1, timeBase: AT, chargingSchedule: {} }))).toHaveProperty('1');
    expect(
      after('allowed-energy-transfer', call('NotifyAllowedEnergyTransfer', { transactionId: 'tx', allowedEnergyTransfer: ['DC'] })),
    ).toHaveProperty('tx');
    expect(after('afrr-signal', call('AFRRSignal', { timestamp: AT, signal: 5 }))).toMatchObject({ last: { signal: 5 } });
  });
});

describe('what else is known of a station', () => {
  it('C6-04, SendLocalList, GetLocalListVersion: the version that it has accepted or says', () => {
    const list = (...news: MirrorNews[]) => after('local-list', ...news).list;
    const send = (status: string) =>
      call('SendLocalList', { versionNumber: 2, updateType: 'Full', localAuthorizationList: [{}] }, { status });
    expect(list(send('Accepted'))).toMatchObject({ versionNumber: 2, entries: 1 });
    expect(list(send('Accepted'), send('VersionMismatch'))).toMatchObject({ versionNumber: 2, lastFailure: 'VersionMismatch' });
    expect(list(call('GetLocalListVersion', {}, { versionNumber: -1 }))).toMatchObject({ versionNumber: -1 });
  });

  it('ChangeAvailability: what was accepted, and whether it waits', () => {
    expect(
      after(
        'availability',
        call('ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1, connectorId: 2 } }, { status: 'Scheduled' }),
      )['1.2'],
    ).toMatchObject({ scheduled: true });
    expect(after('availability', call('ChangeAvailability', { operationalStatus: 'Inoperative' }))['0']).toMatchObject({
      scheduled: false,
    });
  });

  it('SetDisplayMessage, ClearDisplayMessage, GetDisplayMessages, NotifyDisplayMessages: messages that it shows', () => {
    const set = call('SetDisplayMessage', { message: { id: 1, priority: 'InFront', message: { content: 'x', format: 'UTF8' } } });
    expect(after('display-message', set)).toHaveProperty('1');
    for (const status of ['Accepted', 'Unknown'])
      expect(after('display-message', set, call('ClearDisplayMessage', { id: 1 }, { status }))).toEqual({});
    expect(after('display-message', set, call('ClearDisplayMessage', { id: 1 }, { status: 'Rejected' }))).toHaveProperty('1');
    const reported = notice('NotifyDisplayMessages', { requestId: 6, messageInfo: [{ id: 2 }] });
    expect(Object.keys(after('display-message', set, call('GetDisplayMessages', { requestId: 6 }), reported))).toEqual(['2']);
  });

  it('C6-08, GetInstalledCertificateIds, DeleteCertificate: certificates that it holds, by use', () => {
    const hash = (serialNumber: string) => ({ hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber });
    const listed = call(
      'GetInstalledCertificateIds',
      {},
      { status: 'Accepted', certificateHashDataChain: [{ certificateType: 'CSMSRootCertificate', certificateHashData: hash('1') }] },
    );
    expect(Object.keys(after('certificate', listed))).toEqual(['a/1']);
    expect(after('certificate', listed, call('DeleteCertificate', { certificateHashData: hash('1') }))).toEqual({});
    expect(
      after(
        'certificate',
        listed,
        call('GetInstalledCertificateIds', { certificateType: ['CSMSRootCertificate'] }, { status: 'NotFound' }),
      ),
    ).toEqual({});
    expect(
      after('certificate', listed, call('GetInstalledCertificateIds', { certificateType: ['MORootCertificate'] }, { status: 'NotFound' })),
    ).toHaveProperty(['a/1']);
  });

  it('SetNetworkProfile, CostUpdated, GetTransactionStatus, NotifyWebPaymentStarted, CustomerInformation: are kept', () => {
    expect(
      after('network-profile', call('SetNetworkProfile', { configurationSlot: 1, connectionData: { ocppCsmsUrl: 'wss://x' } })),
    ).toHaveProperty('1');
    expect(after('shown-cost', call('CostUpdated', { transactionId: 'tx', totalCost: 3.1 }, {}))).toMatchObject({ tx: { totalCost: 3.1 } });
    expect(after('transaction-status', call('GetTransactionStatus', { transactionId: 'tx' }, { messagesInQueue: false }))).toHaveProperty(
      'tx',
    );
    expect(after('web-payment', call('NotifyWebPaymentStarted', { evseId: 1, timeout: 60 }, {}))['1']).toMatchObject({
      until: '2026-03-01T10:01:00.000Z',
    });
    expect(after('customer-request', call('CustomerInformation', { requestId: 5, report: true, clear: false }))).toHaveProperty('5');
  });

  it('SetDefaultTariff, GetTariffs, ClearTariffs, ChangeTransactionTariff: tariffs that it charges by', () => {
    const tariff = { tariffId: 'T', currency: 'USD' };
    const set = call('SetDefaultTariff', { evseId: 1, tariff });
    expect(after('tariff', set)).toHaveProperty(['1/T']);
    expect(
      after('tariff', set, call('ClearTariffs', { tariffIds: ['T'] }, { clearTariffsResult: [{ tariffId: 'T', status: 'NoTariff' }] })),
    ).toEqual({});
    expect(after('tariff', set, call('GetTariffs', { evseId: 0 }, { status: 'NoTariff' }))).toEqual({});
    expect(
      after(
        'tariff',
        set,
        call(
          'GetTariffs',
          { evseId: 0 },
          { status: 'Accepted', tariffAssignments: [{ tariffId: 'U', tariffKind: 'DefaultTariff', evseIds: [1, 2] }] },
        ),
      ),
    ).toMatchObject({ '1/U': {}, '2/U': {} });
    expect(after('transaction-tariff', call('ChangeTransactionTariff', { transactionId: 'tx', tariff }))).toHaveProperty('tx');
  });

  it('SetDERControl, ClearDERControl, GetDERControl, ReportDERControl, NotifyDERStartStop, NotifyDERAlarm: controls and alarms of the grid', () => {
    const set = (controlId: string, supersededIds: string[] = []) =>
      call('SetDERControl', { isDefault: false, controlId, controlType: 'EnterService' }, { status: 'Accepted', supersededIds });
    const keys = (...news: MirrorNews[]) => Object.keys(after('der-control', ...news));
    expect(keys(set('a'), set('b', ['a']))).toEqual(['b']);
    expect(keys(set('a'), call('ClearDERControl', { isDefault: false, controlId: 'a' }))).toEqual([]);
    expect(keys(set('a'), notice('NotifyDERStartStop', { controlId: 'b', started: true, timestamp: AT, supersededIds: ['a'] }))).toEqual([
      'b',
    ]);
    expect(keys(notice('ReportDERControl', { requestId: 1, gradient: [{ id: 'g', isDefault: true }] }))).toEqual(['g']);
    const alarm = (alarmEnded: boolean) => notice('NotifyDERAlarm', { controlType: 'VoltVar', timestamp: AT, alarmEnded });
    expect(Object.keys(after('grid-alarm', alarm(false)))).toEqual(['VoltVar']);
    expect(after('grid-alarm', alarm(false), alarm(true))).toEqual({});
  });

  it('RequestBatterySwap, BatterySwap, NotifySettlement, VatNumberValidation: are kept by their number', () => {
    const swap = (eventType: string) => notice('BatterySwap', { requestId: 2, eventType, idToken: { idToken: 'KEY' }, batteryData: [] });
    expect(
      after(
        'battery-swap',
        call('RequestBatterySwap', { requestId: 2, idToken: { idToken: 'KEY' } }),
        swap('BatteryIn'),
        swap('BatteryOutTimeout'),
      )['2'],
    ).toMatchObject({ status: 'BatteryOutTimeout', BatteryIn: {} });
    const settled = notice('NotifySettlement', { pspRef: 'p1', status: 'Settled', settlementAmount: 5, settlementTime: AT });
    expect(eventsOf([settled, settled])).toHaveLength(1);
    expect(after('vat-validation', notice('VatNumberValidation', { vatNumber: 'DE1' }))).toHaveProperty('DE1');
  });

  it('a repetition changes nothing, and what says nothing changes nothing', () => {
    expect(
      eventsOf([notice('Heartbeat', {}), call('ClearCache', {}), notice('NotifyEvent', { generatedAt: AT, seqNo: 0, eventData: [] })]),
    ).toEqual([]);
    const limit = notice('NotifyChargingLimit', { evseId: 1, chargingLimit: { chargingLimitSource: 'EMS' } });
    expect(eventsOf([limit, limit])).toHaveLength(1);
  });
});

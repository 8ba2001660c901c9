import type { StationFact } from '@evenkeel/contracts';
import { effectOf, isYes, type Observation } from './effect';

const common = { factId: 'f', party: 'US-CHG', stationId: 'CP1', at: '', receivedAt: '2026-03-01T10:00:00.000Z', messageId: 'm' };
const v2 = { ...common, ocppVersion: '2.0.1' as const };
const notice = (action: string, payload: Record<string, unknown>): StationFact => ({
  ...v2,
  kind: 'station-notice-reported',
  action,
  payload,
});
const status = (evseId: number, value: string): StationFact => ({
  ...v2,
  kind: 'connector-status-reported',
  evseId,
  connectorId: 1,
  status: value,
});
const transaction = (more: Partial<Extract<StationFact, { kind: 'transaction-reported' }>>): StationFact => ({
  ...v2,
  kind: 'transaction-reported',
  phase: 'started',
  transactionId: 'tx',
  samples: [],
  ...more,
});

type Row = [
  action: string,
  request: Record<string, unknown>,
  answer: Record<string, unknown>,
  fact: StationFact,
  seen: Observation | undefined,
];
const yes = { status: 'Accepted' };
const seen = { seen: true as const };
const idToken = { idToken: 'KEY', type: 'ISO14443' };
const booted: StationFact = { ...v2, kind: 'station-booted', vendor: 'V', model: 'M' };

const rows: Row[] = [
  ['RequestStartTransaction', { remoteStartId: 7, idToken }, yes, transaction({ remoteStartId: 7 }), seen],
  ['RequestStartTransaction', { remoteStartId: 7, idToken }, yes, transaction({ remoteStartId: 8 }), undefined],
  ['RequestStartTransaction', { remoteStartId: 7, idToken }, { ...yes, transactionId: 'tx' }, transaction({}), seen],
  ['RequestStartTransaction', { remoteStartId: 7, idToken }, yes, transaction({ token: { key: 'KEY', type: 'RFID' } }), undefined],
  [
    'RequestStartTransaction',
    { remoteStartId: 0, idToken },
    yes,
    transaction({ ocppVersion: '1.6', token: { key: 'KEY', type: 'RFID' } }),
    seen,
  ],
  [
    'RequestStartTransaction',
    { remoteStartId: 0, idToken, evseId: 2 },
    yes,
    transaction({ ocppVersion: '1.6', evseId: 1, token: { key: 'KEY', type: 'RFID' } }),
    undefined,
  ],
  ['RequestStopTransaction', { transactionId: 'tx' }, yes, transaction({ phase: 'ended' }), seen],
  ['RequestStopTransaction', { transactionId: 'tx' }, yes, transaction({}), undefined],
  ['Reset', { type: 'Immediate' }, yes, booted, seen],
  ['ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } }, yes, status(1, 'Unavailable'), seen],
  ['ChangeAvailability', { operationalStatus: 'Inoperative', evse: { id: 1 } }, yes, status(2, 'Unavailable'), undefined],
  ['ChangeAvailability', { operationalStatus: 'Inoperative' }, yes, status(2, 'Unavailable'), seen],
  ['ChangeAvailability', { operationalStatus: 'Operative' }, yes, status(1, 'Available'), seen],
  ['ReserveNow', { id: 1, evseId: 1 }, yes, status(1, 'Reserved'), seen],
  ['TriggerMessage', { requestedMessage: 'BootNotification' }, yes, booted, seen],
  ['TriggerMessage', { requestedMessage: 'StatusNotification' }, yes, status(1, 'Available'), seen],
  ['TriggerMessage', { requestedMessage: 'LogStatusNotification' }, yes, notice('LogStatusNotification', { status: 'Idle' }), seen],
  [
    'UpdateFirmware',
    { requestId: 3 },
    yes,
    notice('FirmwareStatusNotification', { status: 'Installed', requestId: 3 }),
    { seen: true, detail: 'Installed' },
  ],
  ['UpdateFirmware', { requestId: 3 }, yes, notice('FirmwareStatusNotification', { status: 'Downloading', requestId: 3 }), undefined],
  ['UpdateFirmware', { requestId: 3 }, yes, notice('FirmwareStatusNotification', { status: 'Installed', requestId: 4 }), undefined],
  [
    'UpdateFirmware',
    { requestId: 3 },
    yes,
    notice('FirmwareStatusNotification', { status: 'InvalidSignature', requestId: 3 }),
    { seen: false, detail: 'InvalidSignature' },
  ],
  [
    'PublishFirmware',
    { requestId: 3 },
    yes,
    notice('PublishFirmwareStatusNotification', { status: 'Published', requestId: 3 }),
    { seen: true, detail: 'Published' },
  ],
  ['GetLog', { requestId: 3 }, yes, notice('LogStatusNotification', { status: 'Uploaded' }), { seen: true, detail: 'Uploaded' }],
  [
    'GetLog',
    { requestId: 3 },
    yes,
    notice('LogStatusNotification', { status: 'UploadFailure', requestId: 3 }),
    { seen: false, detail: 'UploadFailure' },
  ],
  ['RequestBatterySwap', { requestId: 3 }, yes, notice('BatterySwap', { requestId: 3 }), seen],
  ...[
    'GetBaseReport:NotifyReport',
    'GetReport:NotifyReport',
    'GetMonitoringReport:NotifyMonitoringReport',
    'GetDisplayMessages:NotifyDisplayMessages',
    'GetChargingProfiles:ReportChargingProfiles',
    'GetDERControl:ReportDERControl',
  ].flatMap((pair): Row[] => {
    const [action = '', report = ''] = pair.split(':');
    return [
      [action, { requestId: 3 }, yes, notice(report, { requestId: 3, tbc: true }), undefined],
      [action, { requestId: 3 }, yes, notice(report, { requestId: 3 }), seen],
      [action, { requestId: 3 }, yes, notice(report, { requestId: 4 }), undefined],
    ];
  }),
];

it.each(rows)('%s %j that is answered %j: what is seen decides', (action, request, answer, fact, expected) => {
  expect(effectOf({ action, request, answer })?.observe(fact)).toEqual(expected);
});

it('what is scheduled waits for the transaction that runs', () => {
  const patience = (status: string) => effectOf({ action: 'Reset', request: { type: 'OnIdle' }, answer: { status } })?.withinSeconds ?? 0;
  expect(patience('Scheduled')).toBeGreaterThan(patience('Accepted'));
});

it('ClearCache, UnlockConnector, UnpublishFirmware, SendLocalList, SetVariables: the answer is all there is to see', () => {
  for (const action of ['ClearCache', 'SetVariables', 'UnlockConnector', 'UnpublishFirmware', 'SetChargingProfile', 'SendLocalList']) {
    expect(effectOf({ action, request: {}, answer: yes })).toBeUndefined();
  }
});

it('a status says yes or no, and an answer without one says yes', () => {
  for (const status of ['Accepted', 'AcceptedCanceled', 'Scheduled', 'Unlocked', 'Unpublished']) expect(isYes({ status })).toBe(true);
  for (const status of ['Rejected', 'NotSupported', 'UnlockFailed', 'Occupied', 'VersionMismatch', 'NotFound'])
    expect(isYes({ status })).toBe(false);
  expect(isYes({})).toBe(true);
});

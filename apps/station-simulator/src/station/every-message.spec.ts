// Every message of every version that a station may send, through the generic call; the back end checks each against its schema. The tables
// are complete by their types.
import type { Request, StationAction } from '@evenkeel/ocpp';
import { bench } from '../testing/bench';

type Messages<V extends '1.6' | '2.0.1' | '2.1'> = { readonly [A in StationAction<V>]: Request<V, A> };

const timestamp = '2026-03-01T10:00:00.000Z';
const idToken = { idToken: 'OK1', type: 'ISO14443' as const };
const hashData = { hashAlgorithm: 'SHA256' as const, issuerNameHash: 'a1', issuerKeyHash: 'b2', serialNumber: 'c3' };
const component = { name: 'ChargingStation' };
const variable = { name: 'Temperature' };

const MESSAGES_16: Messages<'1.6'> = {
  Authorize: { idTag: 'OK1' },
  BootNotification: { chargePointVendor: 'Evenkeel', chargePointModel: 'Simulator' },
  DataTransfer: { vendorId: 'Evenkeel' },
  DiagnosticsStatusNotification: { status: 'Idle' },
  FirmwareStatusNotification: { status: 'Idle' },
  Heartbeat: {},
  LogStatusNotification: { status: 'Idle' },
  MeterValues: { connectorId: 1, meterValue: [{ timestamp, sampledValue: [{ value: '1' }] }] },
  SecurityEventNotification: { type: 'SettingSystemTime', timestamp },
  SignCertificate: { csr: 'none' },
  SignedFirmwareStatusNotification: { status: 'Idle' },
  StartTransaction: { connectorId: 1, idTag: 'OK1', meterStart: 0, timestamp },
  StatusNotification: { connectorId: 1, errorCode: 'NoError', status: 'Available' },
  StopTransaction: { transactionId: 1, meterStop: 10, timestamp },
};

const MESSAGES_201 = {
  Authorize: { idToken },
  BootNotification: { reason: 'PowerUp', chargingStation: { vendorName: 'Evenkeel', model: 'Simulator' } },
  ClearedChargingLimit: { chargingLimitSource: 'EMS' },
  DataTransfer: { vendorId: 'Evenkeel' },
  FirmwareStatusNotification: { status: 'Idle' },
  Get15118EVCertificate: { iso15118SchemaVersion: 'urn:iso:15118:2:2013:MsgDef', action: 'Install', exiRequest: 'AAAA' },
  GetCertificateStatus: { ocspRequestData: { ...hashData, responderURL: 'http://ocsp.example.com' } },
  Heartbeat: {},
  LogStatusNotification: { status: 'Idle' },
  MeterValues: { evseId: 1, meterValue: [{ timestamp, sampledValue: [{ value: 1 }] }] },
  NotifyChargingLimit: { chargingLimit: { chargingLimitSource: 'EMS' } },
  NotifyCustomerInformation: { data: 'none', seqNo: 0, generatedAt: timestamp, requestId: 1 },
  NotifyDisplayMessages: { requestId: 1 },
  NotifyEVChargingNeeds: { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'DC' } },
  NotifyEVChargingSchedule: {
    timeBase: timestamp,
    evseId: 1,
    chargingSchedule: { id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1 }] },
  },
  NotifyEvent: {
    generatedAt: timestamp,
    seqNo: 0,
    eventData: [
      { eventId: 1, timestamp, trigger: 'Delta', actualValue: '1', component, variable, eventNotificationType: 'HardWiredNotification' },
    ],
  },
  NotifyMonitoringReport: { requestId: 1, seqNo: 0, generatedAt: timestamp },
  NotifyReport: { requestId: 1, seqNo: 0, generatedAt: timestamp },
  PublishFirmwareStatusNotification: { status: 'Idle' },
  ReportChargingProfiles: {
    requestId: 1,
    chargingLimitSource: 'CSO',
    evseId: 1,
    chargingProfile: [
      {
        id: 1,
        stackLevel: 0,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Relative',
        chargingSchedule: [{ id: 1, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 1 }] }],
      },
    ],
  },
  ReservationStatusUpdate: { reservationId: 1, reservationUpdateStatus: 'Removed' },
  SecurityEventNotification: { type: 'SettingSystemTime', timestamp },
  SignCertificate: { csr: 'none' },
  StatusNotification: { timestamp, connectorStatus: 'Available', evseId: 1, connectorId: 1 },
  TransactionEvent: { eventType: 'Started', timestamp, triggerReason: 'Authorized', seqNo: 0, transactionInfo: { transactionId: 'tx' } },
} satisfies Messages<'2.0.1'>;

const MESSAGES_21: Messages<'2.1'> = {
  ...MESSAGES_201,
  BatterySwap: { batteryData: [{ evseId: 1, serialNumber: 'B', soC: 10, soH: 90 }], eventType: 'BatteryIn', idToken, requestId: 1 },
  ClosePeriodicEventStream: { id: 1 },
  GetCertificateChainStatus: {
    certificateStatusRequests: [{ certificateHashData: hashData, source: 'OCSP', urls: ['http://ocsp.example.com'] }],
  },
  NotifyDERAlarm: { controlType: 'LVMustTrip', timestamp },
  NotifyDERStartStop: { controlId: 'c', started: true, timestamp },
  NotifyPeriodicEventStream: { id: 1, pending: 0, basetime: timestamp, data: [{ t: 0, v: '1' }] },
  NotifyPriorityCharging: { transactionId: 'tx', activated: true },
  NotifySettlement: { pspRef: 'P1', status: 'Settled', settlementAmount: 1.5, settlementTime: timestamp },
  OpenPeriodicEventStream: { constantStreamData: { id: 1, params: {}, variableMonitoringId: 1 } },
  PullDynamicScheduleUpdate: { chargingProfileId: 1 },
  ReportDERControl: { requestId: 1 },
  VatNumberValidation: { vatNumber: 'NL123' },
};

const TABLES = { '1.6': MESSAGES_16, '2.0.1': MESSAGES_201, '2.1': MESSAGES_21 };

it.each(['1.6', '2.0.1', '2.1'] as const)('a station of OCPP %s can send everything', async (version) => {
  const { station, backEnd, end } = await bench(version);
  for (const [action, payload] of Object.entries(TABLES[version])) {
    if (action === 'NotifyPeriodicEventStream') await station.send(action, payload);
    else await station.call(action, payload);
  }
  expect(backEnd.actions()).toEqual(Object.keys(TABLES[version]));
  expect(await end()).toEqual([]);
});

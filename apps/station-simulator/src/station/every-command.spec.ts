// Every command of every version: the station knows it and answers in the words of the schema. The tables are complete by their types.
import { type CsmsAction, type Request, requestSchema } from '@evenkeel/ocpp';
import { type Bench, bench, START } from '../testing/bench';

type Commands<V extends '1.6' | '2.0.1' | '2.1'> = { readonly [A in CsmsAction<V>]: Request<V, A> };

const soon = new Date(START + 3_600_000).toISOString();
const hashData = { hashAlgorithm: 'SHA256' as const, issuerNameHash: 'a1', issuerKeyHash: 'b2', serialNumber: 'c3' };
const component = { name: 'OCPPCommCtrlr' };
const variable = { name: 'HeartbeatInterval' };
const idToken = { idToken: 'OK1', type: 'ISO14443' as const };

const COMMANDS_16: Commands<'1.6'> = {
  CancelReservation: { reservationId: 1 },
  CertificateSigned: { certificateChain: 'none' },
  ChangeAvailability: { connectorId: 0, type: 'Operative' },
  ChangeConfiguration: { key: 'HeartbeatInterval', value: '60' },
  ClearCache: {},
  ClearChargingProfile: {},
  DataTransfer: { vendorId: 'Evenkeel', messageId: 'Echo', data: 'hello' },
  DeleteCertificate: { certificateHashData: hashData },
  ExtendedTriggerMessage: { requestedMessage: 'LogStatusNotification' },
  GetCompositeSchedule: { connectorId: 1, duration: 600 },
  GetConfiguration: {},
  GetDiagnostics: { location: 'ftp://files.example.com/' },
  GetInstalledCertificateIds: { certificateType: 'CentralSystemRootCertificate' },
  GetLocalListVersion: {},
  GetLog: { log: { remoteLocation: 'ftp://files.example.com/' }, logType: 'SecurityLog', requestId: 1 },
  InstallCertificate: { certificateType: 'CentralSystemRootCertificate', certificate: 'none' },
  RemoteStartTransaction: { idTag: 'OK1', connectorId: 1 },
  RemoteStopTransaction: { transactionId: 1 },
  ReserveNow: { connectorId: 2, expiryDate: soon, idTag: 'OK1', reservationId: 1 },
  SendLocalList: { listVersion: 1, updateType: 'Full', localAuthorizationList: [{ idTag: 'OK1', idTagInfo: { status: 'Accepted' } }] },
  SetChargingProfile: {
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: 1,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] },
    },
  },
  SignedUpdateFirmware: {
    requestId: 1,
    firmware: { location: 'https://files.example.com/fw', retrieveDateTime: soon, signingCertificate: 'none', signature: 'none' },
  },
  TriggerMessage: { requestedMessage: 'MeterValues', connectorId: 1 },
  UnlockConnector: { connectorId: 1 },
  UpdateFirmware: { location: 'ftp://files.example.com/fw', retrieveDate: soon },
  // Last, because the station goes away for it.
  Reset: { type: 'Soft' },
};

const profile: Request<'2.0.1', 'SetChargingProfile'>['chargingProfile'] = {
  id: 1,
  stackLevel: 0,
  chargingProfilePurpose: 'TxDefaultProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16 }] }],
};
const connectionData: Request<'2.0.1', 'SetNetworkProfile'>['connectionData'] = {
  ocppVersion: 'OCPP20',
  ocppTransport: 'JSON',
  ocppCsmsUrl: 'ws://127.0.0.1:1/ocpp',
  messageTimeout: 30,
  securityProfile: 1,
  ocppInterface: 'Wired0',
};

const COMMANDS_201: Commands<'2.0.1'> = {
  CancelReservation: { reservationId: 1 },
  CertificateSigned: { certificateChain: 'none' },
  ChangeAvailability: { operationalStatus: 'Operative' },
  ClearCache: {},
  ClearChargingProfile: { chargingProfileId: 1 },
  ClearDisplayMessage: { id: 1 },
  ClearVariableMonitoring: { id: [1] },
  CostUpdated: { totalCost: 1.5, transactionId: 'tx' },
  CustomerInformation: { requestId: 1, report: true, clear: false, idToken },
  DataTransfer: { vendorId: 'Evenkeel', data: { any: 'thing' } },
  DeleteCertificate: { certificateHashData: hashData },
  GetBaseReport: { requestId: 1, reportBase: 'SummaryInventory' },
  GetChargingProfiles: { requestId: 1, chargingProfile: {} },
  GetCompositeSchedule: { duration: 600, evseId: 1 },
  GetDisplayMessages: { requestId: 1 },
  GetInstalledCertificateIds: {},
  GetLocalListVersion: {},
  GetLog: { log: { remoteLocation: 'ftp://files.example.com/' }, logType: 'SecurityLog', requestId: 1 },
  GetMonitoringReport: { requestId: 1 },
  GetReport: { requestId: 1, componentVariable: [{ component, variable }] },
  GetTransactionStatus: { transactionId: 'tx' },
  GetVariables: { getVariableData: [{ component, variable }] },
  InstallCertificate: { certificateType: 'CSMSRootCertificate', certificate: 'none' },
  PublishFirmware: { location: 'https://files.example.com/fw', checksum: 'abc', requestId: 1 },
  RequestStartTransaction: { idToken, remoteStartId: 1, evseId: 1 },
  RequestStopTransaction: { transactionId: 'tx' },
  ReserveNow: { id: 1, expiryDateTime: soon, idToken, evseId: 2 },
  Reset: { type: 'OnIdle', evseId: 2 },
  SendLocalList: { versionNumber: 1, updateType: 'Full' },
  SetChargingProfile: { evseId: 1, chargingProfile: profile },
  SetDisplayMessage: { message: { id: 1, priority: 'NormalCycle', message: { format: 'UTF8', content: 'Hello' } } },
  SetMonitoringBase: { monitoringBase: 'All' },
  SetMonitoringLevel: { severity: 5 },
  SetNetworkProfile: { configurationSlot: 2, connectionData },
  SetVariableMonitoring: { setMonitoringData: [{ component, variable, type: 'UpperThreshold', value: 5, severity: 3 }] },
  SetVariables: { setVariableData: [{ component, variable, attributeValue: '60' }] },
  TriggerMessage: { requestedMessage: 'Heartbeat' },
  UnlockConnector: { evseId: 2, connectorId: 1 },
  UnpublishFirmware: { checksum: 'abc' },
  UpdateFirmware: { requestId: 1, firmware: { location: 'https://files.example.com/fw', retrieveDateTime: soon } },
};

const tariff: Request<'2.1', 'SetDefaultTariff'>['tariff'] = { tariffId: 'T1', currency: 'EUR', energy: { prices: [{ priceKwh: 0.5 }] } };

const COMMANDS_21: Commands<'2.1'> = {
  ...COMMANDS_201,
  AFRRSignal: { timestamp: soon, signal: 10 },
  AdjustPeriodicEventStream: { id: 1, params: { interval: 10 } },
  ChangeTransactionTariff: { transactionId: 'tx', tariff },
  ClearDERControl: { isDefault: true },
  ClearTariffs: {},
  GetDERControl: { requestId: 1 },
  GetPeriodicEventStream: {},
  GetTariffs: { evseId: 0 },
  NotifyAllowedEnergyTransfer: { transactionId: 'tx', allowedEnergyTransfer: ['AC_three_phase'] },
  NotifyWebPaymentStarted: { evseId: 2, timeout: 60 },
  RequestBatterySwap: { idToken, requestId: 1 },
  SetDERControl: { isDefault: true, controlId: 'c', controlType: 'Gradients', gradient: { priority: 1, gradient: 2, softGradient: 3 } },
  SetDefaultTariff: { evseId: 0, tariff },
  UpdateDynamicSchedule: { chargingProfileId: 1, scheduleUpdate: { limit: 5_000 } },
  UsePriorityCharging: { transactionId: 'tx', activate: true },
};

const TABLES = { '1.6': COMMANDS_16, '2.0.1': COMMANDS_201, '2.1': COMMANDS_21 };

describe.each(['1.6', '2.0.1', '2.1'] as const)('a station of OCPP %s', (version) => {
  let under: Bench;
  beforeAll(async () => {
    under = await bench(version, { outcomes: { stepSeconds: 1_000 } });
  });
  afterAll(async () => {
    expect(await under.end()).toEqual([]);
  });

  it.each(Object.entries(TABLES[version]))('obeys %s', async (action, payload) => {
    expect(requestSchema(version, action)?.explain(payload)).toBeUndefined();
    expect(await under.command(action, payload)).toBeInstanceOf(Object);
  });

  it('answers NotImplemented to an action of no version', async () => {
    expect(await under.command('toString', {})).toBe('NotImplemented');
  });
});

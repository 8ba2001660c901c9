// The device model of an OCPP 2.x station: its variables and their defaults (OCPP 2.0.1 Part 2, Referenced Components and Variables).
import type { SettingDefinition, SettingKind } from '../feature/settings';
import { MOST_POWER_W, SUPPLY } from '../station/supply';
import type { Version2 } from './handlers';

const MEASURANDS = ['Energy.Active.Import.Register', 'Power.Active.Import', 'Current.Import', 'Power.Offered', 'SoC', 'Voltage'];
const TX_POINTS = ['ParkingBayOccupancy', 'EVConnected', 'Authorized', 'PowerPathClosed', 'EnergyTransfer', 'DataSigned'];

export function variables(version: Version2, evses: number): readonly SettingDefinition[] {
  const perEvse = Array.from({ length: evses }, (_, index) => evseVariables(index + 1));
  return [
    ...stationVariables,
    ...communicationVariables,
    ...authorizationVariables,
    ...transactionVariables,
    ...deviceDataVariables,
    ...featureVariables,
    ...(version === '2.1' ? variablesOf21 : []),
    ...perEvse.flat(),
  ];
}

const writable = (name: string, value: string, kind: SettingKind = 'string', more: Partial<SettingDefinition> = {}): SettingDefinition => {
  return { name, value, kind, ...more };
};
const integer = (name: string, value: string, unit?: string) => writable(name, value, 'integer', unit === undefined ? {} : { unit });
const boolean = (name: string, value: boolean) => writable(name, String(value), 'boolean');
const measurands = (name: string, value: string) => writable(name, value, 'MemberList', { allowed: MEASURANDS });
const fixed = (name: string, value: string, kind: SettingKind = 'string', more: Partial<SettingDefinition> = {}): SettingDefinition => {
  return { name, value, kind, mutability: 'ReadOnly', ...more };
};

const stationVariables: readonly SettingDefinition[] = [
  fixed('ChargingStation/AvailabilityState', 'Available', 'OptionList'),
  fixed('ChargingStation/Available', 'true', 'boolean'),
  fixed('ChargingStation/Model', 'Simulator'),
  fixed('ChargingStation/Problem', 'false', 'boolean'),
  fixed('ChargingStation/SupplyPhases', String(SUPPLY.phases), 'integer'),
  fixed('ChargingStation/Temperature', '25', 'decimal', { unit: 'Celsius', least: -40, most: 150 }),
  fixed('ChargingStation/VendorName', 'Evenkeel'),
  fixed('ClockCtrlr/DateTime', '1970-01-01T00:00:00.000Z', 'dateTime'),
  writable('ClockCtrlr/TimeSource', 'Heartbeat', 'SequenceList', { allowed: ['Heartbeat', 'NTP', 'GPS', 'RealTimeClock'] }),
  fixed('FiscalMetering/Problem', 'false', 'boolean'),
];

const communicationVariables: readonly SettingDefinition[] = [
  fixed('OCPPCommCtrlr/ActiveNetworkProfile', '1', 'integer'),
  fixed('OCPPCommCtrlr/FileTransferProtocols', 'HTTP,HTTPS,FTP', 'MemberList'),
  integer('OCPPCommCtrlr/HeartbeatInterval', '300', 's'),
  integer('OCPPCommCtrlr/MessageAttemptInterval#TransactionEvent', '60', 's'),
  integer('OCPPCommCtrlr/MessageAttempts#TransactionEvent', '3'),
  fixed('OCPPCommCtrlr/MessageTimeout#Default', '30', 'integer', { unit: 's' }),
  writable('OCPPCommCtrlr/NetworkConfigurationPriority', '1', 'SequenceList', { rebootRequired: true, allowed: ['1', '2', '3'] }),
  integer('OCPPCommCtrlr/NetworkProfileConnectionAttempts', '3'),
  integer('OCPPCommCtrlr/OfflineThreshold', '60', 's'),
  boolean('OCPPCommCtrlr/QueueAllMessages', false),
  integer('OCPPCommCtrlr/ResetRetries', '3'),
  integer('OCPPCommCtrlr/RetryBackOffRandomRange', '10', 's'),
  integer('OCPPCommCtrlr/RetryBackOffRepeatTimes', '3'),
  integer('OCPPCommCtrlr/RetryBackOffWaitMinimum', '10', 's'),
  boolean('OCPPCommCtrlr/UnlockOnEVSideDisconnect', true),
  integer('OCPPCommCtrlr/WebSocketPingInterval', '0', 's'),
  fixed('SecurityCtrlr/AdditionalRootCertificateCheck', 'false', 'boolean'),
  { name: 'SecurityCtrlr/BasicAuthPassword', value: '', kind: 'string', mutability: 'WriteOnly', least: 16, most: 64 },
  integer('SecurityCtrlr/CertSigningRepeatTimes', '3'),
  integer('SecurityCtrlr/CertSigningWaitMinimum', '60', 's'),
  fixed('SecurityCtrlr/CertificateEntries', '0', 'integer', { most: 10 }),
  writable('SecurityCtrlr/Identity', '', 'string', { most: 48 }),
  writable('SecurityCtrlr/OrganizationName', 'Evenkeel'),
  fixed('SecurityCtrlr/SecurityProfile', '1', 'integer'),
];

const authorizationVariables: readonly SettingDefinition[] = [
  fixed('AuthCacheCtrlr/Available', 'true', 'boolean'),
  boolean('AuthCacheCtrlr/Enabled', false),
  integer('AuthCacheCtrlr/LifeTime', '86400', 's'),
  boolean('AuthCtrlr/AuthorizeRemoteStart', false),
  boolean('AuthCtrlr/Enabled', true),
  boolean('AuthCtrlr/LocalAuthorizeOffline', true),
  boolean('AuthCtrlr/LocalPreAuthorize', false),
  boolean('AuthCtrlr/OfflineTxForUnknownIdEnabled', false),
  fixed('LocalAuthListCtrlr/Available', 'true', 'boolean'),
  fixed('LocalAuthListCtrlr/BytesPerMessage', '65000', 'integer'),
  boolean('LocalAuthListCtrlr/Enabled', true),
  fixed('LocalAuthListCtrlr/Entries', '0', 'integer', { most: 1000 }),
  fixed('LocalAuthListCtrlr/ItemsPerMessage', '100', 'integer'),
];

const transactionVariables: readonly SettingDefinition[] = [
  boolean('AlignedDataCtrlr/Enabled', false),
  integer('AlignedDataCtrlr/Interval', '900', 's'),
  measurands('AlignedDataCtrlr/Measurands', 'Energy.Active.Import.Register'),
  integer('AlignedDataCtrlr/TxEndedInterval', '0', 's'),
  measurands('AlignedDataCtrlr/TxEndedMeasurands', ''),
  boolean('SampledDataCtrlr/Enabled', true),
  integer('SampledDataCtrlr/TxEndedInterval', '0', 's'),
  measurands('SampledDataCtrlr/TxEndedMeasurands', 'Energy.Active.Import.Register'),
  measurands('SampledDataCtrlr/TxStartedMeasurands', 'Energy.Active.Import.Register'),
  integer('SampledDataCtrlr/TxUpdatedInterval', '60', 's'),
  measurands('SampledDataCtrlr/TxUpdatedMeasurands', 'Energy.Active.Import.Register,Power.Active.Import'),
  integer('TxCtrlr/EVConnectionTimeOut', '60', 's'),
  integer('TxCtrlr/MaxEnergyOnInvalidId', '0', 'Wh'),
  boolean('TxCtrlr/StopTxOnEVSideDisconnect', true),
  boolean('TxCtrlr/StopTxOnInvalidId', true),
  boolean('TxCtrlr/TxBeforeAcceptedEnabled', false),
  writable('TxCtrlr/TxStartPoint', 'Authorized', 'MemberList', { allowed: TX_POINTS }),
  writable('TxCtrlr/TxStopPoint', 'Authorized', 'MemberList', { allowed: TX_POINTS }),
];

const deviceDataVariables: readonly SettingDefinition[] = [
  fixed('DeviceDataCtrlr/BytesPerMessage#GetReport', '65000', 'integer'),
  fixed('DeviceDataCtrlr/BytesPerMessage#GetVariables', '65000', 'integer'),
  fixed('DeviceDataCtrlr/BytesPerMessage#SetVariables', '65000', 'integer'),
  fixed('DeviceDataCtrlr/ItemsPerMessage#GetReport', '50', 'integer'),
  fixed('DeviceDataCtrlr/ItemsPerMessage#GetVariables', '50', 'integer'),
  fixed('DeviceDataCtrlr/ItemsPerMessage#SetVariables', '50', 'integer'),
  fixed('MonitoringCtrlr/ActiveMonitoringBase', 'All', 'OptionList'),
  fixed('MonitoringCtrlr/ActiveMonitoringLevel', '9', 'integer'),
  fixed('MonitoringCtrlr/Available', 'true', 'boolean'),
  fixed('MonitoringCtrlr/BytesPerMessage#SetVariableMonitoring', '65000', 'integer'),
  boolean('MonitoringCtrlr/Enabled', true),
  fixed('MonitoringCtrlr/ItemsPerMessage#ClearVariableMonitoring', '50', 'integer'),
  fixed('MonitoringCtrlr/ItemsPerMessage#SetVariableMonitoring', '50', 'integer'),
];

const featureVariables: readonly SettingDefinition[] = [
  fixed('DisplayMessageCtrlr/Available', 'true', 'boolean'),
  fixed('DisplayMessageCtrlr/DisplayMessages', '0', 'integer', { most: 20 }),
  fixed('DisplayMessageCtrlr/SupportedFormats', 'ASCII,UTF8,URI', 'MemberList'),
  fixed('DisplayMessageCtrlr/SupportedPriorities', 'AlwaysFront,InFront,NormalCycle', 'MemberList'),
  fixed('DisplayMessageCtrlr/SupportedStates', 'Charging,Faulted,Idle,Unavailable', 'MemberList'),
  fixed('ReservationCtrlr/Available', 'true', 'boolean'),
  boolean('ReservationCtrlr/Enabled', true),
  fixed('ReservationCtrlr/NonEvseSpecific', 'true', 'boolean'),
  fixed('SmartChargingCtrlr/ACPhaseSwitchingSupported', 'false', 'boolean'),
  fixed('SmartChargingCtrlr/Available', 'true', 'boolean'),
  boolean('SmartChargingCtrlr/Enabled', true),
  fixed('SmartChargingCtrlr/Entries#ChargingProfiles', '0', 'integer', { most: 20 }),
  writable('SmartChargingCtrlr/LimitChangeSignificance', '10', 'decimal'),
  fixed('SmartChargingCtrlr/PeriodsPerSchedule', '24', 'integer'),
  fixed('SmartChargingCtrlr/ProfileStackLevel', '10', 'integer'),
  fixed('SmartChargingCtrlr/RateUnit', 'A,W', 'MemberList'),
  fixed('TariffCostCtrlr/Available#Cost', 'true', 'boolean'),
  fixed('TariffCostCtrlr/Available#Tariff', 'true', 'boolean'),
  writable('TariffCostCtrlr/Currency', 'EUR', 'string', { most: 3 }),
  boolean('TariffCostCtrlr/Enabled#Cost', true),
  boolean('TariffCostCtrlr/Enabled#Tariff', true),
  writable('TariffCostCtrlr/TariffFallbackMessage', ''),
  writable('TariffCostCtrlr/TotalCostFallbackMessage', ''),
];

const variablesOf21: readonly SettingDefinition[] = [
  fixed('DERCtrlr/Available', 'true', 'boolean'),
  boolean('DERCtrlr/Enabled', true),
  fixed('DisplayMessageCtrlr/Language', 'en,de,nl', 'MemberList'),
  fixed('MonitoringCtrlr/MaxPeriodicEventStreams', '5', 'integer'),
  fixed('TariffCostCtrlr/ConditionsSupported#Tariff', 'false', 'boolean'),
  fixed('V2XChargingCtrlr/Available', 'true', 'boolean'),
  boolean('V2XChargingCtrlr/Enabled', true),
  fixed('WebPaymentsCtrlr/Available', 'true', 'boolean'),
  boolean('WebPaymentsCtrlr/Enabled', true),
];

function evseVariables(evseId: number): SettingDefinition[] {
  const evse = `EVSE@${evseId}`;
  const connector = `Connector@${evseId}.1`;
  return [
    fixed(`${evse}/AvailabilityState`, 'Available', 'OptionList'),
    fixed(`${evse}/Available`, 'true', 'boolean'),
    fixed(`${evse}/Power`, '0', 'decimal', { unit: 'W', most: MOST_POWER_W }),
    fixed(`${evse}/SupplyPhases`, String(SUPPLY.phases), 'integer'),
    fixed(`${connector}/AvailabilityState`, 'Available', 'OptionList'),
    fixed(`${connector}/Available`, 'true', 'boolean'),
    fixed(`${connector}/ConnectorType`, 'cType2'),
    fixed(`${connector}/SupplyPhases`, String(SUPPLY.phases), 'integer'),
  ];
}

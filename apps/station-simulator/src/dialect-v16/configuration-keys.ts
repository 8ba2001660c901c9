// The configuration keys of an OCPP 1.6 station and their defaults (OCPP 1.6 section 9, security whitepaper section 2).
import type { SettingDefinition } from '../feature/settings';

const MEASURANDS = [
  'Energy.Active.Import.Register',
  'Power.Active.Import',
  'Current.Import',
  'Current.Offered',
  'Power.Offered',
  'SoC',
  'Temperature',
  'Voltage',
];

export function configurationKeys(connectors: number): readonly SettingDefinition[] {
  return [...coreKeys(connectors), ...profileKeys, ...securityKeys, ...backOffKeys];
}

const integer = (name: string, value: string, least = 0): SettingDefinition => ({ name, value, kind: 'integer', least });
const boolean = (name: string, value: boolean): SettingDefinition => ({ name, value: String(value), kind: 'boolean' });
const readOnly = (name: string, value: string): SettingDefinition => ({ name, value, mutability: 'ReadOnly' });
const measurands = (name: string, value: string): SettingDefinition => ({ name, value, kind: 'MemberList', allowed: MEASURANDS });

function coreKeys(connectors: number): SettingDefinition[] {
  return [
    boolean('AllowOfflineTxForUnknownId', false),
    boolean('AuthorizationCacheEnabled', false),
    boolean('AuthorizeRemoteTxRequests', false),
    integer('BlinkRepeat', '3'),
    integer('ClockAlignedDataInterval', '0'),
    integer('ConnectionTimeOut', '60'),
    { name: 'ConnectorPhaseRotation', value: 'NotApplicable' },
    readOnly('GetConfigurationMaxKeys', '50'),
    integer('HeartbeatInterval', '300'),
    { name: 'LightIntensity', value: '100', kind: 'integer', most: 100 },
    boolean('LocalAuthorizeOffline', true),
    boolean('LocalPreAuthorize', false),
    integer('MaxEnergyOnInvalidId', '0'),
    measurands('MeterValuesAlignedData', 'Energy.Active.Import.Register'),
    measurands('MeterValuesSampledData', 'Energy.Active.Import.Register,Power.Active.Import'),
    integer('MeterValueSampleInterval', '60'),
    integer('MinimumStatusDuration', '0'),
    readOnly('NumberOfConnectors', String(connectors)),
    integer('ResetRetries', '3'),
    boolean('StopTransactionOnEVSideDisconnect', true),
    boolean('StopTransactionOnInvalidId', true),
    measurands('StopTxnAlignedData', ''),
    measurands('StopTxnSampledData', ''),
    readOnly('SupportedFeatureProfiles', 'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger'),
    integer('TransactionMessageAttempts', '3'),
    integer('TransactionMessageRetryInterval', '60'),
    boolean('UnlockConnectorOnEVSideDisconnect', true),
    integer('WebSocketPingInterval', '0'),
  ];
}

const profileKeys: readonly SettingDefinition[] = [
  boolean('LocalAuthListEnabled', true),
  readOnly('LocalAuthListMaxLength', '1000'),
  readOnly('SendLocalListMaxLength', '100'),
  boolean('ReserveConnectorZeroSupported', true),
  readOnly('ChargeProfileMaxStackLevel', '10'),
  readOnly('ChargingScheduleAllowedChargingRateUnit', 'Current,Power'),
  readOnly('ChargingScheduleMaxPeriods', '24'),
  readOnly('MaxChargingProfilesInstalled', '20'),
  readOnly('ConnectorSwitch3to1PhaseSupported', 'false'),
  readOnly('SupportedFileTransferProtocols', 'HTTP,HTTPS,FTP'),
];

const securityKeys: readonly SettingDefinition[] = [
  readOnly('AdditionalRootCertificateCheck', 'false'),
  { name: 'AuthorizationKey', value: '', mutability: 'WriteOnly', least: 16, most: 40 },
  readOnly('CertificateSignedMaxChainSize', '10000'),
  readOnly('CertificateStoreMaxLength', '10'),
  { name: 'CpoName', value: 'Evenkeel' },
  { name: 'SecurityProfile', value: '1', kind: 'integer', least: 1, most: 3, rebootRequired: true },
];

const backOffKeys: readonly SettingDefinition[] = [
  integer('RetryBackOffRandomRange', '10'),
  integer('RetryBackOffRepeatTimes', '3'),
  integer('RetryBackOffWaitMinimum', '10'),
];

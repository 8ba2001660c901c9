// Configuration keys of OCPP 1.6 and the variables of OCPP 2.1 that mean the same, so that one configuration can be asked of a mixed fleet.
// Sources: OCPP 1.6 section 9, the security whitepaper, OCPP 2.1 appendix 3. A key without a counterpart is a variable of the component
// `OCPP16`, which no station of 2.1 has.

export interface VariableName {
  readonly component: { readonly name: string; readonly instance?: string; readonly evse?: { readonly id: number } };
  readonly variable: { readonly name: string; readonly instance?: string };
}

/** The component that stands for the flat list of keys. */
export const KEYS_COMPONENT = 'OCPP16';

/** `key: Component/Variable[/instance of the variable]`. */
const COUNTERPARTS: Readonly<Record<string, string>> = {
  AllowOfflineTxForUnknownId: 'AuthCtrlr/OfflineTxForUnknownIdEnabled',
  AuthorizationCacheEnabled: 'AuthCacheCtrlr/Enabled',
  AuthorizationKey: 'SecurityCtrlr/BasicAuthPassword',
  AuthorizeRemoteTxRequests: 'AuthCtrlr/AuthorizeRemoteStart',
  CertificateSignedMaxChainSize: 'SecurityCtrlr/MaxCertificateChainSize',
  CertificateStoreMaxLength: 'SecurityCtrlr/CertificateEntries',
  AdditionalRootCertificateCheck: 'SecurityCtrlr/AdditionalRootCertificateCheck',
  ChargeProfileMaxStackLevel: 'SmartChargingCtrlr/ProfileStackLevel',
  ChargingScheduleAllowedChargingRateUnit: 'SmartChargingCtrlr/RateUnit',
  ChargingScheduleMaxPeriods: 'SmartChargingCtrlr/PeriodsPerSchedule',
  ClockAlignedDataInterval: 'AlignedDataCtrlr/Interval',
  ConnectionTimeOut: 'TxCtrlr/EVConnectionTimeOut',
  ConnectorSwitch3to1PhaseSupported: 'SmartChargingCtrlr/Phases3to1',
  CpoName: 'SecurityCtrlr/OrganizationName',
  HeartbeatInterval: 'OCPPCommCtrlr/HeartbeatInterval',
  LocalAuthListEnabled: 'LocalAuthListCtrlr/Enabled',
  LocalAuthListMaxLength: 'LocalAuthListCtrlr/Entries',
  LocalAuthorizeOffline: 'AuthCtrlr/LocalAuthorizeOffline',
  LocalPreAuthorize: 'AuthCtrlr/LocalPreAuthorize',
  MaxChargingProfilesInstalled: 'SmartChargingCtrlr/Entries/ChargingProfiles',
  MaxEnergyOnInvalidId: 'TxCtrlr/MaxEnergyOnInvalidId',
  MeterValuesAlignedData: 'AlignedDataCtrlr/Measurands',
  MeterValuesSampledData: 'SampledDataCtrlr/TxUpdatedMeasurands',
  MeterValueSampleInterval: 'SampledDataCtrlr/TxUpdatedInterval',
  NumberOfConnectors: 'ChargingStation/ConnectorCount',
  ReserveConnectorZeroSupported: 'ReservationCtrlr/NonEvseSpecific',
  ResetRetries: 'OCPPCommCtrlr/ResetRetries',
  SecurityProfile: 'SecurityCtrlr/SecurityProfile',
  SendLocalListMaxLength: 'LocalAuthListCtrlr/ItemsPerMessage',
  StopTransactionOnEVSideDisconnect: 'TxCtrlr/StopTxOnEVSideDisconnect',
  StopTransactionOnInvalidId: 'TxCtrlr/StopTxOnInvalidId',
  StopTxnAlignedData: 'AlignedDataCtrlr/TxEndedMeasurands',
  StopTxnSampledData: 'SampledDataCtrlr/TxEndedMeasurands',
  TransactionMessageAttempts: 'OCPPCommCtrlr/MessageAttempts/TransactionEvent',
  TransactionMessageRetryInterval: 'OCPPCommCtrlr/MessageAttemptInterval/TransactionEvent',
  UnlockConnectorOnEVSideDisconnect: 'OCPPCommCtrlr/UnlockOnEVSideDisconnect',
  WebSocketPingInterval: 'OCPPCommCtrlr/WebSocketPingInterval',
};

const KEYS: ReadonlyMap<string, string> = new Map(Object.entries(COUNTERPARTS).map(([key, variable]) => [variable.toLowerCase(), key]));

export function variableOfKey(key: string): VariableName {
  const counterpart = Object.hasOwn(COUNTERPARTS, key) ? COUNTERPARTS[key] : undefined;
  const [component = KEYS_COMPONENT, variable = key, instance] = counterpart?.split('/') ?? [];
  return { component: { name: component }, variable: { name: variable, ...(instance === undefined ? {} : { instance }) } };
}

/** A variable that OCPP 1.6 has no key for is asked for by its own name: the station says whether it knows it. */
export function keyOfVariable({ component, variable }: VariableName): string {
  const path = [component.name, variable.name, variable.instance].filter((part) => part !== undefined).join('/');
  return KEYS.get(path.toLowerCase()) ?? variable.name;
}

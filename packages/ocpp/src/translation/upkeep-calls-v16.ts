// Calls about the station itself in OCPP 2.1 and OCPP 1.6: its configuration, firmware, logs and certificates. Configuration keys of OCPP 1.6
// are flat: a variable of 2.1 is its key, in the component that OCPP 2.1 has for it (`configuration-keys.ts`).
import { type CallTranslation, optional, translation } from './call-translation';
import { keyOfVariable, variableOfKey } from './configuration-keys';
import { Untranslatable } from './untranslatable';

export const upkeepCalls: readonly CallTranslation[] = [
  translation('ChangeAvailability', 'ChangeAvailability', {
    request: ({ operationalStatus, evse }) => ({ type: operationalStatus, connectorId: evse?.id ?? 0 }),
    meaning: ({ type, connectorId }) => ({ operationalStatus: type, ...(connectorId > 0 ? { evse: { id: connectorId } } : {}) }),
    answer: ({ status }) => ({ status }),
  }),
  translation('SetVariables', 'ChangeConfiguration', {
    request: ({ setVariableData }) => {
      const [only] = setVariableData;
      if (only === undefined || setVariableData.length > 1) throw new Untranslatable('OCPP 1.6 changes one key at a time');
      const key = keyOfVariable(only);
      return { key, value: key === AUTHORIZATION_KEY ? inHexadecimal(only.attributeValue) : only.attributeValue };
    },
    meaning: ({ key, value }) => ({ setVariableData: [{ ...variableOfKey(key), attributeValue: value }] }),
    answer: ({ status }, { setVariableData }) => ({
      setVariableResult: setVariableData.map(({ component, variable }) => ({
        component,
        variable,
        attributeStatus: SET_STATUS[status] ?? 'Rejected',
      })),
    }),
  }),
  translation('GetVariables', 'GetConfiguration', {
    request: ({ getVariableData }) => ({ key: getVariableData.map(keyOfVariable) }),
    meaning: ({ key }) => ({ getVariableData: (key ?? []).map((each) => variableOfKey(each)) }),
    answer: ({ configurationKey, unknownKey }) => ({
      getVariableResult: [
        ...(configurationKey ?? []).map(({ key, value }) => ({
          ...variableOfKey(key),
          attributeStatus: 'Accepted' as const,
          attributeValue: value ?? '',
        })),
        ...(unknownKey ?? []).map((key) => ({ ...variableOfKey(key), attributeStatus: 'UnknownVariable' as const })),
      ],
    }),
  }),
  translation('DataTransfer', 'DataTransfer', {
    request: ({ vendorId, messageId, data }) => ({
      vendorId,
      ...optional('messageId', messageId),
      ...(data === undefined ? {} : { data: typeof data === 'string' ? data : JSON.stringify(data) }),
    }),
    meaning: ({ vendorId, messageId, data }) => ({ vendorId, ...optional('messageId', messageId), ...optional('data', data) }),
    answer: ({ status, data }) => ({ status, ...optional('data', data) }),
  }),
  translation('GetLog', 'GetLog', {
    says: ({ logType }) => logType === 'SecurityLog',
    request: ({ logType, requestId, log, retries, retryInterval }) => {
      if (logType === 'DataCollectorLog') throw new Untranslatable('OCPP 1.6 has no log of a data collector');
      return { logType, requestId, log, ...optional('retries', retries), ...optional('retryInterval', retryInterval) };
    },
    meaning: ({ logType, requestId, log, retries, retryInterval }) => ({
      logType,
      requestId,
      log,
      ...optional('retries', retries),
      ...optional('retryInterval', retryInterval),
    }),
    answer: ({ status, filename }) => ({ status, ...optional('filename', filename) }),
  }),
  translation('GetLog', 'GetDiagnostics', {
    request: ({ log, retries, retryInterval }) => ({
      location: log.remoteLocation,
      ...optional('startTime', log.oldestTimestamp),
      ...optional('stopTime', log.latestTimestamp),
      ...optional('retries', retries),
      ...optional('retryInterval', retryInterval),
    }),
    // OCPP 1.6 numbers no diagnostics: the newest job is meant.
    meaning: ({ location, startTime, stopTime }) => ({
      logType: 'DiagnosticsLog',
      requestId: 0,
      log: { remoteLocation: location, ...optional('oldestTimestamp', startTime), ...optional('latestTimestamp', stopTime) },
    }),
    // Without a file name there is nothing to upload (OCPP 1.6 section 5.9).
    answer: ({ fileName }) => ({ status: fileName ? 'Accepted' : 'Rejected', ...optional('filename', fileName) }),
  }),
  translation('Reset', 'Reset', {
    request: ({ type, evseId }) => {
      if (evseId !== undefined && evseId > 0) throw new Untranslatable('OCPP 1.6 resets the whole station only');
      return { type: type === 'OnIdle' ? 'Soft' : 'Hard' };
    },
    meaning: ({ type }) => ({ type: type === 'Soft' ? 'OnIdle' : 'Immediate' }),
    answer: ({ status }) => ({ status }),
  }),
  translation('TriggerMessage', 'ExtendedTriggerMessage', {
    says: ({ requestedMessage }) => requestedMessage === 'SignChargingStationCertificate' || requestedMessage === 'LogStatusNotification',
    request: ({ requestedMessage, evse }) => ({
      requestedMessage: requestedMessage === 'LogStatusNotification' ? requestedMessage : 'SignChargePointCertificate',
      ...optional('connectorId', evse?.id),
    }),
    meaning: ({ requestedMessage, connectorId }) => ({
      requestedMessage: requestedMessage === 'SignChargePointCertificate' ? 'SignChargingStationCertificate' : requestedMessage,
      ...(connectorId === undefined ? {} : { evse: { id: connectorId } }),
    }),
    answer: ({ status }) => ({ status }),
  }),
  translation('TriggerMessage', 'TriggerMessage', {
    request: ({ requestedMessage, evse }) => {
      const wanted = TRIGGERS_16.find((each) => each === requestedMessage);
      if (wanted === undefined) throw new Untranslatable(`OCPP 1.6 cannot be asked for ${requestedMessage}`);
      return { requestedMessage: wanted, ...optional('connectorId', evse?.id) };
    },
    meaning: ({ requestedMessage, connectorId }) => ({
      requestedMessage: requestedMessage === 'DiagnosticsStatusNotification' ? 'LogStatusNotification' : requestedMessage,
      ...(connectorId === undefined ? {} : { evse: { id: connectorId } }),
    }),
    answer: ({ status }) => ({ status }),
  }),
  translation('UpdateFirmware', 'SignedUpdateFirmware', {
    says: ({ firmware }) => firmware.signature !== undefined && firmware.signingCertificate !== undefined,
    request: ({ requestId, firmware, retries, retryInterval }) => {
      const { location, retrieveDateTime, installDateTime, signature = '', signingCertificate = '' } = firmware;
      return {
        requestId,
        firmware: { location, retrieveDateTime, signature, signingCertificate, ...optional('installDateTime', installDateTime) },
        ...optional('retries', retries),
        ...optional('retryInterval', retryInterval),
      };
    },
    meaning: ({ requestId, firmware }) => ({ requestId, firmware }),
    answer: ({ status }) => ({ status }),
  }),
  translation('UpdateFirmware', 'UpdateFirmware', {
    request: ({ firmware, retries, retryInterval }) => ({
      location: firmware.location,
      retrieveDate: firmware.retrieveDateTime,
      ...optional('retries', retries),
      ...optional('retryInterval', retryInterval),
    }),
    // OCPP 1.6 numbers no firmware update and answers nothing: the newest job is meant, and it is on its way.
    meaning: ({ location, retrieveDate }) => ({ requestId: 0, firmware: { location, retrieveDateTime: retrieveDate } }),
    answer: () => ({ status: 'Accepted' }),
  }),
  translation('CertificateSigned', 'CertificateSigned', {
    request: ({ certificateChain, certificateType }) => {
      if (certificateType !== undefined && certificateType !== 'ChargingStationCertificate') {
        throw new Untranslatable('OCPP 1.6 has the certificate of the station only');
      }
      return { certificateChain };
    },
    meaning: ({ certificateChain }) => ({ certificateChain, certificateType: 'ChargingStationCertificate' }),
    answer: ({ status }) => ({ status }),
  }),
  translation('DeleteCertificate', 'DeleteCertificate', {
    request: ({ certificateHashData }) => ({ certificateHashData }),
    meaning: ({ certificateHashData }) => ({ certificateHashData }),
    answer: ({ status }) => ({ status }),
  }),
  translation('GetInstalledCertificateIds', 'GetInstalledCertificateIds', {
    request: ({ certificateType }) => {
      const [only] = certificateType ?? [];
      const wanted = only && ROOTS_TO_16[only];
      if (wanted === undefined) throw new Untranslatable('OCPP 1.6 lists the roots of the CSMS or of the manufacturer');
      return { certificateType: wanted };
    },
    meaning: ({ certificateType }) => ({ certificateType: [ROOTS_FROM_16[certificateType]] }),
    answer: ({ status, certificateHashData }, { certificateType }) => ({
      status,
      ...(certificateHashData === undefined
        ? {}
        : {
            certificateHashDataChain: certificateHashData.map((hash) => ({
              certificateType: certificateType?.[0] ?? 'CSMSRootCertificate',
              certificateHashData: hash,
            })),
          }),
    }),
  }),
  translation('InstallCertificate', 'InstallCertificate', {
    request: ({ certificateType, certificate }) => {
      const wanted = ROOTS_TO_16[certificateType];
      if (wanted === undefined) throw new Untranslatable('OCPP 1.6 takes roots of the CSMS or of the manufacturer');
      return { certificateType: wanted, certificate };
    },
    meaning: ({ certificateType, certificate }) => ({ certificateType: ROOTS_FROM_16[certificateType], certificate }),
    answer: ({ status }) => ({ status }),
  }),
];

const AUTHORIZATION_KEY = 'AuthorizationKey';
const SIXTEEN_TO_TWENTY_BYTES_IN_HEX = /^([0-9a-fA-F]{2}){16,20}$/;

/** OCPP 1.6 sets the bytes of a password by their digits (security whitepaper, AuthorizationKey). */
function inHexadecimal(password: string): string {
  const digits = SIXTEEN_TO_TWENTY_BYTES_IN_HEX.test(password) ? password : Buffer.from(password, 'utf8').toString('hex');
  if (!SIXTEEN_TO_TWENTY_BYTES_IN_HEX.test(digits)) throw new Untranslatable('an OCPP 1.6 station takes a password of 16 to 20 bytes');
  return digits;
}

const SET_STATUS: Readonly<Record<string, 'Accepted' | 'RebootRequired' | 'Rejected' | 'UnknownVariable'>> = {
  Accepted: 'Accepted',
  RebootRequired: 'RebootRequired',
  Rejected: 'Rejected',
  NotSupported: 'UnknownVariable',
};
const TRIGGERS_16 = ['BootNotification', 'FirmwareStatusNotification', 'Heartbeat', 'MeterValues', 'StatusNotification'] as const;
const ROOTS_TO_16: Readonly<Record<string, 'CentralSystemRootCertificate' | 'ManufacturerRootCertificate'>> = {
  CSMSRootCertificate: 'CentralSystemRootCertificate',
  ManufacturerRootCertificate: 'ManufacturerRootCertificate',
};
const ROOTS_FROM_16 = {
  CentralSystemRootCertificate: 'CSMSRootCertificate',
  ManufacturerRootCertificate: 'ManufacturerRootCertificate',
} as const;

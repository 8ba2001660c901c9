// What an operator wants of a station, as CALLs in the words of OCPP 2.1. Numbers and passwords that must be new come in from outside.
import type { OperationParameters, StationOperationName } from '@evenkeel/contracts';
import { chargingOperations, startingProfile } from '../smart-charging/charging-operations';
import { derOperations } from '../smart-charging/der-operations';
import { deviceCalls } from './device-calls';
import {
  type Compile,
  call,
  chunks,
  idTokenOf,
  isFilled,
  type NewValues,
  nameOf,
  type StationAbilities,
  type WantedCall,
} from './wanted-call';

const OPERATIONS: { readonly [N in StationOperationName]: Compile<N> } = {
  ...chargingOperations,
  ...derOperations,
  start: ({ token, evseId, limit }, { charging }, numbers) => [
    call('RequestStartTransaction', {
      idToken: idTokenOf(token),
      remoteStartId: numbers.next(),
      ...(evseId === undefined ? {} : { evseId }),
      ...(limit === undefined ? {} : { chargingProfile: startingProfile(limit, evseId, charging, numbers) }),
    }),
  ],
  stop: ({ transactionId }) => [call('RequestStopTransaction', { transactionId })],
  unlock: ({ evseId, connectorId = 1 }) => [call('UnlockConnector', { evseId, connectorId })],
  reset: ({ when, evseId }) => [
    call('Reset', { type: when === 'now' ? 'Immediate' : 'OnIdle', ...(evseId === undefined ? {} : { evseId }) }),
  ],
  'change-availability': ({ available, evseId, connectorId }) => [
    call('ChangeAvailability', {
      operationalStatus: available ? 'Operative' : 'Inoperative',
      ...(evseId === undefined ? {} : { evse: { id: evseId, ...(connectorId === undefined ? {} : { connectorId }) } }),
    }),
  ],
  reserve: ({ token, evseId, expiresAt, reservationId }, _, numbers) => [
    call('ReserveNow', {
      id: reservationId ?? numbers.next(),
      expiryDateTime: expiresAt,
      idToken: idTokenOf(token),
      ...(evseId === undefined ? {} : { evseId }),
    }),
  ],
  'cancel-reservation': ({ reservationId }) => [call('CancelReservation', { reservationId })],
  trigger: ({ message, evseId }) => [
    call('TriggerMessage', {
      requestedMessage: message,
      // OCPP 2.0.1 F06.FR.13: a status is asked of a connector.
      ...(evseId === undefined ? {} : { evse: { id: evseId, ...(message === 'StatusNotification' ? { connectorId: 1 } : {}) } }),
    }),
  ],
  'clear-cache': () => [call('ClearCache', {})],
  configure: ({ variables }, station) =>
    chunks(
      variables.map((each) => ({ ...nameOf(each), attributeValue: each.value })),
      station.setVariablesAtOnce,
    ).map((setVariableData) => call('SetVariables', { setVariableData })),
  'change-password': ({ password }, _, numbers) => [
    call('SetVariables', {
      setVariableData: [
        { component: { name: 'SecurityCtrlr' }, variable: { name: 'BasicAuthPassword' }, attributeValue: password ?? numbers.password() },
      ],
    }),
  ],
  'read-configuration': ({ variables }, station) =>
    chunks(
      variables.map((each) => nameOf(each)),
      station.getVariablesAtOnce,
    ).map((getVariableData) => call('GetVariables', { getVariableData })),
  'read-inventory': (_, { version }, numbers) =>
    // OCPP 1.6 tells all keys when it is asked for none.
    version === '1.6'
      ? [{ kind: 'raw', action: 'GetConfiguration', request: {} }]
      : [call('GetBaseReport', { requestId: numbers.next(), reportBase: 'FullInventory' })],
  'update-firmware': ({ location, retrieveAt, installAt, signingCertificate, signature }, _, numbers) => [
    call('UpdateFirmware', {
      requestId: numbers.next(),
      firmware: {
        location,
        retrieveDateTime: retrieveAt ?? numbers.now,
        ...(installAt === undefined ? {} : { installDateTime: installAt }),
        ...(signingCertificate === undefined ? {} : { signingCertificate }),
        ...(signature === undefined ? {} : { signature }),
      },
    }),
  ],
  'get-log': ({ log, location, from, until }, _, numbers) => [
    call('GetLog', {
      logType: log,
      requestId: numbers.next(),
      log: {
        remoteLocation: location,
        ...(from === undefined ? {} : { oldestTimestamp: from }),
        ...(until === undefined ? {} : { latestTimestamp: until }),
      },
    }),
  ],
  'send-local-list': ({ tokens }, { localListVersion }) => {
    const [first = [], ...others] = chunks(
      tokens.map((token) => ({ idToken: idTokenOf(token), idTokenInfo: { status: 'Accepted' as const } })),
      LIST_ENTRIES_AT_ONCE,
    );
    // OCPP 2.0.1 D01: a full list begins, differential ones continue it; an absent list clears it.
    return [
      call('SendLocalList', {
        versionNumber: localListVersion + 1,
        updateType: 'Full',
        ...(isFilled(first) ? { localAuthorizationList: first } : {}),
      }),
      ...others.map((localAuthorizationList, index) =>
        call('SendLocalList', { versionNumber: localListVersion + 2 + index, updateType: 'Differential', localAuthorizationList }),
      ),
    ];
  },
  'install-certificate': ({ use, certificate }) => [call('InstallCertificate', { certificateType: use, certificate })],
  'list-certificates': (_, { version }) =>
    // OCPP 1.6 lists one kind of roots at a time.
    version === '1.6'
      ? (['CSMSRootCertificate', 'ManufacturerRootCertificate'] as const).map((use) =>
          call('GetInstalledCertificateIds', { certificateType: [use] }),
        )
      : [call('GetInstalledCertificateIds', {})],
  'delete-certificate': ({ certificate }) => [call('DeleteCertificate', { certificateHashData: certificate })],
  'display-message': ({ messageId, text, language, priority, from, until }) => [
    call('SetDisplayMessage', {
      message: {
        id: messageId,
        priority,
        message: { format: 'UTF8', content: text, ...(language === undefined ? {} : { language }) },
        ...(from === undefined ? {} : { startDateTime: from }),
        ...(until === undefined ? {} : { endDateTime: until }),
      },
    }),
  ],
  'clear-display-message': ({ messageId }) => [call('ClearDisplayMessage', { id: messageId })],
  ...deviceCalls,
};

/** @param parameters fit the operation's schema. */
export function callsOf<N extends StationOperationName>(
  operation: N,
  parameters: OperationParameters<N>,
  station: StationAbilities,
  numbers: NewValues,
): readonly WantedCall[] {
  return OPERATIONS[operation](parameters, station, numbers);
}

/** What stations take at a time unless they say otherwise. */
const LIST_ENTRIES_AT_ONCE = 20;

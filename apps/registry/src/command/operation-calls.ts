// What an operator wants of a station, as CALLs in the words of OCPP 2.1. Numbers and passwords that must be new come in from outside.
import type { OperationParameters, PresentedToken, StationOperationName } from '@evenkeel/contracts';
import type { Request } from '@evenkeel/ocpp';
import type { ChargingKnowledge } from '../smart-charging/charging-knowledge';
import { chargingOperations, startingProfile } from '../smart-charging/charging-operations';
import { derOperations } from '../smart-charging/der-operations';
import { call, type NeutralWish } from './neutral-wish';

/** OCPP 1.6 has no report: there the one question that has no counterpart is asked in its own words. */
interface RawCall {
  readonly kind: 'raw';
  readonly action: 'GetConfiguration';
  readonly request: Request<'1.6', 'GetConfiguration'>;
}
export type WantedCall = NeutralWish | RawCall;

/** What is known of the station that decides how it is asked. */
export interface StationAbilities {
  readonly version: string;
  /** How many variables it takes at a time (OCPP 2.1 DeviceDataCtrlr.ItemsPerMessage). */
  readonly getVariablesAtOnce: number;
  readonly setVariablesAtOnce: number;
  readonly charging: ChargingKnowledge;
  /** Of the tokens' list that it has by our knowledge; 0 for none. */
  readonly localListVersion: number;
}

export interface NewValues {
  /** Unique for the station: of a remote start, a request, a reservation, a profile. */
  next(): number;
  /** Of characters that every station takes (OCPP 2.0.1 part 2 A01, before its errata). */
  password(): string;
  readonly now: string;
}

/** @throws Problem for what the station would have to refuse. */
type Compile<N extends StationOperationName> = (
  parameters: OperationParameters<N>,
  station: StationAbilities,
  numbers: NewValues,
) => readonly WantedCall[];

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
  reserve: ({ token, evseId, expiresAt }, _, numbers) => [
    call('ReserveNow', {
      id: numbers.next(),
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
/** A token that is not a card comes from the back end: Central (OCPP 2.0.1 IdTokenEnumType). */
function idTokenOf({ uid, type }: PresentedToken): { idToken: string; type: string } {
  return { idToken: uid, type: type === 'RFID' ? 'ISO14443' : 'Central' };
}

type Named = OperationParameters<'read-configuration'>['variables'][number];

function nameOf({ component, componentInstance, variable, variableInstance, evseId, connectorId }: Named) {
  return {
    component: {
      name: component,
      ...(componentInstance === undefined ? {} : { instance: componentInstance }),
      ...(evseId === undefined ? {} : { evse: { id: evseId, ...(connectorId === undefined ? {} : { connectorId }) } }),
    },
    variable: { name: variable, ...(variableInstance === undefined ? {} : { instance: variableInstance }) },
  };
}

type Filled<T> = [T, ...T[]];

function isFilled<T>(list: readonly T[]): list is Filled<T> {
  return list.length > 0;
}

function chunks<T>(items: readonly T[], size: number): Filled<T>[] {
  const found: Filled<T>[] = [];
  for (let at = 0; at < items.length; at += size) {
    const chunk = items.slice(at, at + size);
    if (isFilled(chunk)) found.push(chunk);
  }
  return found;
}

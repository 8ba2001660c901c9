// What an operator can want of a station, whatever OCPP version it speaks. The console's REST paths and the registry's commands are both
// derived from this table; each operation becomes one or more CALLs of OCPP 2.1, which the gateway says in the station's version.
import { type Static, Type } from '@sinclair/typebox';
import { ChargingProfileOrder, ScheduleUpdate } from './charging-profile';
import { derOperations } from './der-operations';
import { deviceOperations } from './device-operations';
import {
  CertificateUse,
  connector,
  HashData,
  Location,
  operation,
  optionalEvse,
  PowerLimit,
  type StationOperation,
  TransactionId,
  Variable,
} from './operation-parameters';
import { Instant, PresentedToken } from './values';

const table = {
  start: operation(
    'Ask the station to start a transaction; its session appears once the station reports it',
    { token: PresentedToken, ...optionalEvse, limit: Type.Optional(PowerLimit) },
    { token: { uid: '04A1B2C3D4', type: 'RFID' }, evseId: 1 },
  ),
  stop: operation('Ask the station to stop a transaction', { transactionId: TransactionId }, { transactionId: '1042' }),
  unlock: operation('Release the cable of a connector', connector, { evseId: 1 }),
  reset: operation(
    'Restart the station or one EVSE: at once, which ends transactions, or when it is idle',
    { when: Type.Union([Type.Literal('now'), Type.Literal('idle')]), ...optionalEvse },
    { when: 'idle' },
  ),
  'change-availability': operation(
    'Take a station, an EVSE or a connector out of service, or back; what charges is let finish',
    { available: Type.Boolean(), ...optionalEvse, connectorId: Type.Optional(Type.Integer({ minimum: 1 })) },
    { available: false, evseId: 1 },
  ),
  reserve: operation(
    'Keep an EVSE, or any one of the station, for a token',
    {
      token: PresentedToken,
      ...optionalEvse,
      expiresAt: Instant,
      reservationId: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: 2 ** 31 - 1,
          description: 'A new one where absent; the same one again replaces the reservation',
        }),
      ),
    },
    { token: { uid: '04A1B2C3D4', type: 'RFID' }, evseId: 1, expiresAt: '2026-12-01T10:00:00.000Z' },
  ),
  'cancel-reservation': operation('Give a reserved EVSE free', { reservationId: Type.Integer({ minimum: 0 }) }, { reservationId: 7 }),
  limit: operation(
    'Limit what the station, an EVSE or a transaction draws',
    {
      ...optionalEvse,
      transactionId: Type.Optional(TransactionId),
      ...PowerLimit.properties,
      durationSeconds: Type.Optional(Type.Integer({ minimum: 1 })),
    },
    { evseId: 1, limit: 11000, unit: 'W' },
  ),
  'charging-profile': operation(
    'Install a charging profile; the station is told in the words of its version, or nothing is sent where it would have to refuse',
    { evseId: Type.Integer({ minimum: 0, description: '0 is the whole station' }), profile: ChargingProfileOrder },
    {
      evseId: 1,
      profile: {
        stackLevel: 1,
        chargingProfilePurpose: 'TxDefaultProfile',
        chargingProfileKind: 'Recurring',
        recurrencyKind: 'Daily',
        chargingSchedule: [
          {
            startSchedule: '2026-12-01T18:00:00.000Z',
            duration: 14_400,
            chargingRateUnit: 'A',
            chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }],
          },
        ],
      },
    },
  ),
  'use-priority-charging': operation(
    'Let a transaction charge by the priority profile, or by the usual ones again',
    { transactionId: TransactionId, activate: Type.Boolean() },
    { transactionId: '1042', activate: true },
  ),
  'update-dynamic-schedule': operation(
    'Give a dynamic profile new rates; a station that asks for them itself gets them too',
    { profileId: Type.Integer({ minimum: 0 }), update: ScheduleUpdate },
    { profileId: 7, update: { limit: 11_000 } },
  ),
  'clear-limits': operation(
    'Take back the limits of the station or of an EVSE, or of one place among them',
    {
      ...optionalEvse,
      of: Type.Optional(
        Type.Object({
          chargingProfilePurpose: ChargingProfileOrder.properties.chargingProfilePurpose,
          stackLevel: ChargingProfileOrder.properties.stackLevel,
        }),
      ),
    },
    { evseId: 1 },
  ),
  'read-limits': operation(
    'Ask the station which schedule follows from all of its limits',
    { ...optionalEvse, durationSeconds: Type.Integer({ minimum: 1 }), unit: Type.Optional(PowerLimit.properties.unit) },
    { evseId: 1, durationSeconds: 3600 },
  ),
  trigger: operation(
    'Ask the station for a message now',
    {
      message: Type.Union([
        Type.Literal('BootNotification'),
        Type.Literal('Heartbeat'),
        Type.Literal('StatusNotification'),
        Type.Literal('MeterValues'),
        Type.Literal('TransactionEvent'),
        Type.Literal('FirmwareStatusNotification'),
        Type.Literal('LogStatusNotification'),
        Type.Literal('SignChargingStationCertificate'),
      ]),
      ...optionalEvse,
    },
    { message: 'StatusNotification', evseId: 1 },
  ),
  'clear-cache': operation('Make the station forget which tokens it knows', {}, {}),
  configure: operation(
    'Set variables; a station takes as many at a time as it can',
    {
      variables: Type.Array(Type.Object({ ...Variable.properties, value: Type.String({ maxLength: 2500 }) }), {
        minItems: 1,
        maxItems: 500,
      }),
    },
    { variables: [{ component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval', value: '300' }] },
  ),
  'change-password': operation(
    'Give the station another password; a new one is made where none is named, and nobody is told it',
    { password: Type.Optional(Type.String({ minLength: 16, maxLength: 40 })) },
    {},
  ),
  'read-configuration': operation(
    'Read variables',
    { variables: Type.Array(Variable, { minItems: 1, maxItems: 500 }) },
    { variables: [{ component: 'OCPPCommCtrlr', variable: 'HeartbeatInterval' }] },
  ),
  'read-inventory': operation('Read everything that the station tells of itself', {}, {}),
  'update-firmware': operation(
    'Install a firmware; signed where a certificate and a signature are given',
    {
      location: Location,
      retrieveAt: Type.Optional(Instant),
      installAt: Type.Optional(Instant),
      signingCertificate: Type.Optional(Type.String({ maxLength: 5500 })),
      signature: Type.Optional(Type.String({ maxLength: 800 })),
    },
    { location: 'https://firmware.example.com/cp-2.4.bin' },
  ),
  'get-log': operation(
    'Have the station upload a log',
    {
      log: Type.Union([Type.Literal('DiagnosticsLog'), Type.Literal('SecurityLog'), Type.Literal('DataCollectorLog')]),
      location: Location,
      from: Type.Optional(Instant),
      until: Type.Optional(Instant),
    },
    { log: 'DiagnosticsLog', location: 'https://logs.example.com/upload' },
  ),
  'send-local-list': operation(
    'Replace the list of tokens that the station may accept by itself',
    { tokens: Type.Array(PresentedToken, { maxItems: 10_000 }) },
    { tokens: [{ uid: '04A1B2C3D4', type: 'RFID' }] },
  ),
  'install-certificate': operation(
    'Give the station a root certificate',
    { use: CertificateUse, certificate: Type.String({ minLength: 1, maxLength: 10_000, description: 'PEM' }) },
    { use: 'CSMSRootCertificate', certificate: '-----BEGIN CERTIFICATE-----…' },
  ),
  'list-certificates': operation('Read which certificates the station holds', {}, {}),
  'delete-certificate': operation(
    'Remove a certificate, named as the station names it',
    { certificate: HashData },
    { certificate: { hashAlgorithm: 'SHA256', issuerNameHash: 'ab12', issuerKeyHash: 'cd34', serialNumber: '01' } },
  ),
  'display-message': operation(
    'Show drivers a text',
    {
      messageId: Type.Integer({ minimum: 0 }),
      text: Type.String({ minLength: 1, maxLength: 512 }),
      language: Type.Optional(Type.String({ maxLength: 8 })),
      priority: Type.Union([Type.Literal('AlwaysFront'), Type.Literal('InFront'), Type.Literal('NormalCycle')]),
      from: Type.Optional(Instant),
      until: Type.Optional(Instant),
    },
    { messageId: 1, text: 'Closed from 22:00', priority: 'NormalCycle' },
  ),
  ...derOperations,
  'clear-display-message': operation('Take a text back', { messageId: Type.Integer({ minimum: 0 }) }, { messageId: 1 }),
  ...deviceOperations,
} as const satisfies Record<string, StationOperation>;

export const stationOperations: { readonly [N in StationOperationName]: (typeof table)[N] } = table;
export type StationOperationName = keyof typeof table;
export type OperationParameters<N extends StationOperationName> = Static<(typeof table)[N]['parameters']>;
export const stationOperationNames = Object.keys(table) as readonly StationOperationName[];

export function isStationOperation(name: string): name is StationOperationName {
  return Object.hasOwn(table, name);
}

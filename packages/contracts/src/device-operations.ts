// What an operator can want of a station beside charging: its monitors, texts, network, event streams, tariffs, batteries, and the firmware
// that it publishes to others. Most of it exists since OCPP 2.0.1, some since 2.1: a station of an older version is not asked.
import { Type } from '@sinclair/typebox';
import { evse, HashData, Location, operation, optionalEvse, type StationOperation, TransactionId, Variable } from './operation-parameters';
import { PresentedToken } from './values';

const Id = Type.Integer({ minimum: 0 });
const Severity = Type.Integer({ minimum: 0, maximum: 9, description: '0 is danger, 9 is for debugging' });
const Checksum = Type.String({ pattern: '^[0-9a-fA-F]{32}$', description: 'MD5, hexadecimal' });
const streamPace = {
  intervalSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
  values: Type.Optional(Type.Integer({ minimum: 0, description: 'So many are sent together' })),
};
const MonitorKind = Type.Union(
  (['UpperThreshold', 'LowerThreshold', 'Delta', 'Periodic', 'PeriodicClockAligned', 'TargetDelta', 'TargetDeltaRelative'] as const).map(
    (kind) => Type.Literal(kind),
  ),
);
const Monitor = Type.Object({
  ...Variable.properties,
  monitorId: Type.Optional(Id),
  type: MonitorKind,
  value: Type.Number({ description: 'Threshold, difference, or seconds of a periodic one' }),
  severity: Severity,
  duringTransactionsOnly: Type.Optional(Type.Boolean()),
  eventStream: Type.Optional(Type.Object(streamPace, { description: 'Since OCPP 2.1' })),
});
const MonitorGroup = Type.Union([Type.Literal('ThresholdMonitoring'), Type.Literal('DeltaMonitoring'), Type.Literal('PeriodicMonitoring')]);
const TariffOfStation = Type.Object(
  {
    tariffId: Type.String({ minLength: 1, maxLength: 60 }),
    currency: Type.String({ minLength: 3, maxLength: 3 }),
  },
  { additionalProperties: true, description: 'As TariffType of OCPP 2.1 has it' },
);
const tariffExample = { tariffId: 'T1', currency: 'USD', energy: { prices: [{ priceKwh: 0.45 }] } };

export const deviceOperations = {
  'set-monitors': operation(
    'Have the station watch variables; the station numbers a new monitor',
    { monitors: Type.Array(Monitor, { minItems: 1, maxItems: 500 }) },
    { monitors: [{ component: 'EVSE', variable: 'Temperature', evseId: 1, type: 'UpperThreshold', value: 70, severity: 4 }] },
  ),
  'clear-monitors': operation(
    'Take monitors back, with their event streams',
    { monitorIds: Type.Array(Id, { minItems: 1, maxItems: 500 }) },
    { monitorIds: [7] },
  ),
  'read-monitors': operation(
    'Have the station report its monitors: all of them where no group and no variable is named',
    {
      groups: Type.Optional(Type.Array(MonitorGroup, { minItems: 1, maxItems: 3 })),
      variables: Type.Optional(Type.Array(Variable, { minItems: 1, maxItems: 100 })),
    },
    {},
  ),
  'set-monitoring-base': operation(
    'Have the station watch all, what its manufacturer has chosen, or only what is built in; its monitors are read anew',
    { base: Type.Union([Type.Literal('All'), Type.Literal('FactoryDefault'), Type.Literal('HardWiredOnly')]) },
    { base: 'FactoryDefault' },
  ),
  'set-monitoring-level': operation('Have the station report events up to a severity', { severity: Severity }, { severity: 5 }),
  'list-display-messages': operation(
    'Have the station report its texts: all of them where nothing is named',
    {
      messageIds: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 100 })),
      priority: Type.Optional(Type.Union([Type.Literal('AlwaysFront'), Type.Literal('InFront'), Type.Literal('NormalCycle')])),
      state: Type.Optional(
        Type.Union(
          (['Charging', 'Faulted', 'Idle', 'Unavailable', 'Suspended', 'Discharging'] as const).map((state) => Type.Literal(state)),
        ),
      ),
    },
    {},
  ),
  'set-network-profile': operation(
    'Write a network profile into a slot that is not in use; it is used once the order of the slots names it and the station restarts',
    {
      slot: Id,
      url: Type.String({ pattern: '^wss?://', maxLength: 2000, description: 'Without the station id' }),
      securityProfile: Type.Integer({ minimum: 0, maximum: 3 }),
      interface: Type.Union(
        (['Wired0', 'Wired1', 'Wired2', 'Wired3', 'Wireless0', 'Wireless1', 'Wireless2', 'Wireless3', 'Any'] as const).map((name) =>
          Type.Literal(name),
        ),
      ),
      messageTimeoutSeconds: Type.Optional(Type.Integer({ minimum: 1, description: '30 where absent' })),
      password: Type.Optional(Type.String({ minLength: 16, maxLength: 64, description: 'Since OCPP 2.1' })),
    },
    { slot: 2, url: 'wss://ocpp.example.com/', securityProfile: 2, interface: 'Wired0' },
  ),
  'list-event-streams': operation('Read which event streams the station has open', {}, {}),
  'adjust-event-stream': operation(
    'Change how often an event stream is sent',
    { streamId: Id, ...streamPace },
    { streamId: 7, intervalSeconds: 30 },
  ),
  'request-battery-swap': operation(
    'Ask a swap station to begin a battery swap for a token',
    { token: PresentedToken },
    { token: { uid: '04A1B2C3D4', type: 'RFID' } },
  ),
  'web-payment-started': operation(
    'Tell the station that a driver is paying for an EVSE on a page',
    { ...evse, timeoutSeconds: Type.Integer({ minimum: 1 }) },
    { evseId: 1, timeoutSeconds: 120 },
  ),
  'set-default-tariff': operation(
    'Give the station, or an EVSE, the tariff of drivers without one of their own',
    { ...optionalEvse, tariff: TariffOfStation },
    { evseId: 1, tariff: tariffExample },
  ),
  'read-tariffs': operation('Read which tariffs the station, or an EVSE, has', optionalEvse, { evseId: 1 }),
  'clear-tariffs': operation(
    'Take tariffs back: all of them where none is named',
    { ...optionalEvse, tariffIds: Type.Optional(Type.Array(TariffOfStation.properties.tariffId, { minItems: 1, maxItems: 100 })) },
    { tariffIds: ['T1'] },
  ),
  'change-transaction-tariff': operation(
    'Give a transaction that runs another tariff, in the same currency',
    { transactionId: TransactionId, tariff: TariffOfStation },
    { transactionId: 'tx-1', tariff: tariffExample },
  ),
  'publish-firmware': operation(
    'Have a local controller offer a firmware to the stations behind it',
    { location: Location, checksum: Checksum },
    { location: 'https://firmware.example.com/cp-2.4.bin', checksum: '0123456789abcdef0123456789abcdef' },
  ),
  'unpublish-firmware': operation(
    'Have a local controller offer a firmware no more',
    { checksum: Checksum },
    { checksum: '0123456789abcdef0123456789abcdef' },
  ),
  'read-transaction-status': operation(
    'Ask whether a transaction runs and whether the station has messages of it, or any, that it has not sent yet',
    { transactionId: Type.Optional(TransactionId) },
    { transactionId: 'tx-1' },
  ),
  'customer-information': operation(
    'Have the station tell, or forget, what it knows about one customer, who is named in exactly one way',
    {
      report: Type.Boolean(),
      clear: Type.Boolean(),
      token: Type.Optional(PresentedToken),
      customerIdentifier: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
      certificate: Type.Optional(HashData),
    },
    { report: true, clear: false, token: { uid: '04A1B2C3D4', type: 'RFID' } },
  ),
  'transfer-data': operation(
    "Send a vendor's own message; text, or any JSON since OCPP 2.0.1",
    {
      vendorId: Type.String({ minLength: 1, maxLength: 255 }),
      messageId: Type.Optional(Type.String({ minLength: 1, maxLength: 50 })),
      data: Type.Optional(Type.Unknown()),
    },
    { vendorId: 'com.example', messageId: 'light', data: 'on' },
  ),
} as const satisfies Record<string, StationOperation>;

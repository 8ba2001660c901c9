// The payload types of every action of every version, and who may send which. The shapes are typed-ocpp's, generated from the schemas of
// the Open Charge Alliance; only types are taken from its entry point, because loading that compiles every schema of every version.
import type { OCPP16, OCPP20, OCPP21 } from 'typed-ocpp';
import { actionsWithSchema, requestSchema } from './schema';
import type { OcppVersion } from './version';

type CallTuple = [type: unknown, id: string, action: string, payload: unknown];
type RequestsByAction<C extends CallTuple> = { [M in C as `${M[2]}`]: M[3] };

/** Request payloads by version and action. */
export interface Requests {
  '1.6': RequestsByAction<OCPP16.Call>;
  '2.0.1': RequestsByAction<OCPP20.Call>;
  '2.1': RequestsByAction<OCPP21.Call>;
}

/** Response payloads by version and action. NotifyPeriodicEventStream of OCPP 2.1 has none. */
export interface Responses {
  '1.6': { [C in OCPP16.Call as `${C[2]}`]: OCPP16.CheckedCallResult<C>[2] };
  '2.0.1': { [C in OCPP20.Call as `${C[2]}`]: OCPP20.CheckedCallResult<C>[2] };
  '2.1': { [C in Exclude<OCPP21.Call, OCPP21.NotifyPeriodicEventStreamCall> as `${C[2]}`]: OCPP21.CheckedCallResult<C>[2] };
}

export type Action<V extends OcppVersion> = keyof Requests[V] & string;
export type Request<V extends OcppVersion, A extends Action<V>> = Requests[V][A];
export type Response<V extends OcppVersion, A extends Action<V>> = A extends keyof Responses[V] ? Responses[V][A] : never;

const STATION_ACTIONS_16 = [
  'Authorize',
  'BootNotification',
  'DataTransfer',
  'DiagnosticsStatusNotification',
  'FirmwareStatusNotification',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'SecurityEventNotification',
  'SignCertificate',
  'SignedFirmwareStatusNotification',
  'StartTransaction',
  'StatusNotification',
  'StopTransaction',
] as const satisfies readonly Action<'1.6'>[];

const STATION_ACTIONS_201 = [
  'Authorize',
  'BootNotification',
  'ClearedChargingLimit',
  'DataTransfer',
  'FirmwareStatusNotification',
  'Get15118EVCertificate',
  'GetCertificateStatus',
  'Heartbeat',
  'LogStatusNotification',
  'MeterValues',
  'NotifyChargingLimit',
  'NotifyCustomerInformation',
  'NotifyDisplayMessages',
  'NotifyEVChargingNeeds',
  'NotifyEVChargingSchedule',
  'NotifyEvent',
  'NotifyMonitoringReport',
  'NotifyReport',
  'PublishFirmwareStatusNotification',
  'ReportChargingProfiles',
  'ReservationStatusUpdate',
  'SecurityEventNotification',
  'SignCertificate',
  'StatusNotification',
  'TransactionEvent',
] as const satisfies readonly Action<'2.0.1'>[];

const STATION_ACTIONS_21 = [
  ...STATION_ACTIONS_201,
  'BatterySwap',
  'ClosePeriodicEventStream',
  'GetCertificateChainStatus',
  'NotifyDERAlarm',
  'NotifyDERStartStop',
  'NotifyPeriodicEventStream',
  'NotifyPriorityCharging',
  'NotifySettlement',
  'OpenPeriodicEventStream',
  'PullDynamicScheduleUpdate',
  'ReportDERControl',
  'VatNumberValidation',
] as const satisfies readonly Action<'2.1'>[];

interface StationActions {
  '1.6': (typeof STATION_ACTIONS_16)[number];
  '2.0.1': (typeof STATION_ACTIONS_201)[number];
  '2.1': (typeof STATION_ACTIONS_21)[number];
}

/** What a station of this version may send. Everything else is the CSMS's, and DataTransfer is both. */
export type StationAction<V extends OcppVersion> = StationActions[V] & Action<V>;
export type CsmsAction<V extends OcppVersion> = Exclude<Action<V>, StationAction<V>> | 'DataTransfer';

const STATION_ACTION_SETS: Readonly<Record<OcppVersion, ReadonlySet<string>>> = {
  '1.6': new Set(STATION_ACTIONS_16),
  '2.0.1': new Set(STATION_ACTIONS_201),
  '2.1': new Set(STATION_ACTIONS_21),
};

/** Whether a station may send this action. Names are case-sensitive. */
export function isStationAction<V extends OcppVersion>(version: V, action: string): action is StationAction<V> {
  return STATION_ACTION_SETS[version].has(action);
}

/** Every action that a station of this version may send, in the order of their names. */
export function stationActions<V extends OcppVersion>(version: V): StationAction<V>[] {
  return [...STATION_ACTION_SETS[version]].sort() as StationAction<V>[];
}

/** Every action that the CSMS may send to a station of this version, in the order of their names. */
export function csmsActions<V extends OcppVersion>(version: V): CsmsAction<V>[] {
  return actionsWithSchema(version).filter((action): action is CsmsAction<V> => isCsmsAction(version, action));
}

/** Whether the CSMS may send this action: DataTransfer goes both ways. */
export function isCsmsAction<V extends OcppVersion>(version: V, action: string): action is CsmsAction<V> {
  return requestSchema(version, action) !== undefined && (action === 'DataTransfer' || !isStationAction(version, action));
}

/**
 * The code for an action a station may not send: unknown, of another version, or the CSMS's own are all NotImplemented. A signed message
 * (suffix `-Signed`, OCPP 2.0.1 Part 4, signed messages) is known to the protocol and not supported here.
 */
export function refusedActionCode(action: string): 'NotImplemented' | 'NotSupported' {
  return action.endsWith('-Signed') ? 'NotSupported' : 'NotImplemented';
}

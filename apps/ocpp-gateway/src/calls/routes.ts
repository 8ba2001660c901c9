// Which handler takes which CALL: one literal line for each action that a station of a version may send.
// Next: apps/ocpp-gateway/src/calls/v16/start-transaction.ts
import { type Request, readRequest, type StationAction, type StationRequest } from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';
import type { Notice } from '../facts/notice';
import { type Arrival, Call, CallRefusal, type Handler, type HandlerV2 } from './call';
import type { CallDesk } from './call-desk';
import { notice } from './notice';
import { question } from './question';
import { authorize as authorizeV2 } from './v2/authorize';
import { bootNotification as bootNotificationV2 } from './v2/boot-notification';
import { heartbeat as heartbeatV2 } from './v2/heartbeat';
import { meterValues as meterValuesV2 } from './v2/meter-values';
import { notifyEvent } from './v2/notify-event';
import { statusNotification as statusNotificationV2 } from './v2/status-notification';
import { transactionEvent } from './v2/transaction-event';
import { authorize as authorize16 } from './v16/authorize';
import { bootNotification as bootNotification16 } from './v16/boot-notification';
import { heartbeat as heartbeat16 } from './v16/heartbeat';
import { meterValues as meterValues16 } from './v16/meter-values';
import { startTransaction } from './v16/start-transaction';
import { statusNotification as statusNotification16 } from './v16/status-notification';
import { stopTransaction } from './v16/stop-transaction';

/** Reads the payload and hands it to its handler. @throws CallRefusal for a payload that cannot be read. */
export interface Route {
  readonly version: SpokenVersion;
  readonly action: string;
  answer(arrival: Arrival, desk: CallDesk): Promise<object>;
}

export const routes: readonly Route[] = [
  route('1.6', 'Authorize', authorize16),
  route('1.6', 'BootNotification', bootNotification16),
  route('1.6', 'DataTransfer', question('1.6', 'DataTransfer')),
  // OCPP 2.1 has one word for every log.
  route('1.6', 'DiagnosticsStatusNotification', notice(logStatusFrom16)),
  route(
    '1.6',
    'FirmwareStatusNotification',
    notice((payload) => ({ action: 'FirmwareStatusNotification', payload })),
  ),
  route('1.6', 'Heartbeat', heartbeat16),
  route(
    '1.6',
    'LogStatusNotification',
    notice((payload) => ({ action: 'LogStatusNotification', payload })),
  ),
  route('1.6', 'MeterValues', meterValues16),
  route(
    '1.6',
    'SecurityEventNotification',
    notice((payload) => ({ action: 'SecurityEventNotification', payload })),
  ),
  route('1.6', 'SignCertificate', question('1.6', 'SignCertificate')),
  route(
    '1.6',
    'SignedFirmwareStatusNotification',
    notice((payload) => ({ action: 'FirmwareStatusNotification', payload })),
  ),
  route('1.6', 'StartTransaction', startTransaction),
  route('1.6', 'StatusNotification', statusNotification16),
  route('1.6', 'StopTransaction', stopTransaction),

  ...both('Authorize', authorizeV2),
  ...both('BootNotification', bootNotificationV2),
  ...both(
    'ClearedChargingLimit',
    notice((payload) => ({ action: 'ClearedChargingLimit', payload })),
  ),
  ...bothAsk('DataTransfer'),
  ...both(
    'FirmwareStatusNotification',
    notice((payload) => ({ action: 'FirmwareStatusNotification', payload })),
  ),
  ...bothAsk('Get15118EVCertificate'),
  ...bothAsk('GetCertificateStatus'),
  ...both('Heartbeat', heartbeatV2),
  ...both(
    'LogStatusNotification',
    notice((payload) => ({ action: 'LogStatusNotification', payload })),
  ),
  ...both('MeterValues', meterValuesV2),
  ...both(
    'NotifyChargingLimit',
    notice((payload) => ({ action: 'NotifyChargingLimit', payload })),
  ),
  // It tells about a person, so it is asked and not said: what is said is kept for days.
  ...bothAsk('NotifyCustomerInformation'),
  ...both(
    'NotifyDisplayMessages',
    notice((payload) => ({ action: 'NotifyDisplayMessages', payload })),
  ),
  ...bothAsk('NotifyEVChargingNeeds'),
  ...bothAsk('NotifyEVChargingSchedule'),
  ...both('NotifyEvent', notifyEvent),
  ...both(
    'NotifyMonitoringReport',
    notice((payload) => ({ action: 'NotifyMonitoringReport', payload })),
  ),
  ...both(
    'NotifyReport',
    notice((payload) => ({ action: 'NotifyReport', payload })),
  ),
  ...both(
    'PublishFirmwareStatusNotification',
    notice((payload) => ({ action: 'PublishFirmwareStatusNotification', payload })),
  ),
  ...both(
    'ReportChargingProfiles',
    notice((payload) => ({ action: 'ReportChargingProfiles', payload })),
  ),
  ...both(
    'ReservationStatusUpdate',
    notice((payload) => ({ action: 'ReservationStatusUpdate', payload })),
  ),
  ...both(
    'SecurityEventNotification',
    notice((payload) => ({ action: 'SecurityEventNotification', payload })),
  ),
  ...bothAsk('SignCertificate'),
  ...both('StatusNotification', statusNotificationV2),
  ...both('TransactionEvent', transactionEvent),

  route(
    '2.1',
    'BatterySwap',
    notice((payload) => ({ action: 'BatterySwap', payload })),
  ),
  route(
    '2.1',
    'ClosePeriodicEventStream',
    notice((payload) => ({ action: 'ClosePeriodicEventStream', payload })),
  ),
  route('2.1', 'GetCertificateChainStatus', question('2.1', 'GetCertificateChainStatus')),
  route(
    '2.1',
    'NotifyDERAlarm',
    notice((payload) => ({ action: 'NotifyDERAlarm', payload })),
  ),
  route(
    '2.1',
    'NotifyDERStartStop',
    notice((payload) => ({ action: 'NotifyDERStartStop', payload })),
  ),
  // A SEND, which has no answer.
  wired(
    '2.1',
    'NotifyPeriodicEventStream',
    notice((payload: Request<'2.1', 'NotifyPeriodicEventStream'>) => ({ action: 'NotifyPeriodicEventStream', payload })),
  ),
  route(
    '2.1',
    'NotifyPriorityCharging',
    notice((payload) => ({ action: 'NotifyPriorityCharging', payload })),
  ),
  route('2.1', 'NotifySettlement', question('2.1', 'NotifySettlement')),
  route('2.1', 'OpenPeriodicEventStream', question('2.1', 'OpenPeriodicEventStream')),
  route('2.1', 'PullDynamicScheduleUpdate', question('2.1', 'PullDynamicScheduleUpdate')),
  route(
    '2.1',
    'ReportDERControl',
    notice((payload) => ({ action: 'ReportDERControl', payload })),
  ),
  route('2.1', 'VatNumberValidation', question('2.1', 'VatNumberValidation')),
];

const byAction: Readonly<Record<SpokenVersion, ReadonlyMap<string, Route>>> = {
  '1.6': routesOf('1.6'),
  '2.0.1': routesOf('2.0.1'),
  '2.1': routesOf('2.1'),
};

/** Names are case-sensitive; an action of another version is unknown here. */
export function routeOf(version: SpokenVersion, action: string): Route | undefined {
  return byAction[version].get(action);
}

function route<V extends SpokenVersion, A extends StationAction<V>>(version: V, action: A, handle: Handler<V, A>): Route {
  return wired<V, A, StationRequest<V, A>>(version, action, handle);
}

function both<A extends StationAction<'2.0.1'>>(action: A, handle: HandlerV2<A>): Route[] {
  return [wired('2.0.1', action, handle), wired('2.1', action, handle)];
}

/** The handler reads what the version's schema allows, or what a newer one does, whose payloads the older ones' are too. */
function wired<V extends SpokenVersion, A extends StationAction<V>, P>(
  version: V,
  action: A,
  handle: (call: Call<P>, desk: CallDesk) => Promise<object>,
): Route {
  return {
    version,
    action,
    async answer(arrival, desk) {
      const reading = readRequest(version, action, arrival.frame.payload, arrival.strictness);
      if (!reading.readable) throw new CallRefusal(reading.code, reading.description);
      return handle(new Call(arrival, reading.payload as P, reading.deviations, desk), desk);
    },
  };
}

function bothAsk<A extends StationAction<'2.0.1'>>(action: A): Route[] {
  return [route('2.0.1', action, question('2.0.1', action)), route('2.1', action, question('2.1', action))];
}

function routesOf(version: SpokenVersion): ReadonlyMap<string, Route> {
  return new Map(routes.filter((each) => each.version === version).map((each) => [each.action, each]));
}

function logStatusFrom16({ status }: Request<'1.6', 'DiagnosticsStatusNotification'>): Notice {
  return { action: 'LogStatusNotification', payload: { status: status === 'UploadFailed' ? 'UploadFailure' : status } };
}

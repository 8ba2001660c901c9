// Which handler takes which CALL: one literal line for each action this gateway understands. Every other action is NotImplemented.
// Next: apps/ocpp-gateway/src/calls/v16/start-transaction.ts
import { readRequest, type StationAction } from '@evenkeel/ocpp';
import type { SpokenVersion } from '../connection/station';
import { type Arrival, Call, CallRefusal, type Handler } from './call';
import type { CallDesk } from './call-desk';
import { authorize as authorize16 } from './v16/authorize';
import { bootNotification as bootNotification16 } from './v16/boot-notification';
import { dataTransfer as dataTransfer16 } from './v16/data-transfer';
import { heartbeat as heartbeat16 } from './v16/heartbeat';
import { meterValues as meterValues16 } from './v16/meter-values';
import { startTransaction } from './v16/start-transaction';
import { statusNotification as statusNotification16 } from './v16/status-notification';
import { stopTransaction } from './v16/stop-transaction';
import { authorize as authorize201 } from './v201/authorize';
import { bootNotification as bootNotification201 } from './v201/boot-notification';
import { dataTransfer as dataTransfer201 } from './v201/data-transfer';
import { heartbeat as heartbeat201 } from './v201/heartbeat';
import { meterValues as meterValues201 } from './v201/meter-values';
import { notifyEvent } from './v201/notify-event';
import { statusNotification as statusNotification201 } from './v201/status-notification';
import { transactionEvent } from './v201/transaction-event';

/** Reads the payload and hands it to its handler. @throws CallRefusal for a payload that cannot be read. */
export interface Route {
  readonly version: SpokenVersion;
  readonly action: string;
  answer(arrival: Arrival, desk: CallDesk): Promise<object>;
}

export const routes: readonly Route[] = [
  route('1.6', 'Authorize', authorize16),
  route('1.6', 'BootNotification', bootNotification16),
  route('1.6', 'DataTransfer', dataTransfer16),
  route('1.6', 'Heartbeat', heartbeat16),
  route('1.6', 'MeterValues', meterValues16),
  route('1.6', 'StartTransaction', startTransaction),
  route('1.6', 'StatusNotification', statusNotification16),
  route('1.6', 'StopTransaction', stopTransaction),
  route('2.0.1', 'Authorize', authorize201),
  route('2.0.1', 'BootNotification', bootNotification201),
  route('2.0.1', 'DataTransfer', dataTransfer201),
  route('2.0.1', 'Heartbeat', heartbeat201),
  route('2.0.1', 'MeterValues', meterValues201),
  route('2.0.1', 'NotifyEvent', notifyEvent),
  route('2.0.1', 'StatusNotification', statusNotification201),
  route('2.0.1', 'TransactionEvent', transactionEvent),
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
  return {
    version,
    action,
    async answer(arrival, desk) {
      const reading = readRequest(version, action, arrival.frame.payload, arrival.strictness);
      if (!reading.readable) throw new CallRefusal(reading.code, reading.description);
      return handle(new Call(arrival, reading.payload, reading.deviations, desk), desk);
    },
  };
}

function routesOf(version: SpokenVersion): ReadonlyMap<string, Route> {
  return new Map(routes.filter((each) => each.version === version).map((each) => [each.action, each]));
}

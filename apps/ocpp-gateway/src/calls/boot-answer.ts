// The answer to BootNotification has the same shape in every version.
import { printTimestamp } from '@evenkeel/ocpp';
import type { Station } from '../connection/station';
import type { Intervals } from './call-desk';

const STATUS = { accepted: 'Accepted', pending: 'Pending', rejected: 'Rejected' } as const;

/** The interval is that of heartbeats for an accepted station and the least wait before the next boot for the others (OCPP 2.0.1 B01). */
export function bootAnswer(registration: Station['registration'], { heartbeatSeconds, bootRetrySeconds }: Intervals) {
  return {
    status: STATUS[registration],
    currentTime: printTimestamp(Date.now()),
    interval: registration === 'accepted' ? heartbeatSeconds : bootRetrySeconds,
  };
}

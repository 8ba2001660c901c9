// What all connections of this process have in common: one object, to which each of them points.
import type { Strictness } from '@evenkeel/ocpp';
import type { Log } from '@evenkeel/service';
import type { CallDesk } from '../calls/call-desk';
import type { routeOf } from '../calls/routes';
import type { GatewayMetrics } from '../metrics/gateway-metrics';
import type { StationTraces } from '../trace/station-traces';
import type { AnswerMemory } from './answer-memory';
import type { BootSpread } from './boot-spread';
import type { Generations } from './generations';
import type { StationConnection } from './station-connection';
import type { KnownMakes } from './station-make';
import type { ToldTime } from './told-time';

export interface ConnectionLimits {
  readonly strictness: Strictness;
  readonly waitingCalls: number;
  readonly unsentBytes: number;
  readonly unreadableFrames: number;
  readonly commandTimeoutMs: number;
}

/** Why we close, in WebSocket close codes (RFC 6455 section 7.4; 4000 and above are ours to define). */
export const CLOSE = {
  goingAway: 1001,
  notText: 1003,
  tooManyUnreadable: 1008,
  denied: 1008,
  tooManyWaiting: 1013,
  replaced: 4001,
} as const;

export interface ConnectionParts {
  readonly routeOf: typeof routeOf;
  readonly desk: CallDesk;
  /** Records for stations that are not accepted yet. */
  readonly quarantine: CallDesk;
  readonly traces: StationTraces;
  readonly makes: KnownMakes;
  readonly answers: AnswerMemory;
  readonly generations: Pick<Generations, 'isNewest'>;
  readonly toldTime: ToldTime;
  readonly bootSpread: BootSpread;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  readonly limits: ConnectionLimits;
  onClosed(connection: StationConnection): void;
}

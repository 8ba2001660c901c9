// Stands before the admission: how many upgrades are under way, how many begin a second, and who has failed too often. A fleet that comes back
// in one instant is let in as fast as this process can greet, and the rest is told when to come again, each at another time.
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Admission } from './admission';
import type { FailedHandshakes } from './failed-handshakes';

export interface DoorLimits {
  readonly upgradesAtOnce: number;
  /** On average; within one second as many may come at once. */
  readonly upgradesPerSecond: number;
}

/** Refusals that are kept back at once; more are given without delay. */
const MOST_DELAYED = 1_000;
/** Who the caller is was not shown; anything else wrong with an upgrade is no attempt at a door. */
const COUNTED: ReadonlySet<number> = new Set([401, 403, 404]);
const LEAST_RETRY_SECONDS = 5;
const MOST_RETRY_SECONDS = 30;
const LONGEST_NAME = 200;

export class DoorKeeper<Facts extends unknown[]> {
  private underWay = 0;
  private delayed = 0;
  private allowance: number;
  private refilledAtMs = Date.now();

  constructor(
    private readonly admissions: { admit(request: IncomingMessage, ...facts: Facts): Promise<Admission> },
    private readonly failures: FailedHandshakes,
    private readonly limits: DoorLimits,
  ) {
    this.allowance = limits.upgradesPerSecond;
  }

  async admit(request: IncomingMessage, ...facts: Facts): Promise<Admission> {
    if (this.underWay >= this.limits.upgradesAtOnce || !this.isAllowed(Date.now())) {
      return { status: 503, reason: 'too-many-upgrades', retryAfterSeconds: jitteredRetrySeconds() };
    }
    const [identity, address] = [nameIn(request), request.socket.remoteAddress ?? ''];
    const pauseMs = this.failures.pauseMs(identity, address, Date.now());
    if (pauseMs > 0) return { status: 429, reason: 'too-many-failures', retryAfterSeconds: Math.ceil(pauseMs / 1000) };
    const admission = await this.look(request, facts);
    if ('station' in admission) this.failures.succeeded(identity, address);
    else if (COUNTED.has(admission.status)) await this.delay(this.failures.failed(identity, address, Date.now()));
    return admission;
  }

  private async look(request: IncomingMessage, facts: Facts): Promise<Admission> {
    this.underWay += 1;
    try {
      return await this.admissions.admit(request, ...facts);
    } finally {
      this.underWay -= 1;
    }
  }

  private isAllowed(nowMs: number): boolean {
    const { upgradesPerSecond } = this.limits;
    this.allowance = Math.min(this.allowance + ((nowMs - this.refilledAtMs) / 1000) * upgradesPerSecond, upgradesPerSecond);
    this.refilledAtMs = nowMs;
    if (this.allowance < 1) return false;
    this.allowance -= 1;
    return true;
  }

  private async delay(ms: number): Promise<void> {
    if (ms === 0 || this.delayed >= MOST_DELAYED) return;
    this.delayed += 1;
    await pause(ms);
    this.delayed -= 1;
  }
}

/** At another time for each station, so that those who were turned away together do not come back together. */
export function jitteredRetrySeconds(): number {
  return LEAST_RETRY_SECONDS + Math.floor(Math.random() * (MOST_RETRY_SECONDS - LEAST_RETRY_SECONDS + 1));
}

/** Whatever names the station, readable or not: the end of the path, without its query. */
function nameIn({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return path.toLowerCase().slice(-LONGEST_NAME);
}

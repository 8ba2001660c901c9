// Stands before the admission: how many upgrades are under way, how many begin a second, and who has failed too often. A fleet that comes back
// in one instant stands in line and is let in as fast as this process can greet; who would wait too long is told when to come again.
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Admission } from './admission';
import type { FailedHandshakes } from './failed-handshakes';
import { type LineLimits, WaitingLine } from './waiting-line';

/** Refusals that are kept back at once; more are given without delay. */
const MOST_DELAYED = 1_000;
/** Who the caller is was not shown; anything else wrong with an upgrade is no attempt at a door. */
const COUNTED: ReadonlySet<number> = new Set([401, 403, 404]);
const LONGEST_NAME = 200;

export class DoorKeeper<Facts extends unknown[]> {
  private readonly line: WaitingLine;
  private delayed = 0;

  constructor(
    private readonly admissions: { admit(request: IncomingMessage, ...facts: Facts): Promise<Admission> },
    private readonly failures: FailedHandshakes,
    limits: LineLimits,
  ) {
    this.line = new WaitingLine(limits);
  }

  async admit(request: IncomingMessage, ...facts: Facts): Promise<Admission> {
    const [identity, address] = [nameIn(request), request.socket.remoteAddress ?? ''];
    const pauseMs = this.failures.pauseMs(identity, address, Date.now());
    if (pauseMs > 0) return { status: 429, reason: 'too-many-failures', retryAfterSeconds: Math.ceil(pauseMs / 1000) };
    const admission = await this.look(request, facts);
    if ('station' in admission) this.failures.succeeded(identity, address);
    else if (COUNTED.has(admission.status)) await this.delay(this.failures.failed(identity, address, Date.now()));
    return admission;
  }

  private async look(request: IncomingMessage, facts: Facts): Promise<Admission> {
    const turn = await this.line.turn(() => request.socket.destroyed);
    if (turn.kind === 'gone') return { status: 503, reason: 'gave-up-waiting' };
    if (turn.kind === 'later') return { status: 503, reason: 'too-many-upgrades', retryAfterSeconds: turn.retryAfterSeconds };
    try {
      return await this.admissions.admit(request, ...facts);
    } finally {
      this.line.over();
    }
  }

  private async delay(ms: number): Promise<void> {
    if (ms === 0 || this.delayed >= MOST_DELAYED) return;
    this.delayed += 1;
    await pause(ms);
    this.delayed -= 1;
  }
}

/** Whatever names the station, readable or not: the end of the path, without its query. */
function nameIn({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return path.toLowerCase().slice(-LONGEST_NAME);
}

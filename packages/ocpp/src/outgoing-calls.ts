// Our CALLs to one station: which may leave, which is waiting for its answer, what became of it. A connection has at most one outstanding
// CALL a direction (OCPP-J 1.6 section 4.1.1, OCPP 2.0.1 Part 4 section 4.1.1); the station's own CALLs are answered meanwhile and never
// come through here. Time is passed in, so the owner may drive many stations from one timer.

/** More urgent calls overtake; within an urgency the order of arrival holds. */
export const URGENCIES = ['transaction', 'configuration', 'report'] as const;
export type Urgency = (typeof URGENCIES)[number];

export interface OutgoingCall {
  readonly id: string;
  readonly urgency: Urgency;
  /** How long the station may take to answer once the call has left. */
  readonly timeoutMilliseconds: number;
  /** When a call that could not leave is no longer wanted, in epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * What an answer belongs to. `late` means the call timed out before: its outcome was reported as unknown and the answer is evidence of what
 * really happened. `unknown` answers are logged and otherwise ignored.
 */
export type Answered<C> = { readonly kind: 'expected' | 'late'; readonly call: C } | { readonly kind: 'unknown' };

export interface Overdue<C> {
  /** Sent and not answered: outcome unknown. */
  readonly timedOut: readonly C[];
  /** Never sent: certainly without effect. */
  readonly expired: readonly C[];
}

const REMEMBERED_TIMEOUTS = 8;

export class OutgoingCalls<C extends OutgoingCall> {
  private readonly queues: Record<Urgency, C[]> = { transaction: [], configuration: [], report: [] };
  private readonly timedOut: C[] = [];
  private outstanding: C | undefined;
  private outstandingUntil = Number.POSITIVE_INFINITY;

  constructor(private readonly capacity = 100) {}

  /** False when the queue is full: a station that does not answer must not hold unbounded memory. */
  enqueue(call: C): boolean {
    if (this.queued >= this.capacity) return false;
    this.queues[call.urgency].push(call);
    return true;
  }

  /** The call to send now; it is outstanding from here on. Undefined while one is outstanding or nothing is queued. */
  takeNext(now: number): C | undefined {
    if (this.outstanding !== undefined) return undefined;
    for (const urgency of URGENCIES) {
      const queue = this.queues[urgency];
      // An expired call stays where it is until collectOverdue reports it.
      const index = queue.findIndex((call) => call.expiresAt > now);
      const [call] = index === -1 ? [] : queue.splice(index, 1);
      if (call !== undefined) {
        this.outstanding = call;
        this.outstandingUntil = now + call.timeoutMilliseconds;
        return call;
      }
    }
    return undefined;
  }

  isOutstanding(id: string): boolean {
    return this.outstanding?.id === id;
  }

  /** Takes the answer with this id; an expected one frees the slot. */
  answered(id: string): Answered<C> {
    const outstanding = this.outstanding;
    if (outstanding?.id === id) {
      this.release();
      return { kind: 'expected', call: outstanding };
    }
    const index = this.timedOut.findIndex((call) => call.id === id);
    const [late] = index === -1 ? [] : this.timedOut.splice(index, 1);
    return late === undefined ? { kind: 'unknown' } : { kind: 'late', call: late };
  }

  /** Everything whose time is up. A timed-out call frees the slot, and its answer is still recognised for a while. */
  collectOverdue(now: number): Overdue<C> {
    const timedOut: C[] = [];
    if (this.outstanding !== undefined && now >= this.outstandingUntil) {
      timedOut.push(this.outstanding);
      this.timedOut.push(this.outstanding);
      if (this.timedOut.length > REMEMBERED_TIMEOUTS) this.timedOut.shift();
      this.release();
    }
    return { timedOut, expired: this.takeExpired(now) };
  }

  /** The socket is gone: the outcome of the outstanding call is unknown. Queued calls stay for the next connection. */
  connectionLost(): C | undefined {
    const lost = this.outstanding;
    this.release();
    return lost;
  }

  get queued(): number {
    return this.queues.transaction.length + this.queues.configuration.length + this.queues.report.length;
  }

  private release(): void {
    this.outstanding = undefined;
    this.outstandingUntil = Number.POSITIVE_INFINITY;
  }

  private takeExpired(now: number): C[] {
    if (this.queued === 0) return [];
    const expired: C[] = [];
    for (const urgency of URGENCIES) {
      const queue = this.queues[urgency];
      if (!queue.some((call) => call.expiresAt <= now)) continue;
      expired.push(...queue.filter((call) => call.expiresAt <= now));
      this.queues[urgency] = queue.filter((call) => call.expiresAt > now);
    }
    return expired;
  }
}

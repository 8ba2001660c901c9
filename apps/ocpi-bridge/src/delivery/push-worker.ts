// Sends what is due. One request at a time for each object, several objects at once for each partner. Every outcome is an event: delivered,
// failed (and when it is tried again), or parked for a person to look at. After a crash the same object is sent again, which a receiver
// recognises: a session replaces itself, a CDR is known by its id.
import type { Log, Metrics } from '@evenkeel/service';
import type { Exchange, PartnerClient } from '../client/partner-client';
import { otherRole, type Role } from '../interfaces';
import type { Lease } from '../lease';
import type { PartnerView, RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { DeliveryState } from './delivery';
import type { DeliveryDesk } from './delivery-desk';
import type { DeliveryView, DueDelivery } from './delivery-view';
import { PushLane, UNAUTHORIZED_PAUSE_MS } from './push-lane';
import { pushOf } from './push-request';

export interface PushParts {
  role: Role;
  desk: DeliveryDesk;
  view: DeliveryView;
  partners: PartnerView;
  client: PartnerClient;
  vault: TokenVault;
  lease: Lease;
  log: Log;
  metrics: Metrics;
}

export interface PushSettings {
  firstRetryMs: number;
  longestRetryMs: number;
  giveUpMs: number;
  probeMs: number;
}

/** A partner hears of a change this much later at most; one look is one query on an index of what is due. */
const LOOK_EVERY_MS = 250;
const ROWS_A_LOOK = 200;

export class PushWorker {
  private readonly lanes = new Map<string, PushLane>();
  private readonly inFlight = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private woken = false;
  private stopped = true;

  constructor(
    private readonly parts: PushParts,
    private readonly settings: PushSettings,
  ) {}

  start(): void {
    this.stopped = false;
    this.timer = setInterval(() => this.wake(), LOOK_EVERY_MS);
  }

  /** Resolves when nothing is travelling any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.looking;
    await Promise.all(this.inFlight.values());
    await this.parts.lease.release();
  }

  private wake(): void {
    this.woken = true;
    if (this.looking || this.stopped) return;
    this.looking = this.lookWhileWoken().finally(() => {
      this.looking = undefined;
    });
  }

  private async lookWhileWoken(): Promise<void> {
    try {
      while (this.woken && !this.stopped) {
        this.woken = false;
        if (!(await this.parts.lease.hold())) return;
        await this.parkOverdue();
        await this.look();
      }
    } catch (error) {
      this.parts.log.warn({ error }, 'due deliveries could not be looked up');
    }
  }

  private async look(): Promise<void> {
    const nowMs = Date.now();
    const closed = [...this.lanes].flatMap(([partnerId, lane]) => (lane.isOpen(nowMs) ? [] : [partnerId]));
    const busy = { streams: [...this.inFlight.keys()], partnerIds: closed };
    for (const due of await this.parts.view.due(otherRole(this.parts.role), busy, ROWS_A_LOOK)) {
      const lane = this.laneOf(due.partnerId);
      if (!lane.isOpen(nowMs) || this.inFlight.has(due.stream)) continue;
      lane.enter();
      const push = this.push(due, lane).finally(() => {
        lane.leave();
        this.inFlight.delete(due.stream);
        this.wake();
      });
      this.inFlight.set(due.stream, push);
    }
  }

  private async push(due: DueDelivery, lane: PushLane): Promise<void> {
    try {
      const state = await this.parts.desk.stateOf(due.stream);
      const partner = await this.parts.partners.partnerOf(due.recipient, otherRole(this.parts.role));
      if (state.status !== 'due' || !state.object || !partner) return;
      const push = pushOf(state.object, partner, this.parts.role);
      if (!push.ok) return await this.park(due, state.revision, `cannot be sent: ${push.reason}`);
      if (push.losses.length > 0) this.parts.log.info({ objectId: state.objectId, losses: push.losses }, 'not everything fits the version');
      const token = this.parts.vault.open(partner.registration.theirToken);
      const exchange = await this.parts.client.send({ ...push.wire, token, to: due.recipient });
      await this.settle(due, state, partner, exchange, lane);
    } catch (error) {
      // The store or the database is silent, or an address is not to be followed: nothing is recorded, so it comes again.
      lane.pause(Date.now(), this.settings.firstRetryMs);
      this.parts.log.error({ error, stream: due.stream }, 'a delivery could not be attempted');
    }
  }

  private async settle(
    due: DueDelivery,
    state: DeliveryState,
    partner: RegisteredPartner,
    exchange: Exchange,
    lane: PushLane,
  ): Promise<void> {
    const { revision } = state;
    const nowMs = Date.now();
    if (exchange.kind === 'unreachable') {
      const retryAt = new Date(lane.silent(nowMs)).toISOString();
      this.count(due, 'unreachable');
      return this.parts.desk.settle(due.stream, { kind: 'fail', revision, reason: exchange.reason, answered: false, retryAt });
    }
    lane.answered();
    const { outcome } = exchange;
    this.count(due, outcome.kind);
    switch (outcome.kind) {
      case 'acknowledged':
        return this.parts.desk.settle(due.stream, { kind: 'succeed', revision, at: new Date(nowMs).toISOString() });
      case 'refused':
        return this.park(due, revision, `refused with ${outcome.statusCode}: ${outcome.message}`);
      case 'unauthorized': {
        this.parts.log.error({ partner: partner.name }, 'the partner does not accept our token: nothing is sent to it for now');
        lane.pause(nowMs, UNAUTHORIZED_PAUSE_MS);
        const retryAt = new Date(nowMs).toISOString();
        return this.parts.desk.settle(due.stream, {
          kind: 'fail',
          revision,
          reason: 'HTTP 401: our token is refused',
          answered: false,
          retryAt,
        });
      }
      case 'transient': {
        const pauseMs = (outcome.retryAfterSeconds ?? 0) * 1000;
        if (pauseMs > 0) lane.pause(nowMs, Math.min(pauseMs, this.settings.longestRetryMs));
        const retryAt = new Date(nowMs + Math.max(pauseMs, this.backoffMs(state.refusals))).toISOString();
        return this.parts.desk.settle(due.stream, { kind: 'fail', revision, reason: outcome.reason, answered: true, retryAt });
      }
    }
  }

  private async parkOverdue(): Promise<void> {
    const since = new Date(Date.now() - this.settings.giveUpMs).toISOString();
    for (const { stream, revision } of await this.parts.view.overdue(since, ROWS_A_LOOK)) {
      if (!this.inFlight.has(stream)) await this.park({ stream, module: 'overdue' }, revision, 'nobody took it in time');
    }
  }

  private async park(due: { stream: string; module: string }, revision: number, reason: string): Promise<void> {
    this.parts.metrics.count('evenkeel_deliveries_parked_total', 'Deliveries that a person must look at', { module: due.module });
    this.parts.log.error({ stream: due.stream, module: due.module, reason }, 'a delivery is parked');
    await this.parts.desk.settle(due.stream, { kind: 'park', revision, reason, at: new Date().toISOString() });
  }

  /** Doubles with every answered attempt, spread by half so that many objects do not return at once. */
  private backoffMs(refusals: number): number {
    const pauseMs = Math.min(this.settings.firstRetryMs * 2 ** Math.min(refusals, 30), this.settings.longestRetryMs);
    return pauseMs * (0.5 + Math.random());
  }

  private laneOf(partnerId: string): PushLane {
    const lane = this.lanes.get(partnerId) ?? new PushLane(this.settings.firstRetryMs, this.settings.probeMs);
    this.lanes.set(partnerId, lane);
    return lane;
  }

  private count(due: DueDelivery, outcome: string): void {
    this.parts.metrics.count('evenkeel_deliveries_total', 'Attempts to deliver to partners', { module: due.module, outcome });
  }
}

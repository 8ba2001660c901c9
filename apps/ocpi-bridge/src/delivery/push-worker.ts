// Sends what is due. One request at a time for each object, several objects at once for each partner. Every outcome is an event: delivered,
// failed (and when it is tried again), or parked for a person to look at. After a crash the same object is sent again, which a receiver
// recognises: a session replaces itself, a CDR is known by its id.
import type { TokenRecord } from '@evenkeel/contracts';
import type { Position } from '@evenkeel/event-store';
import { ocpiVersions } from '@evenkeel/ocpi';
import type { Log, Metrics } from '@evenkeel/service';
import type { Bearers } from '../bearer/bearers';
import type { Exchange, PartnerClient } from '../client/partner-client';
import { otherRole, type Role } from '../interfaces';
import type { Lease } from '../lease';
import { isRegistered, type PartnerView, type RegisteredPartner } from '../partner/partner-view';
import type { TokenVault } from '../partner/token-vault';
import type { TrafficBook } from '../traffic/traffic-book';
import { bearerOf, type Deliverable, isPersonal, type SettlingCommand } from './delivery';
import type { DeliveryDesk } from './delivery-desk';
import type { DeliveryView, DueDelivery, UnsettledDelivery } from './delivery-view';
import type { Published } from './published';
import { PushLane, WIDTH } from './push-lane';
import { pushOf, type ToPush, withoutBearer } from './push-request';
import type { SignedMeterData } from './signed-meter-data';

export interface PushParts {
  role: Role;
  desk: DeliveryDesk;
  view: DeliveryView;
  partners: PartnerView;
  bearers: Bearers;
  published: Published;
  signed: SignedMeterData;
  operatorName: string;
  client: PartnerClient;
  vault: TokenVault;
  lease: Lease;
  traffic: Pick<TrafficBook, 'circuit'>;
  log: Log;
  metrics: Metrics;
}

export interface PushSettings {
  firstRetryMs: number;
  longestRetryMs: number;
  giveUpMs: number;
  probeMs: number;
  handshakeSettlesMs: number;
}

/** A partner hears of a change this much later at most; one look is one query on an index of what is due. */
const LOOK_EVERY_MS = 250;
const PARKED_AT_ONCE = 200;
const OVERDUE_EVERY_MS = 60_000;

export class PushWorker {
  private readonly lanes = new Map<string, PushLane>();
  private readonly inFlight = new Map<string, Promise<void>>();
  /** By partner: what the last look has found and its lane had no room for. A moment later it may have changed, and is looked up anew. */
  private readonly waiting = new Map<string, { partner: RegisteredPartner; due: DueDelivery[] }>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private woken = false;
  private overdueAtMs = 0;
  private stopped = true;

  constructor(
    private readonly parts: PushParts,
    private readonly settings: PushSettings,
  ) {}

  start(): void {
    this.stopped = false;
    this.timer = setInterval(() => {
      this.waiting.clear();
      this.wake();
    }, LOOK_EVERY_MS);
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
    await this.noticeNewTokens(nowMs);
    const paused = [...this.lanes].flatMap(([partnerId, lane]) => (lane.opensAtMs > nowMs ? [partnerId] : []));
    const waiting = [...this.waiting.values()].flatMap(({ due }) => due.map(({ stream }) => stream));
    const busy = { streams: [...this.inFlight.keys(), ...waiting], partnerIds: paused };
    const found = await this.parts.view.due(otherRole(this.parts.role), busy);
    for (const partnerId of new Set(found.map((due) => due.partnerId))) {
      const partner = await this.parts.partners.one(partnerId);
      if (!partner || !isRegistered(partner)) continue;
      const still = this.waiting.get(partnerId)?.due ?? [];
      this.waiting.set(partnerId, { partner, due: [...still, ...found.filter((each) => each.partnerId === partnerId)] });
      this.sendWaiting(partnerId);
    }
  }

  /** As many as the partner's lane has room for. */
  private sendWaiting(partnerId: string): void {
    const waiting = this.waiting.get(partnerId);
    if (!waiting) return;
    const lane = this.laneOf(partnerId);
    while (!this.stopped && waiting.due.length > 0 && lane.isOpen(Date.now())) {
      const due = waiting.due.shift();
      if (due && !this.inFlight.has(due.stream)) this.send(due, waiting.partner, lane);
    }
    if (waiting.due.length === 0) this.waiting.delete(partnerId);
  }

  private send(due: DueDelivery, partner: RegisteredPartner, lane: PushLane): void {
    lane.enter();
    const sent = this.push(due, partner, lane).then(async (outcome) => {
      lane.leave();
      this.parts.traffic.circuit(due.partnerId, lane.opensAtMs, lane.isProbing);
      this.goOn(due.partnerId);
      await this.shown(outcome && (await this.record(due, outcome, lane)));
    });
    this.inFlight.set(
      due.stream,
      sent.finally(() => {
        this.inFlight.delete(due.stream);
        // What waited for this one may go now: a newer revision, or the CDR of a session.
        this.goOn(due.partnerId);
      }),
    );
  }

  private goOn(partnerId: string): void {
    this.sendWaiting(partnerId);
    // While fewer wait than may travel at once: the lane does not stand still while the next are looked up.
    if ((this.waiting.get(partnerId)?.due.length ?? 0) < WIDTH) this.wake();
  }

  /** Until the tables show what became of it, it would be found due again. */
  private async shown(position: Position | undefined): Promise<void> {
    while (!this.stopped) {
      try {
        return await this.parts.desk.shown(position);
      } catch (error) {
        this.parts.log.warn({ error }, 'the outcome of a delivery is not shown yet');
      }
    }
  }

  /** Whoever has refused our token may have given us another one since, in a new handshake or in a rotation. */
  private async noticeNewTokens(nowMs: number): Promise<void> {
    if (![...this.lanes.values()].some((lane) => lane.isRefused && !lane.isOpen(nowMs))) return;
    for (const { partnerId, registration } of await this.parts.partners.registered())
      this.lanes.get(partnerId)?.sends(registration.theirToken.hash);
  }

  /** @returns what is to be recorded of it. */
  private async push(due: DueDelivery, partner: RegisteredPartner, lane: PushLane): Promise<SettlingCommand | undefined> {
    try {
      const [said, bearer] = await Promise.all([this.saidOf(due.object, partner), this.bearerOf(due)]);
      if (bearer && 'kind' in bearer) return bearer;
      const push = pushOf({ ...said, ...(bearer ? { bearer } : {}) }, partner, this.parts.role);
      if (!push.ok) return parked(due, `cannot be sent: ${push.reason}`);
      if (push.losses.length > 0) this.parts.log.info({ objectId: due.objectId, losses: push.losses }, 'not everything fits the version');
      const token = this.parts.vault.open(partner.registration.theirToken);
      const { partnerId, registration } = partner;
      const exchange = await this.parts.client.send({ ...push.wire, partnerId, token, peer: registration, to: due.recipient });
      return this.judge(due, partner, bearer, exchange, lane);
    } catch (error) {
      return this.notAttempted(due, lane, error);
    }
  }

  /** The store or the database is silent, or an address is not to be followed: nothing is recorded, so it comes again. */
  private notAttempted({ stream }: DueDelivery, lane: PushLane, error: unknown): undefined {
    lane.pause(Date.now(), this.settings.firstRetryMs);
    this.parts.log.error({ error, stream }, 'a delivery could not be attempted');
  }

  /** The object with all that must be read to tell it. */
  private async saidOf(object: Deliverable, { registration }: RegisteredPartner): Promise<Omit<ToPush, 'bearer'>> {
    const { published, signed: readings, operatorName } = this.parts;
    const location = object.module === 'locations' ? await published.location(object.party, object.locationId) : undefined;
    const tariff = object.module === 'tariffs' ? await published.tariff(object.party, object.tariffId) : undefined;
    const [background = {}] = await published.backgroundsOf([object], ocpiVersions[registration.version]);
    const [signed = []] = await readings.of([object]);
    return { object, operatorName, background, signed, ...(location ? { location } : {}), ...(tariff ? { tariff } : {}) };
  }

  /**
   * OCPI has no word for somebody who was erased (2.2.1 mod_cdrs: a CdrToken must have uid and contract_id, and only a CdrLocation may say
   * "#NA"), and an invented one would be booked on nobody: such a delivery is parked. The CDR itself stays as it is.
   * @returns undefined for what is about no person.
   */
  private async bearerOf(due: DueDelivery): Promise<TokenRecord | SettlingCommand | undefined> {
    if (!isPersonal(due.object)) return undefined;
    const reference = bearerOf(due.object);
    if (!reference) return parked(due, 'cannot be sent: nobody is known to pay for it');
    const resolved = await this.parts.bearers.one(reference);
    if (resolved.status === 'known') return resolved.token;
    if (resolved.status === 'erased') return parked(due, 'cannot be sent: whom it is about was erased');
    return failed(due, 'its token is not known to the registry', Date.now() + this.backoffMs(due.refusals), true);
  }

  private judge(
    due: DueDelivery,
    partner: RegisteredPartner,
    bearer: TokenRecord | undefined,
    exchange: Exchange,
    lane: PushLane,
  ): SettlingCommand {
    const nowMs = Date.now();
    if (exchange.kind === 'unreachable') {
      this.count(due, 'unreachable');
      return failed(due, exchange.reason, lane.silent(nowMs), false);
    }
    lane.answered();
    const { outcome } = exchange;
    this.count(due, outcome.kind);
    switch (outcome.kind) {
      case 'acknowledged':
        return { kind: 'succeed', ...ofAttempt(due), at: new Date(nowMs).toISOString() };
      case 'refused':
        return parked(due, withoutBearer(`refused with ${outcome.statusCode}: ${outcome.message}`, bearer));
      case 'unauthorized': {
        const reason = 'HTTP 401: our token is refused';
        // Our first push may be there before the partner has read our answer to its handshake.
        if (nowMs - Date.parse(partner.registration.at) < this.settings.handshakeSettlesMs)
          return failed(due, reason, lane.pause(nowMs, this.backoffMs(due.attempt)), false);
        this.parts.log.error({ partner: partner.name }, 'the partner does not accept our token: nothing is sent to it for now');
        lane.refused(nowMs, partner.registration.theirToken.hash);
        // The lane holds it back; with another token it goes at once.
        return failed(due, reason, nowMs + this.backoffMs(due.refusals), false);
      }
      case 'transient': {
        const pauseMs = Math.min((outcome.retryAfterSeconds ?? 0) * 1000, this.settings.longestRetryMs);
        lane.pause(nowMs, pauseMs);
        const reason = withoutBearer(outcome.reason, bearer);
        // Whoever is behind the hub has not taken the request: nothing is refused, and nobody else behind it is kept waiting.
        if (outcome.isBehindHub) return failed(due, reason, nowMs + Math.max(pauseMs, this.backoffMs(due.attempt)), false);
        return failed(due, reason, nowMs + Math.max(pauseMs, this.backoffMs(due.refusals)), true);
      }
    }
  }

  /** @returns where it is recorded. */
  private async record(due: DueDelivery, outcome: SettlingCommand, lane: PushLane): Promise<Position | undefined> {
    try {
      return await this.settle(due, outcome);
    } catch (error) {
      return this.notAttempted(due, lane, error);
    }
  }

  private settle({ stream, module, attempt }: UnsettledDelivery, outcome: SettlingCommand): Promise<Position | undefined> {
    if (outcome.kind === 'park') {
      this.parts.metrics.count('evenkeel_deliveries_parked_total', 'Deliveries that a person must look at', { module });
      this.parts.log.error({ stream, module, reason: outcome.reason }, 'a delivery is parked');
    }
    return this.parts.desk.settle(stream, attempt, outcome);
  }

  private async parkOverdue(): Promise<void> {
    if (Date.now() < this.overdueAtMs) return;
    this.overdueAtMs = Date.now() + OVERDUE_EVERY_MS;
    const since = new Date(Date.now() - this.settings.giveUpMs).toISOString();
    for (const overdue of await this.parts.view.overdue(since, PARKED_AT_ONCE)) {
      if (!this.inFlight.has(overdue.stream)) await this.shown(await this.settle(overdue, parked(overdue, 'nobody took it in time')));
    }
  }

  /** Doubles with every attempt, spread by half so that many objects do not return at once. */
  private backoffMs(attempts: number): number {
    const pauseMs = Math.min(this.settings.firstRetryMs * 2 ** Math.min(attempts, 30), this.settings.longestRetryMs);
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

function failed(delivery: UnsettledDelivery, reason: string, retryAtMs: number, answered: boolean): SettlingCommand {
  return { kind: 'fail', ...ofAttempt(delivery), reason, answered, retryAt: new Date(retryAtMs).toISOString() };
}

function parked(delivery: UnsettledDelivery, reason: string): SettlingCommand {
  return { kind: 'park', ...ofAttempt(delivery), reason, at: new Date().toISOString() };
}

function ofAttempt({ revision, round }: UnsettledDelivery): { revision: number; round: number } {
  return { revision, round };
}

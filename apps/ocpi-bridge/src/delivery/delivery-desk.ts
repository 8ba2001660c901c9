// Decides who must have what, and makes it due. What is due is durable before the message behind it is acknowledged.
// Next: apps/ocpi-bridge/src/delivery/delivery.ts
import { type Cdr, idOf, type Message, type PartyKey, type SessionSnapshot } from '@evenkeel/contracts';
import { type EventStore, type Handled, type Position, StreamHandler } from '@evenkeel/event-store';
import type { Projector } from '@evenkeel/read-model';
import { otherRole, partnerEndpoint, type Role } from '../interfaces';
import { addresseeOf } from '../partner/partner';
import type { PartnerView } from '../partner/partner-view';
import {
  CDR_REVISION,
  type Deliverable,
  type DeliveryCommand,
  type DeliveryEvent,
  type DeliveryState,
  delivery,
  deliveryCodec,
  deliveryStream,
  type SettlingCommand,
} from './delivery';
import type { DeliveryTables } from './delivery-view';

/** What concerns every partner, and not one session. */
type Announced = Extract<Deliverable, { module: 'locations' | 'tariffs' | 'tokens' }>;

export class DeliveryDesk {
  private readonly deliveries: StreamHandler<DeliveryState, DeliveryCommand, DeliveryEvent>;

  constructor(
    store: EventStore,
    private readonly projector: Projector<DeliveryTables>,
    private readonly partners: PartnerView,
    private readonly platform: { party: PartyKey; role: Role },
  ) {
    this.deliveries = new StreamHandler({
      ...{ store, decider: delivery, codec: deliveryCodec },
      likelyFirst: (command) => command.kind === 'due' && command.object.module === 'cdrs',
    });
  }

  async sessionChanged(session: SessionSnapshot, cause: string): Promise<void> {
    const payer = session.terms.payer?.party;
    if (payer === undefined || this.isOurs(payer, session.party)) return;
    await this.due(payer, session.sessionId, session.revision, { module: 'sessions', session }, cause);
  }

  async cdrIssued(cdr: Cdr, cause: string): Promise<void> {
    if (this.isOurs(cdr.payer.party, cdr.party)) return;
    await this.due(cdr.payer.party, cdr.cdrId, CDR_REVISION, { module: 'cdrs', cdr }, cause);
  }

  /** Tokens of ours go to every CPO that takes them. */
  async tokenChanged({ token, lastUpdated }: Message<'tokenChanged'>, cause: string): Promise<void> {
    if (this.platform.role !== 'EMSP') return;
    const objectId = [token.party, token.key, token.type].join('/');
    await this.toEach(objectId, { module: 'tokens', token, lastUpdated }, cause);
  }

  locationChanged(changed: Message<'locationChanged'>, cause: string): Promise<void> {
    return this.published(changed.locationId, { module: 'locations', ...changed }, cause);
  }

  tariffChanged(changed: Message<'tariffChanged'>, cause: string): Promise<void> {
    return this.published(changed.tariffId, { module: 'tariffs', ...changed }, cause);
  }

  /** To every eMSP that takes it; the others read it from us. */
  private async published(id: string, object: Extract<Deliverable, { module: 'locations' | 'tariffs' }>, cause: string): Promise<void> {
    if (this.platform.role !== 'CPO' || object.party !== this.platform.party) return;
    await this.toEach(`${object.party}/${id}`, object, cause);
  }

  /** To every partner in the other role that takes it, once a platform however many parties it has or a hub has behind it. */
  private async toEach(objectId: string, object: Announced, cause: string): Promise<void> {
    const { role } = this.platform;
    for (const { registration } of await this.partners.registered()) {
      const recipient = addresseeOf(registration, otherRole(role));
      if (recipient === undefined || partnerEndpoint(registration.endpoints, role, object.module) === undefined) continue;
      await this.due(recipient, objectId, Date.parse(object.lastUpdated), object, cause);
    }
  }

  /**
   * Records what became of an attempt.
   * @param attempt how many attempts there were before this one.
   * @returns where, for `shown`; undefined where nothing had to be recorded.
   */
  async settle(stream: string, attempt: number, command: SettlingCommand): Promise<Position | undefined> {
    const cause = idOf('attempt', stream, command.revision, command.round ?? 0, attempt);
    const handled: Handled<DeliveryState, DeliveryEvent, never> = await this.deliveries.handle(stream, command, { cause });
    return handled.accepted ? handled.position : undefined;
  }

  /** Resolves when the tables show what was recorded there. @throws while they do not get on. */
  async shown(position: Position | undefined): Promise<void> {
    if (position !== undefined) await this.projector.reached(position);
  }

  private async due(recipient: PartyKey, objectId: string, revision: number, object: Deliverable, cause: string): Promise<void> {
    const stream = deliveryStream(recipient, object.module, objectId);
    const at = new Date().toISOString();
    await this.deliveries.handle(stream, { kind: 'due', recipient, objectId, revision, object, at }, { cause: idOf(cause, stream) });
  }

  private isOurs(payer: PartyKey, operator: PartyKey): boolean {
    return payer === this.platform.party || payer === operator;
  }
}

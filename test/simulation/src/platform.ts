// The services as processes that may die at any moment: gateway, ledger with its relay, billing with its relay and books, bridge. What lies between them
// is kept as JetStream and EventStoreDB keep it; what is in a process's memory goes with it.
import { cdrRelay } from '@evenkeel/billing/dist/announce/cdr-announcer';
import { BillingDesk } from '@evenkeel/billing/dist/billing-desk';
import { booksFollower } from '@evenkeel/billing/dist/books/books-follower';
import { JournalDesk } from '@evenkeel/billing/dist/books/journal-desk';
import { NumberingDesk } from '@evenkeel/billing/dist/books/numbering-desk';
import { DeliveryDesk } from '@evenkeel/billing/dist/delivery/delivery-desk';
import { type CdrDelivered, type CdrMessage, idOf, type PartyKey, type SessionSnapshot, type StationFact } from '@evenkeel/contracts';
import { InMemoryEventStore, type Relay, StoreUnavailable, StreamHandler, unsealed } from '@evenkeel/event-store';
import { type DeliveryCommand, type DeliveryEvent, type DeliveryState, delivery, deliveryCodec } from '@evenkeel/ocpi-bridge';
import { deliveryRelay } from '@evenkeel/ocpi-bridge/dist/announce/delivery-announcer';
import { deliveryStream } from '@evenkeel/ocpi-bridge/dist/delivery/delivery';
import type { SessionPolicy } from '@evenkeel/session-ledger';
import { sessionRelay } from '@evenkeel/session-ledger/dist/announce/session-announcer';
import { LedgerUnderTest, SessionListInMemory } from '@evenkeel/session-ledger/dist/testing/ledger-under-test';
import { agreeTerms, party } from '@evenkeel/test-flow/dist/demonstration-registry';
import { PureGateway, TransactionIds } from '@evenkeel/test-flow/dist/pure-gateway';
import type { Chance } from '@evenkeel/testkit';
import { AtLeastOnce } from './at-least-once';
import type { FaultCounts } from './fault-counts';
import { FaultyStore, type StoreFaults } from './faulty-store';
import type { Version } from './station';

export interface Faults {
  store: StoreFaults;
  delivery: { repeated: number; overtaken: number };
  /** Probability, at each step, that a process dies. */
  death: number;
  /** Probability that the gateway dies between the facts' durability and the answer. */
  gatewayDeath: number;
  /** Probability that the partner does not answer, with or without having taken the CDR. */
  partner: number;
}

type Said = { name: string; party: PartyKey; message: { session: SessionSnapshot } | CdrMessage | CdrDelivered };
type DeliveryHandler = StreamHandler<DeliveryState, DeliveryCommand, DeliveryEvent>;

export class Platform {
  readonly store = new InMemoryEventStore();
  private readonly list = new SessionListInMemory(this.store);
  /** What the partner holds: its id and how often it came. */
  readonly partner = new Map<string, { cdr: CdrMessage['cdr']; times: number }>();
  private readonly transactionIds = new TransactionIds();
  private readonly gateways = new Map<string, PureGateway>();
  private readonly facts: AtLeastOnce<StationFact[]>;
  private readonly sessions: AtLeastOnce<Said>;
  private readonly cdrs: AtLeastOnce<Said>;
  private readonly deliveries: AtLeastOnce<Said>;
  private readonly due = new Map<string, { stream: string; cdr: CdrMessage['cdr'] }>();
  private ledger: { store: FaultyStore; book: LedgerUnderTest; relay: Relay };
  private billing: { store: FaultyStore; desk: BillingDesk; deliveries: DeliveryDesk; relay: Relay; follower: Relay };
  private bridge: { store: FaultyStore; deliveries: DeliveryHandler; relay: Relay };
  private calm = false;
  private batches = 0;
  private starts = 0;

  private constructor(
    private readonly policy: SessionPolicy,
    private readonly faults: Faults,
    private readonly chance: Chance,
    private readonly counts: FaultCounts,
    startMs: number,
  ) {
    const log = <M>(name: string) => new AtLeastOnce<M>(name, chance.for(name), faults.delivery, counts);
    this.facts = log('facts');
    this.sessions = log('sessions');
    this.cdrs = log('CDRs');
    this.deliveries = log('deliveries');
    this.ledger = this.newLedger(startMs);
    this.billing = this.newBilling();
    this.bridge = this.newBridge();
  }

  static async start(policy: SessionPolicy, faults: Faults, chance: Chance, counts: FaultCounts, startMs: number): Promise<Platform> {
    const platform = new Platform(policy, faults, chance, counts, startMs);
    const { ledger, billing, bridge } = platform;
    await Promise.all([ledger.relay, billing.relay, billing.follower, bridge.relay].map((relay) => relay.start()));
    return platform;
  }

  get book(): LedgerUnderTest {
    return this.ledger.book;
  }

  /** A station's call. @returns the answer's payload; undefined when the gateway died before it could answer. */
  async call(stationId: string, version: Version, text: string, nowMs: number): Promise<Record<string, unknown> | undefined> {
    let gateway = this.gateways.get(stationId);
    if (gateway === undefined) {
      gateway = new PureGateway(stationId, version, this.transactionIds);
      this.gateways.set(stationId, gateway);
    }
    const { answer, facts } = await gateway.answer(text, nowMs);
    // The answer leaves after the facts are durable; a death in between makes the station repeat.
    if (facts.length > 0) this.facts.say(`batch ${this.batches++}`, JSON.parse(JSON.stringify(facts)));
    if (!this.calm && this.chance.happens(this.faults.gatewayDeath)) {
      this.counts.add('gateway killed before the answer');
      this.gateways.delete(stationId);
      return undefined;
    }
    const [, , payload] = JSON.parse(answer) as [number, string, Record<string, unknown>];
    return payload;
  }

  /** Everything that waits moves on, as far as the faults let it. */
  async step(nowMs: number): Promise<void> {
    this.ledger.book.nowMs = nowMs;
    if (!this.calm) await this.maybeDie(nowMs);
    await this.facts.deliver((facts) => this.ledger.book.hear(...facts));
    await this.ledger.book.round();
    await this.settled();
    await this.sessions.deliver(async ({ name, message }, id) => {
      if (!('session' in message)) return;
      if (name === 'sessionDenied') await this.billing.desk.deny(message.session, id);
      else if (name === 'sessionCompleted' || name === 'sessionAmended') await this.billing.desk.bill(message.session, id);
    });
    await this.settled();
    await this.cdrs.deliver(async ({ message }, id) => {
      if ('cdr' in message) await this.makeDue(message.cdr, id);
    });
    await this.push();
    await this.settled();
    await this.deliveries.deliver(async ({ message }, id) => {
      if ('deliveredAt' in message) await this.billing.deliveries.record({ type: 'CdrDelivered', data: message }, id);
    });
  }

  /** No more faults: what waits must come to its end by itself. */
  async calmDown(nowMs: number, minutes: number): Promise<number> {
    this.calm = true;
    await this.restart(nowMs);
    for (let minute = 0; minute < minutes; minute += 1) await this.step(nowMs + minute * 60_000);
    for (let round = 0; round < 50; round++) await this.step(nowMs + minutes * 60_000 + round);
    return nowMs + minutes * 60_000;
  }

  private async kill(): Promise<void> {
    await this.killLedger();
    await this.killBilling();
    await this.killBridge();
  }

  async stop(): Promise<void> {
    await this.kill();
    await this.list.stop();
  }

  private async maybeDie(nowMs: number): Promise<void> {
    if (this.chance.happens(this.faults.death)) {
      this.counts.add('ledger killed');
      await this.killLedger();
      this.ledger = this.newLedger(nowMs);
      await this.started(this.ledger.relay);
    }
    if (this.chance.happens(this.faults.death)) {
      this.counts.add('billing killed');
      await this.killBilling();
      this.billing = this.newBilling();
      await this.started(this.billing.relay);
      await this.started(this.billing.follower);
    }
    if (this.chance.happens(this.faults.death)) {
      this.counts.add('bridge killed');
      await this.killBridge();
      this.bridge = this.newBridge();
      await this.started(this.bridge.relay);
    }
  }

  private async restart(nowMs: number): Promise<void> {
    await this.kill();
    this.ledger = this.newLedger(nowMs);
    this.billing = this.newBilling();
    this.bridge = this.newBridge();
    await this.started(this.ledger.relay);
    await this.started(this.billing.relay);
    await this.started(this.billing.follower);
    await this.started(this.bridge.relay);
  }

  private newStore(): FaultyStore {
    this.starts += 1;
    return new FaultyStore(
      this.store,
      this.chance.for(`process ${this.starts}`),
      this.calm ? { refused: 0, unanswered: 0 } : this.faults.store,
      this.counts,
    );
  }

  private newLedger(startMs: number) {
    const store = this.newStore();
    const book = new LedgerUnderTest({ store, list: this.list, policy: this.policy, terms: agreeTerms, startMs });
    return { store, book, relay: sessionRelay(store, this.publisher(this.sessions), () => undefined) };
  }

  private newBilling() {
    const store = this.newStore();
    const desk = new BillingDesk(store, { freeWithoutEnergy: true }, unsealed);
    const journal = new JournalDesk({
      store,
      sealer: unsealed,
      onRefused: (event, reason) => {
        throw new Error(`no journal entry can be made of ${event.type} ${event.id}: ${reason}`);
      },
    });
    const books = { numbering: new NumberingDesk({ store, sealer: unsealed }), journal };
    const relay = cdrRelay(store, this.publisher(this.cdrs), () => undefined);
    const deliveries = new DeliveryDesk(store, unsealed);
    return { store, desk, deliveries, relay, follower: booksFollower(store, books, () => undefined) };
  }

  private newBridge() {
    const store = this.newStore();
    const deliveries = new StreamHandler({ store, decider: delivery, codec: deliveryCodec });
    return { store, deliveries, relay: deliveryRelay(store, this.publisher(this.deliveries), () => undefined) };
  }

  private publisher(log: AtLeastOnce<Said>) {
    const say = async (name: string, of: PartyKey, message: Said['message'], id: string) => {
      log.say(id, { name, party: of, message: JSON.parse(JSON.stringify(message)) });
    };
    return { say } as never;
  }

  private async killLedger(): Promise<void> {
    await this.ledger.store.die();
    await this.ledger.relay.stop().catch(() => undefined);
  }

  private async killBilling(): Promise<void> {
    await this.billing.store.die();
    await this.billing.relay.stop().catch(() => undefined);
    await this.billing.follower.stop().catch(() => undefined);
  }

  private async killBridge(): Promise<void> {
    await this.bridge.store.die();
    await this.bridge.relay.stop().catch(() => undefined);
  }

  /** The first checkpoint may meet a fault; a process that cannot start is started again. */
  private async started(relay: Relay): Promise<void> {
    for (;;) {
      try {
        return await relay.start();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  }

  /** Lets what the store has pushed reach the relays. */
  private async settled(): Promise<void> {
    for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
  }

  private async makeDue(cdr: CdrMessage['cdr'], cause: string): Promise<void> {
    if (cdr.payer.party === party) return;
    const stream = deliveryStream(cdr.payer.party, 'cdrs', cdr.cdrId);
    const at = new Date(this.ledger.book.nowMs).toISOString();
    const command = {
      kind: 'due',
      recipient: cdr.payer.party,
      objectId: cdr.cdrId,
      revision: 0,
      object: { module: 'cdrs', cdr },
      at,
    } as const;
    const handled = await this.bridge.deliveries.handle(stream, command, { cause: idOf(cause, stream) });
    if (handled.state.status === 'due') this.due.set(stream, { stream, cdr });
  }

  private async push(): Promise<void> {
    for (const { stream, cdr } of [...this.due.values()]) {
      const silent = !this.calm && this.chance.happens(this.faults.partner);
      if (silent) this.counts.add('partner silent');
      const taken = !silent || this.chance.happens(0.5);
      if (taken) this.receive(cdr);
      if (silent) continue;
      try {
        const command = { kind: 'succeed', revision: 0, at: new Date(this.ledger.book.nowMs).toISOString() } as const;
        await this.bridge.deliveries.handle(stream, command, { cause: idOf('attempt', stream) });
        this.due.delete(stream);
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  }

  /** A partner recognises a CDR that it holds by its id (OCPI 2.2.1 mod_cdrs: a CDR never changes). */
  private receive(cdr: CdrMessage['cdr']): void {
    const held = this.partner.get(cdr.cdrId);
    if (held && JSON.stringify(held.cdr) !== JSON.stringify(cdr)) throw new Error(`CDR ${cdr.cdrId} came a second time with other content`);
    this.partner.set(cdr.cdrId, { cdr, times: (held?.times ?? 0) + 1 });
  }
}

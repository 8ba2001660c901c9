// Billing's wiring: intake -> cdr -> announce, with the books and the views beside it.
import { type EventStore, type Relay, Sealer } from '@evenkeel/event-store';
import { Publisher, Requester } from '@evenkeel/messaging';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, HealthServer, LOG, type Log, Metrics, SETTINGS, sealerOf, watchProjections } from '@evenkeel/service';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { cdrRelay } from './announce/cdr-announcer';
import { BillingDesk } from './billing-desk';
import { BooksCheck } from './books/books-check';
import { booksFollower } from './books/books-follower';
import { JournalDesk } from './books/journal-desk';
import { NumberingDesk } from './books/numbering-desk';
import type { BillingSettings } from './config';
import { DeliveryDesk } from './delivery/delivery-desk';
import { DisputeDesk } from './dispute/dispute-desk';
import { type DisputeTables, DisputeView, disputeProjection } from './dispute/dispute-view';
import { DriverBillDesk } from './driver-bill/driver-bill-desk';
import { type DriverBillTables, driverBillProjection } from './driver-bill/driver-bill-tables';
import { DriverBillView } from './driver-bill/driver-bill-view';
import { BillingIntake } from './intake/billing-intake';
import { BillingQueries } from './intake/billing-queries';
import { RetailDesk } from './retail/retail-desk';
import { billingSeals } from './sealed-streams';
import { booksProjection } from './view/books-projection';
import type { BooksTables } from './view/books-tables';
import { type BillingTables, CdrView, cdrProjection } from './view/cdr-view';
import { StatementView } from './view/statement-view';
import { TrialBalanceView } from './view/trial-balance-view';

const RELAY = Symbol('relay');
const FOLLOWER = Symbol('books follower');
const PROJECTORS = Symbol('projectors');

type Projectors = readonly [Projector<BillingTables>, Projector<BooksTables>, Projector<DisputeTables>, Projector<DriverBillTables>];

@Module({
  controllers: [BillingIntake, BillingQueries],
  providers: [
    {
      provide: BillingDesk,
      inject: [EVENT_STORE, SETTINGS, Sealer],
      useFactory: (store: EventStore, settings: BillingSettings, sealer: Sealer) =>
        new BillingDesk(store, { freeWithoutEnergy: settings.FREE_WITHOUT_ENERGY, namesSignedReadings: true }, sealer),
    },
    {
      provide: DeliveryDesk,
      inject: [EVENT_STORE, Sealer],
      useFactory: (store: EventStore, sealer: Sealer) => new DeliveryDesk(store, sealer),
    },
    {
      provide: DisputeDesk,
      inject: [EVENT_STORE, Sealer],
      useFactory: (store: EventStore, sealer: Sealer) => new DisputeDesk(store, sealer),
    },
    {
      provide: RetailDesk,
      inject: [EVENT_STORE, Sealer, Requester],
      useFactory: (store: EventStore, sealer: Sealer, registry: Requester<'billing'>) => new RetailDesk(store, sealer, registry),
    },
    {
      provide: DriverBillDesk,
      inject: [EVENT_STORE, Sealer, SETTINGS, RetailDesk],
      useFactory: (store: EventStore, sealer: Sealer, settings: BillingSettings, retail: RetailDesk) =>
        new DriverBillDesk(store, sealer, { freeWithoutEnergy: settings.FREE_WITHOUT_ENERGY }, retail),
    },
    { provide: DriverBillView, inject: [DATABASE], useFactory: (database: Database<DriverBillTables>) => new DriverBillView(database) },
    { provide: DisputeView, inject: [DATABASE], useFactory: (database: Database<DisputeTables>) => new DisputeView(database) },
    {
      provide: Sealer,
      inject: [EVENT_STORE, SETTINGS, LOG, Metrics],
      useFactory: (store: EventStore, settings: BillingSettings, log: Log, metrics: Metrics) =>
        sealerOf(billingSeals, store, settings, log, metrics),
    },
    { provide: CdrView, inject: [DATABASE], useFactory: (database: Database<BillingTables>) => new CdrView(database) },
    {
      provide: RELAY,
      inject: [EVENT_STORE, Publisher, LOG],
      useFactory: (store: EventStore, publisher: Publisher<'billing'>, log: Log) =>
        cdrRelay(store, publisher, (error) => log.warn({ error }, 'the relay was interrupted')),
    },
    {
      provide: FOLLOWER,
      inject: [EVENT_STORE, Sealer, LOG, Metrics],
      useFactory: (store: EventStore, sealer: Sealer, log: Log, metrics: Metrics) => {
        const journal = new JournalDesk({
          store,
          sealer,
          onRefused: ({ id, type, stream }, reason) => {
            metrics.count('evenkeel_billing_not_booked_total', 'Events that no journal entry can be made of', { type });
            log.error({ eventId: id, type, stream, reason }, 'no journal entry can be made of this');
          },
        });
        const books = { numbering: new NumberingDesk({ store, sealer }), journal };
        return booksFollower(store, books, (error) => log.warn({ error }, 'keeping the books was interrupted'));
      },
    },
    {
      provide: BooksCheck,
      inject: [DATABASE, Metrics, LOG, SETTINGS],
      useFactory: (database: Database<BooksTables>, metrics: Metrics, log: Log, settings: BillingSettings) =>
        new BooksCheck({ database, metrics, log, everyMs: settings.BOOKS_CHECK_EVERY_MS }),
    },
    {
      provide: TrialBalanceView,
      inject: [DATABASE, BooksCheck],
      useFactory: (database: Database<BooksTables>, check: BooksCheck) => new TrialBalanceView(database, check),
    },
    {
      provide: StatementView,
      inject: [DATABASE, SETTINGS],
      useFactory: (database: Database<BooksTables>, settings: BillingSettings) =>
        new StatementView(database, settings.STATEMENT_TIME_ZONES),
    },
    {
      provide: PROJECTORS,
      inject: [DATABASE, EVENT_STORE, LOG, SETTINGS],
      useFactory: (
        database: Database<BillingTables & BooksTables & DisputeTables & DriverBillTables>,
        store: EventStore,
        log: Log,
        settings: BillingSettings,
      ): Projectors => {
        const common = { store, graceSeconds: settings.PROJECTION_GRACE_SECONDS };
        const onFailure = (name: string) => (error: unknown) => log.warn({ error }, `the ${name} projection was interrupted`);
        return [
          new Projector<BillingTables>({ ...common, database, projection: cdrProjection, onFailure: onFailure('CDR') }),
          new Projector<BooksTables>({ ...common, database, projection: booksProjection, onFailure: onFailure('books') }),
          new Projector<DisputeTables>({ ...common, database, projection: disputeProjection, onFailure: onFailure('dispute') }),
          new Projector<DriverBillTables>({
            ...{ ...common, database, projection: driverBillProjection },
            onFailure: onFailure("drivers' bills"),
          }),
        ];
      },
    },
  ],
})
export class BillingModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(FOLLOWER) private readonly follower: Relay,
    @Inject(PROJECTORS) private readonly projectors: Projectors,
    private readonly check: BooksCheck,
    private readonly health: HealthServer,
    private readonly metrics: Metrics,
    private readonly sealer: Sealer,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.sealer.start();
    const [cdrs, books, disputes, driverBills] = this.projectors;
    watchProjections(this.projectors, this.health, this.metrics);
    void cdrs.start();
    void disputes.start();
    void driverBills.start();
    void books.start().then(() => this.check.start());
    await this.relay.start();
    await this.follower.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.relay.stop();
    await this.follower.stop();
    await this.check.stop();
    await Promise.all(this.projectors.map((projector) => projector.stop()));
    await this.sealer.stop();
  }
}

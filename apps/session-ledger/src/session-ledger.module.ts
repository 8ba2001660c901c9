// The ledger's wiring: intake -> session -> announce, with the watchdog and the view beside it.
import { type EventStore, type Relay, Sealer } from '@evenkeel/event-store';
import { Publisher, Requester } from '@evenkeel/messaging';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, HealthServer, LOG, type Log, Metrics, SETTINGS, sealerOf, watchProjections } from '@evenkeel/service';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { sessionRelay } from './announce/session-announcer';
import type { LedgerSettings } from './config';
import { CostDesk } from './cost/cost-desk';
import { LimitDesk } from './cost/limit-desk';
import { SessionIntake } from './intake/session-intake';
import { SessionQueries } from './intake/session-queries';
import { readPolicies } from './policies';
import { QuoteDesk } from './quote/quote-desk';
import { ledgerSeals } from './sealed-streams';
import { OperatorDecisions } from './session/operator-decisions';
import { SessionBook } from './session/session-book';
import { Rerater } from './simulation/rerater';
import { TariffComparison } from './simulation/tariff-comparison';
import { TariffSimulator } from './simulation/tariff-simulator';
import { FollowUp } from './terms/follow-up';
import { TermsDesk } from './terms/terms-desk';
import { sessionProjection } from './view/session-projection';
import type { LedgerTables } from './view/session-tables';
import { SessionView } from './view/session-view';
import { SignedEvidence } from './view/signed-evidence';
import { SettleWindows } from './watch/settle-windows';
import { StatusDesk } from './watch/status-desk';
import { StrayDesk } from './watch/stray-desk';
import { WatchList } from './watch/watch-list';
import { Watchdog } from './watch/watchdog';

const RELAY = Symbol('relay');
const PROJECTOR = Symbol('projector');

@Module({
  controllers: [SessionIntake, SessionQueries],
  providers: [
    SettleWindows,
    {
      provide: Sealer,
      inject: [EVENT_STORE, SETTINGS, LOG, Metrics],
      useFactory: (store: EventStore, settings: LedgerSettings, log: Log, metrics: Metrics) =>
        sealerOf(ledgerSeals, store, settings, log, metrics),
    },
    {
      provide: SessionView,
      inject: [DATABASE, EVENT_STORE],
      useFactory: (database: Database<LedgerTables>, store: EventStore) => new SessionView(database, store),
    },
    { provide: SignedEvidence, inject: [EVENT_STORE], useFactory: (store: EventStore) => new SignedEvidence(store) },
    {
      provide: SessionBook,
      inject: [EVENT_STORE, SETTINGS, SessionView, Sealer],
      useFactory: (store: EventStore, settings: LedgerSettings, view: SessionView, sealer: Sealer) =>
        new SessionBook({
          store,
          policyOf: readPolicies(settings.SESSION_POLICIES),
          cachedSessions: settings.CACHED_SESSIONS,
          runningAt: (party, stationId) => view.runningAt(party, stationId),
          freeWithoutEnergy: settings.FREE_WITHOUT_ENERGY,
          now: () => new Date().toISOString(),
          sealer,
        }),
    },
    { provide: OperatorDecisions, inject: [SessionBook], useFactory: (book: SessionBook) => new OperatorDecisions(book) },
    {
      provide: TermsDesk,
      inject: [SessionBook, Requester, SettleWindows, SessionView, LOG, Metrics],
      useFactory: (
        book: SessionBook,
        requester: Requester<'session-ledger'>,
        windows: SettleWindows,
        view: SessionView,
        log: Log,
        metrics: Metrics,
      ) => new TermsDesk(book, requester, windows, (after) => view.pending(after), log, metrics),
    },
    {
      provide: CostDesk,
      inject: [SessionBook, Requester, SETTINGS, LOG],
      useFactory: (book: SessionBook, requester: Requester<'session-ledger'>, settings: LedgerSettings, log: Log) =>
        new CostDesk({
          book,
          requester,
          everySeconds: settings.COST_EVERY_SECONDS,
          now: () => Date.now(),
          pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
          log,
        }),
    },
    {
      provide: LimitDesk,
      inject: [SessionBook, Requester, LOG],
      useFactory: (book: SessionBook, requester: Requester<'session-ledger'>, log: Log) =>
        new LimitDesk({ book, requester, now: () => Date.now(), log }),
    },
    {
      provide: TariffComparison,
      inject: [SessionBook, SessionView, SETTINGS],
      useFactory: (book: SessionBook, view: SessionView, settings: LedgerSettings) =>
        new TariffComparison(book, view, settings.FREE_WITHOUT_ENERGY),
    },
    {
      provide: TariffSimulator,
      inject: [TariffComparison],
      useFactory: (comparison: TariffComparison) => new TariffSimulator(comparison),
    },
    {
      provide: Rerater,
      inject: [TariffComparison, OperatorDecisions, Requester],
      useFactory: (comparison: TariffComparison, decisions: OperatorDecisions, requester: Requester<'session-ledger'>) =>
        new Rerater(comparison, decisions, requester, () => new Date().toISOString()),
    },
    {
      provide: QuoteDesk,
      inject: [Requester, SETTINGS],
      useFactory: (requester: Requester<'session-ledger'>, settings: LedgerSettings) =>
        new QuoteDesk(requester, settings.FREE_WITHOUT_ENERGY),
    },
    {
      provide: StatusDesk,
      inject: [SessionBook, Requester, SettleWindows, LOG],
      useFactory: (book: SessionBook, requester: Requester<'session-ledger'>, windows: SettleWindows, log: Log) =>
        new StatusDesk(book, requester, windows, () => Date.now(), log),
    },
    {
      provide: FollowUp,
      inject: [TermsDesk, SettleWindows, StatusDesk],
      useFactory: (terms: TermsDesk, windows: SettleWindows, statuses: StatusDesk) => new FollowUp(terms, windows, statuses),
    },
    {
      provide: Watchdog,
      inject: [SessionBook, SessionView, SettleWindows, FollowUp, DATABASE, SETTINGS, LOG, Metrics],
      useFactory: (
        book: SessionBook,
        view: SessionView,
        windows: SettleWindows,
        followUp: FollowUp,
        database: Database<LedgerTables>,
        settings: LedgerSettings,
        log: Log,
        metrics: Metrics,
      ) =>
        new Watchdog({
          book,
          strays: new StrayDesk(book, (party, stationId) => view.recentAt(party, stationId)),
          list: new WatchList(database),
          now: () => Date.now(),
          policyOf: readPolicies(settings.SESSION_POLICIES),
          windows,
          followUp,
          log,
          metrics,
        }),
    },
    {
      provide: RELAY,
      inject: [EVENT_STORE, Publisher, LOG],
      useFactory: (store: EventStore, publisher: Publisher<'session-ledger'>, log: Log) =>
        sessionRelay(store, publisher, (error) => log.warn({ error }, 'the relay was interrupted')),
    },
    {
      provide: PROJECTOR,
      inject: [DATABASE, EVENT_STORE, LOG, SETTINGS],
      useFactory: (database: Database<LedgerTables>, store: EventStore, log: Log, settings: LedgerSettings) =>
        new Projector({
          database,
          store,
          projection: sessionProjection,
          graceSeconds: settings.PROJECTION_GRACE_SECONDS,
          onFailure: (error) => log.warn({ error }, 'the session projection was interrupted'),
        }),
    },
  ],
})
export class SessionLedgerModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(PROJECTOR) private readonly projector: Projector<LedgerTables>,
    @Inject(SETTINGS) private readonly settings: LedgerSettings,
    private readonly terms: TermsDesk,
    private readonly watchdog: Watchdog,
    private readonly limits: LimitDesk,
    private readonly sealer: Sealer,
    private readonly health: HealthServer,
    private readonly metrics: Metrics,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.sealer.start();
    watchProjections([this.projector], this.health, this.metrics);
    // What waits for its terms, or for a look, is found in the view.
    void this.projector.start().then(() => {
      this.terms.start(this.settings.TERMS_RETRY_MS);
      this.watchdog.start();
      this.limits.start();
    });
    await this.relay.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.terms.stop();
    await this.watchdog.stop();
    await this.limits.stop();
    await this.relay.stop();
    await this.projector.stop();
    await this.sealer.stop();
  }
}

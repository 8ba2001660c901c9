// The ledger's wiring: intake -> session -> announce, and the view beside it.
import { type EventStore, type Relay, Sealer } from '@evenkeel/event-store';
import { Publisher, Requester } from '@evenkeel/messaging';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, HealthServer, LOG, type Log, Metrics, SETTINGS, sealerOf } from '@evenkeel/service';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { sessionRelay } from './announce/session-announcer';
import type { LedgerSettings } from './config';
import { SessionIntake } from './intake/session-intake';
import { SessionQueries } from './intake/session-queries';
import { ledgerSeals } from './sealed-streams';
import { SessionBook } from './session/session-book';
import { TermsDesk } from './terms/terms-desk';
import { type LedgerTables, SessionView, sessionProjection } from './view/session-view';

const RELAY = Symbol('relay');
const PROJECTOR = Symbol('projector');

@Module({
  controllers: [SessionIntake, SessionQueries],
  providers: [
    {
      provide: SessionBook,
      inject: [EVENT_STORE, SETTINGS, Sealer],
      useFactory: (store: EventStore, settings: LedgerSettings, sealer: Sealer) => new SessionBook(store, settings.CACHED_SESSIONS, sealer),
    },
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
    {
      provide: TermsDesk,
      inject: [SessionBook, Requester, SessionView, LOG, Metrics],
      useFactory: (book: SessionBook, requester: Requester<'session-ledger'>, view: SessionView, log: Log, metrics: Metrics) =>
        new TermsDesk(book, requester, (after) => view.pending(after), log, metrics),
    },
    {
      provide: RELAY,
      inject: [EVENT_STORE, Publisher, LOG],
      useFactory: (store: EventStore, publisher: Publisher<'session-ledger'>, log: Log) =>
        sessionRelay(store, publisher, (error) => log.warn({ error }, 'the relay was interrupted')),
    },
    {
      provide: PROJECTOR,
      inject: [DATABASE, EVENT_STORE, LOG],
      useFactory: (database: Database<LedgerTables>, store: EventStore, log: Log) =>
        new Projector({
          database,
          store,
          projection: sessionProjection,
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
    private readonly sealer: Sealer,
    private readonly health: HealthServer,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.sealer.start();
    let caughtUp = false;
    this.health.require('session projection', () => (caughtUp ? undefined : 'catching up'));
    void this.projector.start().then(() => {
      caughtUp = true;
    });
    await this.relay.start();
    this.terms.start(this.settings.TERMS_RETRY_MS);
  }

  async onModuleDestroy(): Promise<void> {
    this.terms.stop();
    await this.relay.stop();
    await this.projector.stop();
    await this.sealer.stop();
  }
}

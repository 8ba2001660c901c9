// The registry's wiring: intake -> catalogue, identity, station, authorization, terms -> announce, and the views that answer.
import { readFile } from 'node:fs/promises';
import { type EventStore, type Relay, Sealer } from '@evenkeel/event-store';
import { Publisher, Requester } from '@evenkeel/messaging';
import type { CertificateAuthority } from '@evenkeel/pki';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, HealthServer, LOG, type Log, Metrics, SETTINGS, sealerOf, watchProjections } from '@evenkeel/service';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { revocationRelay } from './announce/revocation-announcer';
import { tokenRelay } from './announce/token-announcer';
import { AuthorizationDesk } from './authorization/authorization-desk';
import { RegistryDesk } from './catalogue/registry-desk';
import { authorityOf, ocspClientOf } from './certificate/authority-of';
import { CertificateDesk } from './certificate/certificate-desk';
import { CertificateRounds } from './certificate/certificate-rounds';
import { CertificateStatusDesk } from './certificate/certificate-status';
import { CertificateView } from './certificate/certificate-view';
import { CallFollower } from './command/call-follower';
import { CommandDesk } from './command/command-desk';
import { CommandView } from './command/command-view';
import { maskedPayload } from './command/masked-payload';
import type { RegistrySettings } from './config';
import { DataKeys } from './identity/data-keys';
import { IdentityDesk } from './identity/identity-desk';
import { IdentityVault } from './identity/identity-vault';
import { FactDesk } from './intake/fact-desk';
import { RegistryAnswers } from './intake/registry-answers';
import { RegistryIntake } from './intake/registry-intake';
import { ItemView } from './mirror/item-view';
import { MirrorDesk } from './mirror/mirror-desk';
import { importNetwork } from './network/import-network';
import { parseNetworkFile } from './network/network-file';
import { OperatorDesk } from './operator/operator-desk';
import { PublishedCatalogue } from './published/published-catalogue';
import { QuestionDesk } from './question/question-desk';
import { Reactions } from './reaction/reactions';
import { registrySeals } from './sealed-streams';
import { SecurityDesk } from './security/security-desk';
import { SecurityView } from './security/security-view';
import { BudgetDesk } from './smart-charging/budget-desk';
import { NeedsDesk } from './smart-charging/needs-desk';
import { smartChargingProviders } from './smart-charging/smart-charging-providers';
import { StationDesk } from './station/station-desk';
import { TermsDesk } from './terms/terms-desk';
import { CatalogueView } from './view/catalogue-view';
import { mirrorProjection, refreshCommands } from './view/mirror-projection';
import type { MirrorTables } from './view/mirror-tables';
import { refreshViews, registryProjection } from './view/registry-projection';
import type { RegistryTables } from './view/registry-tables';
import { StationView } from './view/station-view';

const RELAY = Symbol('relay');
const MIRROR_PROJECTOR = Symbol('mirror projector');
/** How often commands are looked for that have waited too long. */
const EXPIRE_EVERY_MS = 5_000;
const AUTHORITY = Symbol('certificate authority');

@Module({
  controllers: [RegistryIntake, RegistryAnswers],
  providers: [
    { provide: StationView, inject: [DATABASE], useFactory: (database: Database<RegistryTables>) => new StationView(database) },
    { provide: CatalogueView, inject: [DATABASE], useFactory: (database: Database<RegistryTables>) => new CatalogueView(database) },
    {
      provide: PublishedCatalogue,
      inject: [DATABASE],
      useFactory: (database: Database<RegistryTables>) => new PublishedCatalogue(database),
    },
    { provide: OperatorDesk, inject: [CatalogueView], useFactory: (catalogue: CatalogueView) => new OperatorDesk(catalogue) },
    {
      provide: DataKeys,
      inject: [DATABASE, SETTINGS],
      useFactory: (database: Database<RegistryTables>, settings: RegistrySettings) => new DataKeys(database, settings.IDENTITY_MASTER_KEY),
    },
    {
      provide: IdentityVault,
      inject: [DataKeys, SETTINGS],
      useFactory: (keys: DataKeys, settings: RegistrySettings) => new IdentityVault(keys, settings.IDENTITY_SECRET),
    },
    {
      provide: IdentityDesk,
      inject: [EVENT_STORE, Projector, IdentityVault, DataKeys, Requester, SETTINGS],
      useFactory: (
        store: EventStore,
        projector: Projector<RegistryTables>,
        vault: IdentityVault,
        keys: DataKeys,
        requester: Requester<'registry'>,
        settings: RegistrySettings,
      ) => new IdentityDesk(store, projector, vault, keys, requester, settings.PARTY),
    },
    {
      provide: Projector,
      inject: [DATABASE, EVENT_STORE, LOG, SETTINGS, IdentityVault, StationView, CatalogueView],
      useFactory: (
        database: Database<RegistryTables>,
        store: EventStore,
        log: Log,
        settings: RegistrySettings,
        vault: IdentityVault,
        stations: StationView,
        catalogue: CatalogueView,
      ) =>
        new Projector({
          database,
          store,
          projection: registryProjection(vault),
          graceSeconds: settings.PROJECTION_GRACE_SECONDS,
          onFailure: (error) => log.warn({ error }, 'the registry projection was interrupted'),
          onShown: (events) => refreshViews(events, stations, catalogue),
          onSwapped: () => {
            stations.refreshAll();
            catalogue.refresh();
          },
        }),
    },
    {
      provide: RegistryDesk,
      inject: [EVENT_STORE, Projector, StationView, SETTINGS],
      useFactory: (store: EventStore, projector: Projector<RegistryTables>, view: StationView, settings: RegistrySettings) =>
        new RegistryDesk(store, projector, view, settings.STATION_KEY_SECRET),
    },
    { provide: MirrorDesk, inject: [EVENT_STORE], useFactory: (store: EventStore) => new MirrorDesk(store) },
    { provide: ItemView, inject: [DATABASE], useFactory: (database: Database<MirrorTables>) => new ItemView(database) },
    { provide: CommandView, inject: [DATABASE], useFactory: (database: Database<MirrorTables>) => new CommandView(database) },
    {
      provide: MIRROR_PROJECTOR,
      inject: [DATABASE, EVENT_STORE, LOG, SETTINGS, CommandView],
      useFactory: (
        database: Database<MirrorTables>,
        store: EventStore,
        log: Log,
        settings: RegistrySettings,
        commands: CommandView,
      ): Projector<MirrorTables> =>
        new Projector({
          database,
          store,
          projection: mirrorProjection,
          graceSeconds: settings.PROJECTION_GRACE_SECONDS,
          onFailure: (error) => log.warn({ error }, 'the projection of what is known of stations was interrupted'),
          onShown: (events) => refreshCommands(events, commands),
          onSwapped: () => commands.refreshAll(),
        }),
    },
    {
      provide: CommandDesk,
      inject: [EVENT_STORE, Requester, MIRROR_PROJECTOR, StationView, CommandView, MirrorDesk, IdentityVault, LOG],
      useFactory: (
        store: EventStore,
        requester: Requester<'registry'>,
        projector: Projector<MirrorTables>,
        stations: StationView,
        view: CommandView,
        mirror: MirrorDesk,
        vault: IdentityVault,
        log: Log,
      ) => {
        const desk: CommandDesk = new CommandDesk({
          store,
          requester,
          projector,
          stations,
          view,
          abilities: mirror,
          mask: (payload) => maskedPayload(payload, vault),
          onAnswered: (...answered) => follow.answered(...answered),
        });
        const follow = new CallFollower(mirror, new Reactions(desk, log));
        return desk;
      },
    },
    ...smartChargingProviders,
    {
      provide: QuestionDesk,
      inject: [MirrorDesk, NeedsDesk],
      useFactory: (mirror: MirrorDesk, needs: NeedsDesk) => new QuestionDesk(mirror, needs),
    },
    {
      provide: FactDesk,
      inject: [RegistryDesk, MirrorDesk, CommandDesk, BudgetDesk, StationView, LOG],
      useFactory: (
        registry: RegistryDesk,
        mirror: MirrorDesk,
        commands: CommandDesk,
        budgets: BudgetDesk,
        stations: StationView,
        log: Log,
      ) => new FactDesk(registry, mirror, commands, new Reactions(commands, log), budgets, stations, log),
    },
    {
      provide: Sealer,
      inject: [EVENT_STORE, SETTINGS, LOG, Metrics],
      useFactory: (store: EventStore, settings: RegistrySettings, log: Log, metrics: Metrics) =>
        sealerOf(registrySeals, store, settings, log, metrics),
    },
    { provide: SecurityView, inject: [DATABASE], useFactory: (database: Database<RegistryTables>) => new SecurityView(database) },
    {
      provide: SecurityDesk,
      inject: [EVENT_STORE, Sealer, Metrics, LOG],
      useFactory: (store: EventStore, sealer: Sealer, metrics: Metrics, log: Log) => new SecurityDesk(store, sealer, metrics, log),
    },
    { provide: AUTHORITY, inject: [SETTINGS], useFactory: (settings: RegistrySettings) => authorityOf(settings) },
    {
      provide: CertificateView,
      inject: [DATABASE, Projector],
      useFactory: (database: Database<RegistryTables>, projector: Projector<RegistryTables>) => new CertificateView(database, projector),
    },
    {
      provide: CertificateDesk,
      inject: [EVENT_STORE, StationView, CertificateView, AUTHORITY, Metrics, LOG, SETTINGS],
      useFactory: (
        store: EventStore,
        stations: StationView,
        view: CertificateView,
        authority: CertificateAuthority | undefined,
        metrics: Metrics,
        log: Log,
        { CERTIFICATE_ORGANIZATION: organization, CERTIFICATE_WARNING_DAYS: warningDays }: RegistrySettings,
      ) => new CertificateDesk(store, stations, view, authority, { ...(organization ? { organization } : {}), warningDays }, metrics, log),
    },
    {
      provide: CertificateStatusDesk,
      inject: [AUTHORITY, SETTINGS],
      useFactory: async (authority: CertificateAuthority | undefined, settings: RegistrySettings) =>
        new CertificateStatusDesk(await ocspClientOf(settings), authority),
    },
    {
      provide: CertificateRounds,
      inject: [CertificateDesk, EVENT_STORE, AUTHORITY, SETTINGS, LOG],
      useFactory: (
        desk: CertificateDesk,
        store: EventStore,
        authority: CertificateAuthority | undefined,
        settings: RegistrySettings,
        log: Log,
      ) => {
        const onFailure = (error: unknown) => log.warn({ error }, 'the certificate authority could not be told of a revocation');
        const relay = authority && revocationRelay(store, authority, onFailure);
        return new CertificateRounds(desk, relay, settings.CERTIFICATE_LOOK_MS, log);
      },
    },
    {
      provide: StationDesk,
      inject: [EVENT_STORE, Projector, StationView, SecurityDesk, CertificateDesk, SETTINGS],
      useFactory: (
        store: EventStore,
        projector: Projector<RegistryTables>,
        view: StationView,
        security: SecurityDesk,
        certificates: CertificateDesk,
        { STATION_KEY_SECRET: secret, CERTIFICATE_ORGANIZATION: organization, REVOCATION_REQUIRED: revocationRequired }: RegistrySettings,
      ) => {
        const policy = { secret, revocationRequired, ...(organization ? { organization } : {}) };
        return new StationDesk(store, projector, view, security, certificates, policy);
      },
    },
    {
      provide: AuthorizationDesk,
      inject: [EVENT_STORE, CatalogueView, StationView, Requester, IdentityVault, SETTINGS],
      useFactory: (
        store: EventStore,
        catalogue: CatalogueView,
        view: StationView,
        requester: Requester<'registry'>,
        vault: IdentityVault,
        settings: RegistrySettings,
      ) => new AuthorizationDesk(store, catalogue, view, requester, vault, settings.PARTY),
    },
    {
      provide: TermsDesk,
      inject: [StationView, CatalogueView, AuthorizationDesk],
      useFactory: (view: StationView, catalogue: CatalogueView, desk: AuthorizationDesk) => new TermsDesk(view, catalogue, desk),
    },
    {
      provide: RELAY,
      inject: [EVENT_STORE, Publisher, IdentityDesk, SETTINGS, LOG],
      useFactory: (store: EventStore, publisher: Publisher<'registry'>, desk: IdentityDesk, settings: RegistrySettings, log: Log) =>
        tokenRelay(store, publisher, desk, settings.PARTY, (error) => log.warn({ error }, 'the relay was interrupted')),
    },
  ],
})
export class RegistryModule implements OnModuleInit, OnModuleDestroy {
  private expiring: NodeJS.Timeout | undefined;

  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    private readonly sealer: Sealer,
    private readonly certificates: CertificateRounds,
    private readonly projector: Projector<RegistryTables>,
    @Inject(MIRROR_PROJECTOR) private readonly mirrorProjector: Projector<MirrorTables>,
    private readonly commands: CommandDesk,
    private readonly vault: IdentityVault,
    @Inject(EVENT_STORE) private readonly store: EventStore,
    @Inject(SETTINGS) private readonly settings: RegistrySettings,
    @Inject(LOG) private readonly log: Log,
    private readonly health: HealthServer,
    private readonly metrics: Metrics,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.vault.prove();
    await this.sealer.start();
    await this.importNetworkFile();
    // A registry that is behind would turn away stations and tokens that it knows: it answers nobody before it has caught up.
    watchProjections([this.projector, this.mirrorProjector], this.health, this.metrics);
    void this.projector.start();
    void this.mirrorProjector.start();
    this.expiring = setInterval(() => void this.expireCommands(), EXPIRE_EVERY_MS);
    await this.relay.start();
    await this.certificates.start();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.expiring);
    await this.certificates.stop();
    await this.relay.stop();
    await this.projector.stop();
    await this.mirrorProjector.stop();
  }

  private async expireCommands(): Promise<void> {
    try {
      await this.commands.expire(new Date());
    } catch (error) {
      this.log.warn({ error }, 'commands that have waited too long could not be settled; they will be');
    }
    await this.sealer.stop();
  }

  private async importNetworkFile(): Promise<void> {
    const { NETWORK_FILE, STATION_KEY_SECRET } = this.settings;
    if (NETWORK_FILE === undefined) return;
    const file = parseNetworkFile(await readFile(NETWORK_FILE, 'utf8'));
    const begun = await importNetwork(this.store, this.vault, file, STATION_KEY_SECRET, new Date().toISOString());
    this.log.info({ begun }, 'network file imported');
  }
}

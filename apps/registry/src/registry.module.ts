// The registry's wiring: intake -> catalogue, identity, station, authorization, terms -> announce, and the views that answer.
import { readFile } from 'node:fs/promises';
import { type EventStore, type Relay, Sealer } from '@evenkeel/event-store';
import { Publisher, Requester } from '@evenkeel/messaging';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, HealthServer, LOG, type Log, Metrics, SETTINGS, watchProjections } from '@evenkeel/service';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { AccountDesk } from './account/account-desk';
import { placeRelay } from './announce/place-announcer';
import { profileRelay } from './announce/profile-announcer';
import { tokenRelay } from './announce/token-announcer';
import { AuthorizationDesk } from './authorization/authorization-desk';
import { ContractCheck } from './authorization/contract-check';
import { RegistryDesk } from './catalogue/registry-desk';
import { TariffCare } from './catalogue/tariff-care';
import { CertificateRounds } from './certificate/certificate-rounds';
import { CommandDesk } from './command/command-desk';
import type { RegistrySettings } from './config';
import type { FleetTables } from './fleet/fleet-tables';
import { Rounds } from './fleet/rounds';
import { DataKeys } from './identity/data-keys';
import { IdentityDesk } from './identity/identity-desk';
import { IdentityVault } from './identity/identity-vault';
import { FleetAnswers } from './intake/fleet-answers';
import { RegistryAnswers } from './intake/registry-answers';
import { RegistryIntake } from './intake/registry-intake';
import { Roster } from './local-list/roster';
import { ItemView } from './mirror/item-view';
import { MirrorDesk } from './mirror/mirror-desk';
import { importNetwork } from './network/import-network';
import { parseNetworkFile } from './network/network-file';
import { OperatorDesk } from './operator/operator-desk';
import { EvseCapabilities } from './published/evse-capabilities';
import { PublishedCatalogue } from './published/published-catalogue';
import { BudgetDesk } from './smart-charging/budget-desk';
import { smartChargingProviders } from './smart-charging/smart-charging-providers';
import { TermsDesk } from './terms/terms-desk';
import { CatalogueView } from './view/catalogue-view';
import type { MirrorTables } from './view/mirror-tables';
import { refreshViews, registryProjection } from './view/registry-projection';
import type { RegistryTables } from './view/registry-tables';
import { StationView } from './view/station-view';
import { FLEET_PROJECTOR, fleetProviders } from './wiring/fleet-providers';
import { followProviders, INVENTORY_ROUNDS, MIRROR_PROJECTOR } from './wiring/follow-providers';
import { securityProviders } from './wiring/security-providers';

const RELAY = Symbol('relay');
const PLACE_RELAY = Symbol('place relay');
const PROFILE_RELAY = Symbol('profile relay');
/** How often it is looked for commands that have waited too long, and for reservations whose time is over. */
const END_EVERY_MS = 5_000;

@Module({
  controllers: [RegistryIntake, RegistryAnswers, FleetAnswers],
  providers: [
    { provide: StationView, inject: [DATABASE], useFactory: (database: Database<RegistryTables>) => new StationView(database) },
    { provide: CatalogueView, inject: [DATABASE], useFactory: (database: Database<RegistryTables>) => new CatalogueView(database) },
    {
      provide: PublishedCatalogue,
      inject: [DATABASE, ItemView, BudgetDesk],
      useFactory: (database: Database<RegistryTables>, items: ItemView, budgets: BudgetDesk) =>
        new PublishedCatalogue(database, new EvseCapabilities(items, budgets)),
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
      inject: [DATABASE, EVENT_STORE, LOG, SETTINGS, IdentityVault, StationView, CatalogueView, Roster],
      useFactory: (
        database: Database<RegistryTables>,
        store: EventStore,
        log: Log,
        settings: RegistrySettings,
        vault: IdentityVault,
        stations: StationView,
        catalogue: CatalogueView,
        roster: Roster,
      ) =>
        new Projector({
          database,
          store,
          projection: registryProjection(vault),
          graceSeconds: settings.PROJECTION_GRACE_SECONDS,
          onFailure: (error) => log.warn({ error }, 'the registry projection was interrupted'),
          onShown: (events) => refreshViews(events, stations, catalogue, roster),
          onSwapped: () => {
            stations.refreshAll();
            catalogue.refresh();
            roster.changed();
          },
        }),
    },
    {
      provide: RegistryDesk,
      inject: [EVENT_STORE, Projector, StationView, SETTINGS],
      useFactory: (store: EventStore, projector: Projector<RegistryTables>, view: StationView, settings: RegistrySettings) =>
        new RegistryDesk(store, projector, view, settings.STATION_KEY_SECRET),
    },
    { provide: TariffCare, inject: [CatalogueView], useFactory: (catalogue: CatalogueView) => new TariffCare(catalogue) },
    ...securityProviders,
    ...followProviders,
    ...smartChargingProviders,
    {
      provide: AccountDesk,
      inject: [EVENT_STORE, CatalogueView, SETTINGS, LOG],
      useFactory: (store: EventStore, catalogue: CatalogueView, settings: RegistrySettings, log: Log) =>
        new AccountDesk(store, catalogue, settings.PARTY, log),
    },
    ...fleetProviders,
    {
      provide: AuthorizationDesk,
      inject: [EVENT_STORE, CatalogueView, StationView, Requester, IdentityVault, SETTINGS, AccountDesk, IdentityDesk, ContractCheck],
      useFactory: (
        store: EventStore,
        catalogue: CatalogueView,
        stations: StationView,
        requester: Requester<'registry'>,
        vault: IdentityVault,
        settings: RegistrySettings,
        accounts: AccountDesk,
        identities: IdentityDesk,
        contracts: ContractCheck,
      ) => {
        const { PARTY: ownParty, MASTER_PASS_GROUP: masterPassGroup, CONCURRENT_TX: concurrentTx } = settings;
        const policy = { ownParty, concurrentTx, ...(masterPassGroup === undefined ? {} : { masterPassGroup }) };
        return new AuthorizationDesk({ store, catalogue, stations, requester, vault, accounts, identities, contracts, policy });
      },
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
    {
      provide: PLACE_RELAY,
      inject: [EVENT_STORE, Publisher, Projector, StationView, LOG],
      useFactory: (
        store: EventStore,
        publisher: Publisher<'registry'>,
        projector: Projector<RegistryTables>,
        stations: StationView,
        log: Log,
      ) => {
        const onFailure = (error: unknown) => log.warn({ error }, 'the relay of places was interrupted');
        return placeRelay({ store, publisher, projector, stations, now: () => Date.now(), onFailure });
      },
    },
    {
      provide: PROFILE_RELAY,
      inject: [EVENT_STORE, Publisher, StationView, LOG],
      useFactory: (store: EventStore, publisher: Publisher<'registry'>, stations: StationView, log: Log) => {
        const onFailure = (error: unknown) => log.warn({ error }, 'the relay of charging profiles was interrupted');
        return profileRelay({ store, publisher, stations, now: () => Date.now(), onFailure });
      },
    },
  ],
})
export class RegistryModule implements OnModuleInit, OnModuleDestroy {
  private ending: NodeJS.Timeout | undefined;

  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(PLACE_RELAY) private readonly placeRelay: Relay,
    @Inject(PROFILE_RELAY) private readonly profileRelay: Relay,
    private readonly sealer: Sealer,
    private readonly certificates: CertificateRounds,
    private readonly projector: Projector<RegistryTables>,
    @Inject(MIRROR_PROJECTOR) private readonly mirrorProjector: Projector<MirrorTables>,
    @Inject(FLEET_PROJECTOR) private readonly fleetProjector: Projector<FleetTables>,
    private readonly rounds: Rounds,
    @Inject(INVENTORY_ROUNDS) private readonly inventories: Rounds,
    private readonly commands: CommandDesk,
    private readonly mirror: MirrorDesk,
    private readonly items: ItemView,
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
    watchProjections([this.projector, this.mirrorProjector, this.fleetProjector], this.health, this.metrics);
    void this.projector.start();
    void this.mirrorProjector.start();
    void this.fleetProjector.start();
    this.ending = setInterval(() => void this.endWhatIsOver(), END_EVERY_MS);
    await this.relay.start();
    await this.placeRelay.start();
    await this.profileRelay.start();
    await this.certificates.start();
    this.rounds.start();
    this.inventories.start();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.ending);
    await this.rounds.stop();
    await this.inventories.stop();
    await this.certificates.stop();
    await this.placeRelay.stop();
    await this.profileRelay.stop();
    await this.relay.stop();
    await this.projector.stop();
    await this.mirrorProjector.stop();
    await this.fleetProjector.stop();
    await this.sealer.stop();
  }

  private async endWhatIsOver(): Promise<void> {
    try {
      const now = new Date();
      await this.commands.expire(now);
      await this.mirror.endReservations(await this.items.stationsWithEndedReservations(now.toISOString()), now);
    } catch (error) {
      this.log.warn({ error }, 'what is over could not be ended; it will be');
    }
  }

  private async importNetworkFile(): Promise<void> {
    const { NETWORK_FILE, STATION_KEY_SECRET } = this.settings;
    if (NETWORK_FILE === undefined) return;
    const file = parseNetworkFile(await readFile(NETWORK_FILE, 'utf8'));
    const begun = await importNetwork(this.store, this.vault, file, STATION_KEY_SECRET, new Date().toISOString());
    this.log.info({ begun }, 'network file imported');
  }
}

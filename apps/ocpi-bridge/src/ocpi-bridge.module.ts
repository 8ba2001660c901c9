// The bridge's wiring. Towards partners: intake -> delivery -> push. From partners: http or pull -> received -> announce.

import { IdentityHash } from '@evenkeel/contracts';
import type { EventStore, Relay } from '@evenkeel/event-store';
import { Publisher, Requester } from '@evenkeel/messaging';
import { type VersionNumber, versionNumbers } from '@evenkeel/ocpi';
import { type Database, type Migrations, type Projection, type ProjectionVersion, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, HealthServer, LOG, type Log, Metrics, SETTINGS, watchProjections } from '@evenkeel/service';
import { Inject, Module, type OnModuleDestroy, type OnModuleInit, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { deliveryRelay } from './announce/delivery-announcer';
import { partnerRelay } from './announce/partner-announcer';
import { Bearers } from './bearer/bearers';
import { Authorizer } from './client/authorizer';
import { PartnerClient } from './client/partner-client';
import { UrlGuard } from './client/url-guard';
import { CommandAnswers } from './commands/command-answers';
import { commandProviders } from './commands/command-providers';
import { type CommandTables, commandProjection } from './commands/command-view';
import { CommandWorker } from './commands/command-worker';
import { CommandsReceiver } from './commands/commands-receiver';
import { ResultsReceiver } from './commands/results-receiver';
import type { BridgeSettings } from './config';
import { CpoSender } from './cpo/cpo-sender';
import { TokensReceiver } from './cpo/tokens-receiver';
import { DeliveryCare } from './delivery/delivery-care';
import { DeliveryDesk } from './delivery/delivery-desk';
import { type DeliveryTables, DeliveryView, deliveryProjection } from './delivery/delivery-view';
import { Published } from './delivery/published';
import { PushWorker } from './delivery/push-worker';
import { SignedMeterData } from './delivery/signed-meter-data';
import { Withdrawal } from './delivery/withdrawal';
import { CdrsReceiver } from './emsp/cdrs-receiver';
import { PlacesReceiver } from './emsp/places-receiver';
import { SessionsReceiver } from './emsp/sessions-receiver';
import { TokensSender } from './emsp/tokens-sender';
import { CredentialsController } from './http/credentials-controller';
import { Doorman } from './http/doorman';
import { PartnerGuard } from './http/partner-guard';
import { VersionsController } from './http/versions-controller';
import { ClientInfoReceiver } from './hub/client-info-receiver';
import { type HubTables, hubMigrations } from './hub/hub-clients';
import { hubProviders } from './hub/hub-providers';
import { FlowAnswers } from './intake/flow-answers';
import { FlowIntake } from './intake/flow-intake';
import { Lease, type LeaseTables, leaseMigrations } from './lease';
import { Discovery } from './partner/discovery';
import { Handshake } from './partner/handshake';
import { OurCredentials } from './partner/our-credentials';
import { PartnerBook } from './partner/partner-book';
import { PartnerDirectory } from './partner/partner-directory';
import { PartnerGauges } from './partner/partner-gauges';
import { type PartnerTables, PartnerView, partnerProjection } from './partner/partner-view';
import { TokenVault } from './partner/token-vault';
import { PaymentAnswers } from './payments/payment-answers';
import { type PaymentTables, paymentMigrations } from './payments/payment-objects';
import { paymentProviders } from './payments/payment-providers';
import { PaymentsReceiver } from './payments/payments-receiver';
import { Platform } from './platform';
import { PreferencesReceiver } from './profiles/preferences-receiver';
import { profileProviders } from './profiles/profile-providers';
import { ProfileResultsReceiver } from './profiles/profile-results-receiver';
import { ProfilesReceiver } from './profiles/profiles-receiver';
import { type PullTables, pullMigrations } from './pull/pull-book';
import { pullProvider } from './pull/pull-provider';
import { Puller } from './pull/puller';
import { PartnerPlaces, type PlaceTables, placeMigrations, positionMigrations } from './received/partner-places';
import { receivedProviders } from './received/received-providers';
import { ReceivedTokens } from './received/received-tokens';
import { SelfTest } from './self-test/self-test';
import { TrafficBook } from './traffic/traffic-book';
import { type TrafficTables, trafficMigrations } from './traffic/traffic-tables';
import { TrafficView } from './traffic/traffic-view';

export const bridgeMigrations: Migrations = {
  ...leaseMigrations,
  ...placeMigrations,
  ...pullMigrations,
  ...trafficMigrations,
  ...hubMigrations,
  ...positionMigrations,
  ...paymentMigrations,
};

export const bridgeProjections: readonly ProjectionVersion[] = [partnerProjection, deliveryProjection, commandProjection];

type BridgeTables = PartnerTables & DeliveryTables & LeaseTables & PlaceTables & PullTables & TrafficTables & HubTables & PaymentTables;
type BridgeDatabase = Database<BridgeTables>;

const RELAY = Symbol('relay');
const DELIVERY_RELAY = Symbol('delivery relay');
const PARTNER_PROJECTOR = Symbol('partner projector');
const DELIVERY_PROJECTOR = Symbol('delivery projector');
const COMMAND_PROJECTOR = Symbol('command projector');

function offeredVersions({ OCPI_VERSIONS }: BridgeSettings): VersionNumber[] {
  const offered = OCPI_VERSIONS.split(',');
  return versionNumbers.filter((version) => offered.includes(version));
}

/** A projector over the bridge's database, under a name of its own. @param views of what it projects, which remember what they have read. */
function projector<Tables>(provide: symbol, projection: Projection<Tables>, views: Type<{ refresh(): void }>[] = []) {
  return {
    provide,
    inject: [DATABASE, EVENT_STORE, LOG, SETTINGS, ...views],
    useFactory: (
      database: Database<Tables>,
      store: EventStore,
      log: Log,
      settings: BridgeSettings,
      ...remembering: { refresh(): void }[]
    ) => {
      const refresh = () => {
        for (const view of remembering) view.refresh();
      };
      return new Projector({
        database,
        store,
        projection,
        onShown: refresh,
        onSwapped: refresh,
        graceSeconds: settings.PROJECTION_GRACE_SECONDS,
        onFailure: (error) => log.warn({ error, projection: projection.name }, 'a projection was interrupted'),
      });
    },
  };
}

@Module({
  controllers: [
    ...[FlowIntake, FlowAnswers, CommandAnswers, PaymentAnswers, VersionsController, CredentialsController, ClientInfoReceiver],
    ...[CpoSender, TokensReceiver, CommandsReceiver, PaymentsReceiver],
    ...[TokensSender, SessionsReceiver, CdrsReceiver, PlacesReceiver, ResultsReceiver],
    ...[ProfilesReceiver, PreferencesReceiver, ProfileResultsReceiver],
  ],
  providers: [
    {
      provide: Platform,
      inject: [SETTINGS],
      useFactory: (settings: BridgeSettings) =>
        new Platform(settings.PARTY, settings.ROLE, settings.BUSINESS_NAME, settings.OCPI_PUBLIC_URL, offeredVersions(settings)),
    },
    projector(PARTNER_PROJECTOR, partnerProjection, [PartnerView]),
    projector(DELIVERY_PROJECTOR, deliveryProjection),
    projector(COMMAND_PROJECTOR, commandProjection),
    {
      provide: Bearers,
      inject: [Requester, SETTINGS],
      useFactory: (requester: Requester<'ocpi-bridge'>, settings: BridgeSettings) =>
        new Bearers(requester, new IdentityHash(settings.IDENTITY_SECRET), settings.PARTY),
    },

    // What was said with partners.
    {
      provide: TrafficBook,
      inject: [DATABASE, SETTINGS, LOG, Metrics],
      useFactory: (database: BridgeDatabase, settings: BridgeSettings, log: Log, metrics: Metrics) =>
        new TrafficBook(database, settings.MESSAGES_KEPT, log, metrics),
    },
    { provide: TrafficView, inject: [DATABASE], useFactory: (database: BridgeDatabase) => new TrafficView(database) },

    // Partners and the handshake.
    {
      provide: TokenVault,
      inject: [SETTINGS],
      useFactory: (settings: BridgeSettings) => new TokenVault(settings.TOKEN_ENCRYPTION_KEY),
    },
    { provide: UrlGuard, inject: [SETTINGS], useFactory: (settings: BridgeSettings) => new UrlGuard(settings.ALLOW_PRIVATE_URLS) },
    {
      provide: PartnerClient,
      inject: [SETTINGS, UrlGuard, Platform, Metrics, TrafficBook],
      useFactory: (settings: BridgeSettings, guard: UrlGuard, platform: Platform, metrics: Metrics, traffic: TrafficBook) =>
        new PartnerClient(guard, platform.party, metrics, traffic, settings.OUTBOUND_PER_SECOND),
    },
    { provide: PartnerView, inject: [DATABASE], useFactory: (database: BridgeDatabase) => new PartnerView(database) },
    {
      provide: PartnerBook,
      inject: [EVENT_STORE, PARTNER_PROJECTOR],
      useFactory: (store: EventStore, partners: Projector<PartnerTables>) => new PartnerBook(store, partners),
    },
    {
      provide: Discovery,
      inject: [Platform, PartnerView, TokenVault, PartnerClient, UrlGuard],
      useFactory: (...parts: ConstructorParameters<typeof Discovery>) => new Discovery(...parts),
    },
    {
      provide: OurCredentials,
      inject: [Platform, PartnerBook, PartnerView, TokenVault, PartnerClient, Discovery],
      useFactory: (...parts: ConstructorParameters<typeof OurCredentials>) => new OurCredentials(...parts),
    },
    {
      provide: Handshake,
      inject: [Platform, PartnerBook, TokenVault, Discovery],
      useFactory: (...parts: ConstructorParameters<typeof Handshake>) => new Handshake(...parts),
    },
    {
      provide: Doorman,
      inject: [SETTINGS, LOG, Metrics],
      useFactory: ({ INBOUND_PER_SECOND, TRUSTED_PROXIES }: BridgeSettings, log: Log, metrics: Metrics) =>
        new Doorman(INBOUND_PER_SECOND, TRUSTED_PROXIES.split(',').filter(Boolean), log, metrics),
    },
    {
      provide: PartnerGuard,
      inject: [Platform, PartnerView, TokenVault, Handshake, Doorman, Reflector],
      useFactory: (...parts: ConstructorParameters<typeof PartnerGuard>) => new PartnerGuard(...parts),
    },
    {
      provide: Authorizer,
      inject: [PartnerView, PartnerClient, TokenVault],
      useFactory: (...parts: ConstructorParameters<typeof Authorizer>) => new Authorizer(...parts),
    },

    ...commandProviders(COMMAND_PROJECTOR),
    ...profileProviders,
    ...paymentProviders,
    {
      provide: SelfTest,
      inject: [Platform, OurCredentials, TokenVault, PartnerClient],
      useFactory: (...parts: ConstructorParameters<typeof SelfTest>) => new SelfTest(...parts),
    },

    // Towards partners.
    { provide: Lease, inject: [DATABASE], useFactory: (database: BridgeDatabase) => new Lease(database, 'partner-traffic') },
    {
      provide: Published,
      inject: [Requester, SETTINGS],
      useFactory: (requester: Requester<'ocpi-bridge'>, settings: BridgeSettings) => new Published(requester, settings.BUSINESS_NAME),
    },
    { provide: SignedMeterData, inject: [Requester], useFactory: (requester: Requester<'ocpi-bridge'>) => new SignedMeterData(requester) },
    { provide: DeliveryView, inject: [DATABASE], useFactory: (database: BridgeDatabase) => new DeliveryView(database) },
    {
      provide: DeliveryDesk,
      inject: [EVENT_STORE, DELIVERY_PROJECTOR, PartnerView, Platform],
      useFactory: (...parts: ConstructorParameters<typeof DeliveryDesk>) => new DeliveryDesk(...parts),
    },
    {
      provide: DeliveryCare,
      inject: [EVENT_STORE, DELIVERY_PROJECTOR, DATABASE],
      useFactory: (...parts: ConstructorParameters<typeof DeliveryCare>) => new DeliveryCare(...parts),
    },
    {
      provide: PartnerDirectory,
      inject: [PartnerView, DeliveryView, DeliveryCare, TrafficView],
      useFactory: (...parts: ConstructorParameters<typeof PartnerDirectory>) => new PartnerDirectory(...parts),
    },
    {
      provide: PartnerGauges,
      inject: [PartnerView, DeliveryCare, TrafficView, Lease, LOG, Metrics],
      useFactory: (...parts: ConstructorParameters<typeof PartnerGauges>) => new PartnerGauges(...parts),
    },
    {
      provide: PushWorker,
      inject: [
        SETTINGS,
        DeliveryDesk,
        DeliveryView,
        PartnerView,
        Bearers,
        Published,
        SignedMeterData,
        PartnerClient,
        TokenVault,
        Lease,
        TrafficBook,
        LOG,
        Metrics,
      ],
      useFactory: (
        settings: BridgeSettings,
        desk: DeliveryDesk,
        view: DeliveryView,
        partners: PartnerView,
        bearers: Bearers,
        published: Published,
        signed: SignedMeterData,
        client: PartnerClient,
        vault: TokenVault,
        lease: Lease,
        traffic: TrafficBook,
        log: Log,
        metrics: Metrics,
      ) =>
        new PushWorker(
          {
            ...{ role: settings.ROLE, operatorName: settings.BUSINESS_NAME },
            ...{ desk, view, partners, bearers, published, signed, client, vault, lease, traffic, log, metrics },
          },
          {
            firstRetryMs: settings.PUSH_RETRY_FIRST_MS,
            longestRetryMs: settings.PUSH_RETRY_LONGEST_MS,
            giveUpMs: settings.PUSH_GIVE_UP_HOURS * 3_600_000,
            probeMs: settings.PUSH_PROBE_MS,
            handshakeSettlesMs: settings.HANDSHAKE_SETTLES_MS,
          },
        ),
    },

    {
      provide: Withdrawal,
      inject: [PartnerView, PartnerClient, TokenVault, Platform],
      useFactory: (partners: PartnerView, client: PartnerClient, vault: TokenVault, platform: Platform) =>
        new Withdrawal(partners, client, vault, platform.role),
    },

    // From partners.
    ...receivedProviders,
    { provide: PartnerPlaces, inject: [DATABASE], useFactory: (database: BridgeDatabase) => new PartnerPlaces(database) },
    {
      provide: ReceivedTokens,
      inject: [Requester],
      useFactory: (requester: Requester<'ocpi-bridge'>) => new ReceivedTokens(requester),
    },
    ...hubProviders,
    pullProvider,
    {
      provide: RELAY,
      inject: [EVENT_STORE, Publisher, Platform, PartnerPlaces, Bearers, LOG],
      useFactory: (
        store: EventStore,
        publisher: Publisher<'ocpi-bridge'>,
        platform: Platform,
        places: PartnerPlaces,
        bearers: Bearers,
        log: Log,
      ) => partnerRelay(store, publisher, platform.party, places, bearers, (error) => log.warn({ error }, 'the relay was interrupted')),
    },
    {
      provide: DELIVERY_RELAY,
      inject: [EVENT_STORE, Publisher, LOG],
      useFactory: (store: EventStore, publisher: Publisher<'ocpi-bridge'>, log: Log) =>
        deliveryRelay(store, publisher, (error) => log.warn({ error }, 'the relay of deliveries was interrupted')),
    },
  ],
})
export class OcpiBridgeModule implements OnModuleInit, OnModuleDestroy {
  constructor(
    @Inject(RELAY) private readonly relay: Relay,
    @Inject(DELIVERY_RELAY) private readonly deliveryRelay: Relay,
    @Inject(PARTNER_PROJECTOR) private readonly partners: Projector<PartnerTables>,
    @Inject(DELIVERY_PROJECTOR) private readonly deliveries: Projector<DeliveryTables>,
    @Inject(COMMAND_PROJECTOR) private readonly commands: Projector<CommandTables>,
    private readonly commandWorker: CommandWorker,
    private readonly pushes: PushWorker,
    private readonly puller: Puller,
    private readonly traffic: TrafficBook,
    private readonly gauges: PartnerGauges,
    private readonly client: PartnerClient,
    private readonly health: HealthServer,
    private readonly metrics: Metrics,
  ) {}

  async onModuleInit(): Promise<void> {
    const projectors = [this.partners, this.deliveries, this.commands];
    watchProjections(projectors, this.health, this.metrics);
    // Nothing is sent on an outdated view of what was sent.
    void Promise.all(projectors.map((one) => one.start())).then(() => {
      this.pushes.start();
      this.puller.start();
      this.commandWorker.start();
      this.gauges.start();
    });
    this.traffic.start();
    await this.relay.start();
    await this.deliveryRelay.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.commandWorker.stop();
    await this.gauges.stop();
    await this.puller.stop();
    await this.pushes.stop();
    await this.relay.stop();
    await this.deliveryRelay.stop();
    await Promise.all([this.partners, this.deliveries, this.commands].map((one) => one.stop()));
    this.client.close();
    await this.traffic.stop();
  }
}

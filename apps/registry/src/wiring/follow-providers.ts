// The wiring of what is followed of stations: what they tell, what they ask, and what they are told.
import type { EventStore } from '@evenkeel/event-store';
import { Requester } from '@evenkeel/messaging';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, LOG, type Log, SETTINGS } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { RegistryDesk } from '../catalogue/registry-desk';
import { CertificateDesk } from '../certificate/certificate-desk';
import { CertificateStatusDesk } from '../certificate/certificate-status';
import { CallFollower } from '../command/call-follower';
import { CertificateCourier } from '../command/certificate-courier';
import { CommandDesk } from '../command/command-desk';
import { CommandView } from '../command/command-view';
import { maskedPayload } from '../command/masked-payload';
import type { RegistrySettings } from '../config';
import { ConfigurationDesk } from '../configuration/configuration-desk';
import { CustomerInformationDesk } from '../customer/customer-information';
import { FleetView } from '../fleet/fleet-view';
import { Rounds } from '../fleet/rounds';
import { IdentityVault } from '../identity/identity-vault';
import { FactDesk } from '../intake/fact-desk';
import { InventoryDesk } from '../inventory/inventory-desk';
import { ItemView } from '../mirror/item-view';
import { MirrorDesk } from '../mirror/mirror-desk';
import { RemoteContractCertificates } from '../question/contract-certificates';
import { QuestionDesk } from '../question/question-desk';
import { Reactions } from '../reaction/reactions';
import { SecurityDesk } from '../security/security-desk';
import { BudgetDesk } from '../smart-charging/budget-desk';
import { NeedsDesk } from '../smart-charging/needs-desk';
import { StationDesk } from '../station/station-desk';
import { Turns } from '../station/turns';
import { PriceTeller } from '../transaction/price-teller';
import { TariffTeller } from '../transaction/tariff-teller';
import { TransactionDesk } from '../transaction/transaction-desk';
import { CatalogueView } from '../view/catalogue-view';
import { mirrorProjection, refreshCommands } from '../view/mirror-projection';
import type { MirrorTables } from '../view/mirror-tables';
import { StationView } from '../view/station-view';

export const INVENTORY_ROUNDS = Symbol('inventory rounds');
export const MIRROR_PROJECTOR = Symbol('mirror projector');

export const followProviders: Provider[] = [
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
    inject: [
      EVENT_STORE,
      Requester,
      MIRROR_PROJECTOR,
      StationView,
      CommandView,
      MirrorDesk,
      IdentityVault,
      CertificateDesk,
      StationDesk,
      FleetView,
      LOG,
    ],
    useFactory: (
      store: EventStore,
      requester: Requester<'registry'>,
      projector: Projector<MirrorTables>,
      stations: StationView,
      view: CommandView,
      mirror: MirrorDesk,
      vault: IdentityVault,
      certificates: CertificateDesk,
      access: StationDesk,
      fleet: FleetView,
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
        credentials: access,
        onAnswered: (...answered) => follow.answered(...answered),
      });
      const follow = new CallFollower(mirror, certificates, new Reactions(desk, fleet, mirror, log));
      certificates.deliverThrough(new CertificateCourier(desk, stations));
      return desk;
    },
  },
  {
    provide: TransactionDesk,
    inject: [CommandDesk, StationView, MirrorDesk],
    useFactory: (commands: CommandDesk, stations: StationView, mirror: MirrorDesk) => new TransactionDesk(commands, stations, mirror),
  },
  {
    provide: TariffTeller,
    inject: [StationView, CatalogueView, MirrorDesk, LOG],
    useFactory: (stations: StationView, catalogue: CatalogueView, mirror: MirrorDesk, log: Log) =>
      new TariffTeller(stations, catalogue, mirror, log),
  },
  {
    provide: PriceTeller,
    inject: [StationView, CatalogueView, MirrorDesk, Requester, LOG],
    useFactory: (stations: StationView, catalogue: CatalogueView, mirror: MirrorDesk, requester: Requester<'registry'>, log: Log) =>
      new PriceTeller(stations, catalogue, mirror, requester, log),
  },
  {
    provide: QuestionDesk,
    inject: [MirrorDesk, NeedsDesk, CertificateDesk, CertificateStatusDesk, CustomerInformationDesk, SETTINGS, LOG],
    useFactory: (
      mirror: MirrorDesk,
      needs: NeedsDesk,
      certificates: CertificateDesk,
      statuses: CertificateStatusDesk,
      customers: CustomerInformationDesk,
      { CONTRACT_SERVICE_URL: url, CONTRACT_SERVICE_TOKEN: token = '' }: RegistrySettings,
      log: Log,
    ) => {
      const onFailure = (reason: string) => log.warn({ reason }, 'the service for contract certificates gave no answer');
      const contracts = new RemoteContractCertificates(url === undefined ? undefined : { url, token }, onFailure);
      return new QuestionDesk(mirror, needs, certificates, statuses, customers, contracts);
    },
  },
  {
    provide: FactDesk,
    inject: [RegistryDesk, MirrorDesk, CommandDesk, BudgetDesk, ConfigurationDesk, SecurityDesk, Turns, LOG],
    useFactory: (
      registry: RegistryDesk,
      mirror: MirrorDesk,
      commands: CommandDesk,
      budgets: BudgetDesk,
      configuration: ConfigurationDesk,
      security: SecurityDesk,
      turns: Turns,
      log: Log,
    ) => new FactDesk(registry, mirror, commands, budgets, configuration, security, turns, log),
  },
  {
    provide: INVENTORY_ROUNDS,
    inject: [CommandDesk, StationView, MirrorDesk, ItemView, SETTINGS, LOG],
    useFactory: (
      commands: CommandDesk,
      stations: StationView,
      mirror: MirrorDesk,
      due: ItemView,
      { INVENTORY_LOOK_MS: everyMs }: RegistrySettings,
      log: Log,
    ) => new Rounds([new InventoryDesk({ commands, stations, mirror, due, log })], everyMs, log),
  },
];

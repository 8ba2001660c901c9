// The wiring of what is wanted of many stations: plans, local lists, configuration templates, firmware
// campaigns.
import type { EventStore } from '@evenkeel/event-store';
import { type Database, Projector } from '@evenkeel/read-model';
import { DATABASE, EVENT_STORE, LOG, type Log, SETTINGS } from '@evenkeel/service';
import type { Provider } from '@nestjs/common';
import { CampaignDesk } from '../campaign/campaign-desk';
import { CampaignView } from '../campaign/campaign-view';
import { CommandDesk } from '../command/command-desk';
import { CommandView } from '../command/command-view';
import type { RegistrySettings } from '../config';
import { ConfigurationDesk } from '../configuration/configuration-desk';
import { DriftView } from '../configuration/drift-view';
import { CustomerInformationDesk } from '../customer/customer-information';
import { FleetDesk } from '../fleet/fleet-desk';
import { fleetProjection } from '../fleet/fleet-projection';
import type { FleetTables } from '../fleet/fleet-tables';
import { FleetView } from '../fleet/fleet-view';
import { Rounds } from '../fleet/rounds';
import { DataKeys } from '../identity/data-keys';
import { IdentityVault } from '../identity/identity-vault';
import { LocalListDesk } from '../local-list/local-list-desk';
import { Roster } from '../local-list/roster';
import { MirrorDesk } from '../mirror/mirror-desk';
import { CatalogueView } from '../view/catalogue-view';
import type { MirrorTables } from '../view/mirror-tables';
import type { RegistryTables } from '../view/registry-tables';
import { StationView } from '../view/station-view';

export const FLEET_PROJECTOR = Symbol('fleet projector');

export const fleetProviders: Provider[] = [
  { provide: CampaignView, inject: [DATABASE], useFactory: (database: Database<FleetTables>) => new CampaignView(database) },
  { provide: FleetView, inject: [DATABASE], useFactory: (database: Database<FleetTables>) => new FleetView(database) },
  {
    provide: Roster,
    inject: [DATABASE, SETTINGS],
    useFactory: (database: Database<RegistryTables>, { PARTY }: RegistrySettings) => new Roster(database, PARTY),
  },
  {
    provide: FLEET_PROJECTOR,
    inject: [DATABASE, EVENT_STORE, LOG, SETTINGS, FleetView],
    useFactory: (
      database: Database<FleetTables>,
      store: EventStore,
      log: Log,
      settings: RegistrySettings,
      view: FleetView,
    ): Projector<FleetTables> =>
      new Projector({
        database,
        store,
        projection: fleetProjection,
        graceSeconds: settings.PROJECTION_GRACE_SECONDS,
        onFailure: (error) => log.warn({ error }, 'the projection of the fleet was interrupted'),
        onShown: () => view.refresh(),
        onSwapped: () => view.refresh(),
      }),
  },
  {
    provide: FleetDesk,
    inject: [EVENT_STORE, FLEET_PROJECTOR, FleetView, SETTINGS],
    useFactory: (store: EventStore, projector: Projector<FleetTables>, view: FleetView, { PARTY }: RegistrySettings) =>
      new FleetDesk(store, projector, view, PARTY),
  },
  {
    provide: LocalListDesk,
    inject: [EVENT_STORE, CommandDesk, MirrorDesk, Roster, StationView, FleetView],
    useFactory: (store: EventStore, commands: CommandDesk, mirror: MirrorDesk, roster: Roster, stations: StationView, fleet: FleetView) =>
      new LocalListDesk({ store, commands, mirror, roster, stations, fleet }),
  },
  {
    provide: ConfigurationDesk,
    inject: [CommandDesk, MirrorDesk, StationView, FleetView, FleetDesk, DATABASE, LOG],
    useFactory: (
      commands: CommandDesk,
      mirror: MirrorDesk,
      stations: StationView,
      fleet: FleetView,
      plans: FleetDesk,
      database: Database<MirrorTables>,
      log: Log,
    ) => new ConfigurationDesk({ commands, mirror, stations, fleet, plans, drifts: new DriftView(database), log }),
  },
  {
    provide: CampaignDesk,
    inject: [EVENT_STORE, FLEET_PROJECTOR, CampaignView, StationView, CommandDesk, MirrorDesk, SETTINGS],
    useFactory: (
      store: EventStore,
      projector: Projector<FleetTables>,
      view: CampaignView,
      stations: StationView,
      commands: CommandDesk,
      mirror: MirrorDesk,
      { PARTY: party }: RegistrySettings,
    ) => new CampaignDesk({ store, projector, view, stations, commands, mirror, party }),
  },
  {
    provide: CustomerInformationDesk,
    inject: [DATABASE, DataKeys, IdentityVault, CatalogueView, MirrorDesk, CommandView, SETTINGS],
    useFactory: (
      database: Database<RegistryTables>,
      keys: DataKeys,
      vault: IdentityVault,
      catalogue: CatalogueView,
      mirror: MirrorDesk,
      commands: CommandView,
      { PARTY, CUSTOMER_INFORMATION_DAYS: days }: RegistrySettings,
    ) => new CustomerInformationDesk(database, keys, vault, catalogue, mirror, commands, PARTY, days),
  },
  {
    provide: Rounds,
    inject: [LocalListDesk, CampaignDesk, CustomerInformationDesk, SETTINGS, LOG],
    useFactory: (
      lists: LocalListDesk,
      campaigns: CampaignDesk,
      customers: CustomerInformationDesk,
      { FLEET_LOOK_MS: everyMs }: RegistrySettings,
      log: Log,
    ) => new Rounds([lists, campaigns, customers], everyMs, log),
  },
];

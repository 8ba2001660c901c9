// Starts the registry.
import { runService } from '@evenkeel/service';
import { RegistrySettings } from './config';
import { customerMigrations } from './customer/customer-information';
import { fleetVersion } from './fleet/fleet-projection';
import { keyMigrations } from './identity/data-keys';
import { RegistryModule } from './registry.module';
import { mirrorVersion } from './view/mirror-projection';
import { registryVersion } from './view/registry-projection';

void runService({
  name: 'registry',
  module: RegistryModule,
  settings: RegistrySettings,
  migrations: { ...keyMigrations, ...customerMigrations },
  projections: [registryVersion, mirrorVersion, fleetVersion],
});

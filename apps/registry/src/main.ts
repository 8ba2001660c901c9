// Starts the registry.
import { runService } from '@evenkeel/service';
import { RegistrySettings } from './config';
import { keyMigrations } from './identity/data-keys';
import { RegistryModule } from './registry.module';
import { registryMigrations } from './view/registry-tables';

const migrations = { ...registryMigrations, ...keyMigrations };
void runService({ name: 'registry', module: RegistryModule, settings: RegistrySettings, migrations });

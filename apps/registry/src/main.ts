// Starts the registry.
import { runService } from '@evenkeel/service';
import { RegistrySettings } from './config';
import { RegistryModule } from './registry.module';
import { registryMigrations } from './view/registry-tables';

void runService({ name: 'registry', module: RegistryModule, settings: RegistrySettings, migrations: registryMigrations });

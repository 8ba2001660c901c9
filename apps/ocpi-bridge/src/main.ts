// Starts the OCPI bridge.
import { runService } from '@evenkeel/service';
import { BridgeSettings } from './config';
import { httpEdge } from './http/http-edge';
import { bridgeMigrations, bridgeProjections, OcpiBridgeModule } from './ocpi-bridge.module';

void runService({
  name: 'ocpi-bridge',
  module: OcpiBridgeModule,
  settings: BridgeSettings,
  migrations: bridgeMigrations,
  projections: bridgeProjections,
  http: httpEdge,
});

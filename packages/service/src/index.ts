export { HealthServer, type ReadinessCheck } from './health-server';
export { createLog, type Log } from './log';
export { Metrics, type Reading } from './metrics';
export { BROKER, DATABASE, EVENT_STORE, httpStatusOf, LOG, SETTINGS } from './platform.module';
export { watchProjections } from './projection-health';
export { runService, type ServiceDefinition } from './run-service';
export { type SealedStreams, sealerOf } from './seals';
export {
  BadSettings,
  commonSettings,
  databaseSettings,
  eventStoreSettings,
  identitySettings,
  readSettings,
  sealSettings,
} from './settings';

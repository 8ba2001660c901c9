// What a service stands on, for Nest to inject: its settings, log, metrics, health, broker, and where it has them the event store and the
// database. Global, so that a service's own module lists only its own rooms.
import { type AppName, Problem } from '@evenkeel/contracts';
import type { EventStore } from '@evenkeel/event-store';
import { type Broker, Publisher, Requester } from '@evenkeel/messaging';
import type { Database } from '@evenkeel/read-model';
import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { HealthServer } from './health-server';
import type { Log } from './log';
import { Metrics } from './metrics';

export const SETTINGS = Symbol('settings');
export const LOG = Symbol('log');
export const BROKER = Symbol('broker');
export const EVENT_STORE = Symbol('event store');
export const DATABASE = Symbol('database');

export interface PlatformParts {
  app: AppName;
  settings: unknown;
  log: Log;
  metrics: Metrics;
  health: HealthServer;
  broker: Broker;
  store?: EventStore;
  database?: Database<never>;
}

@Module({})
class PlatformModule {}

export function platformModule(parts: PlatformParts): DynamicModule {
  const providers: Provider[] = [
    { provide: SETTINGS, useValue: parts.settings },
    { provide: LOG, useValue: parts.log },
    { provide: Metrics, useValue: parts.metrics },
    { provide: HealthServer, useValue: parts.health },
    { provide: BROKER, useValue: parts.broker },
    { provide: Publisher, useValue: new Publisher(parts.broker) },
    { provide: Requester, useValue: new Requester(parts.broker) },
  ];
  if (parts.store) providers.push({ provide: EVENT_STORE, useValue: parts.store });
  if (parts.database) providers.push({ provide: DATABASE, useValue: parts.database });
  return { module: PlatformModule, global: true, providers, exports: providers };
}

/** HTTP status of a problem (RFC 9457), for the edges. */
export function httpStatusOf({ code }: Problem): number {
  return {
    invalid: 400,
    'not-found': 404,
    conflict: 409,
    forbidden: 403,
    unavailable: 503,
    timeout: 504,
    offline: 409,
    'not-supported': 422,
  }[code];
}

// Starts a service, keeps it observable and stops it without losing work. Every `main.ts` is one call of this.
import { setTimeout as pause } from 'node:timers/promises';
import 'reflect-metadata';
import type { AppName } from '@evenkeel/contracts';
import { type EventStore, EventStoreDb, StoreUnavailable } from '@evenkeel/event-store';
import { BrokerUnavailable, connectBroker, type FlowObserver, FlowStrategy, isDatabaseAway } from '@evenkeel/messaging';
import { type Database, type Migrations, openDatabase, type ProjectionVersion } from '@evenkeel/read-model';
import type { INestApplication, LoggerService, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import type { Static, TObject } from '@sinclair/typebox';
import { HealthServer } from './health-server';
import { createLog, type Log } from './log';
import { Metrics } from './metrics';
import { type PlatformParts, platformModule } from './platform.module';
import { BadSettings, readSettings } from './settings';

export interface ServiceDefinition<S extends TObject> {
  name: AppName;
  module: Type;
  /** `commonSettings`, the resources it needs (`eventStoreSettings`, `databaseSettings`) and its own. */
  settings: S;
  /** Of its own database; needs `databaseSettings`. */
  migrations?: Migrations;
  /** Whose tables it reads. */
  projections?: readonly ProjectionVersion[];
  /** For an edge with an HTTP side: builds the application and listens. */
  http?: {
    create(module: unknown, log: LoggerService): Promise<INestApplication>;
    listen(app: INestApplication, settings: Static<S>): Promise<void>;
  };
}

/** Exit code of a start that the settings or the environment forbid (sysexits EX_CONFIG). */
const EXIT_CONFIG = 78;
const LONGEST_PAUSE_MS = 5_000;
const OPENING_POLL_MS = 20;

/** Runs until SIGTERM or SIGINT. Prints one line and exits when the service cannot start. */
export async function runService<S extends TObject>(definition: ServiceDefinition<S>): Promise<void> {
  let settings: Static<S>;
  try {
    settings = readSettings(definition.settings, process.env);
  } catch (error) {
    process.stderr.write(`${definition.name}: ${error instanceof BadSettings ? error.message : String(error)}\n`);
    process.exit(EXIT_CONFIG);
  }
  const common = settings as { LOG_LEVEL: string };
  const log = createLog(definition.name, common.LOG_LEVEL);
  process.on('unhandledRejection', (error) => log.error({ error }, 'unhandled rejection'));
  try {
    const stop = await start(definition, settings, log);
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        stop(signal).then(
          () => process.exit(0),
          (error) => {
            log.error({ error }, 'did not stop cleanly');
            process.exit(1);
          },
        );
      });
    }
  } catch (error) {
    log.fatal({ error }, error instanceof Error ? error.message : String(error));
    process.exit(1);
  }
}

async function start<S extends TObject>(definition: ServiceDefinition<S>, settings: Static<S>, log: Log) {
  const common = settings as { HOST: string; HEALTH_PORT: number; NATS_URL: string; EVENTSTORE_URL?: string; DATABASE_URL?: string };
  const metrics = new Metrics(definition.name);
  const health = new HealthServer(metrics);
  let phase: string | undefined = 'starting';
  health.require('service', () => phase);
  const healthPort = await health.listen(common.HOST, common.HEALTH_PORT);
  log.info({ healthPort }, 'starting');

  const broker = await patiently('NATS', log, () => connectBroker(common.NATS_URL, definition.name));
  health.require('nats', () => (broker.connection.isClosed() ? 'connection closed' : undefined));
  const store: EventStore | undefined = common.EVENTSTORE_URL === undefined ? undefined : new EventStoreDb(common.EVENTSTORE_URL);
  if (store) await patiently('the event store', log, () => store.readLast('is-anybody-there'));
  const database: Database<never> | undefined =
    common.DATABASE_URL === undefined
      ? undefined
      : await patiently('PostgreSQL', log, () => openDatabase<never>(common.DATABASE_URL ?? '', definition));

  const app = await assemble(definition, { settings, log, metrics, health, broker, store, database });
  let stopping = false;
  const opened = (async () => {
    // It hears from here on, and answers when it has all that its answers are made of; until then other replicas answer, if there are any.
    while (!stopping && health.missing().some(({ part }) => part !== 'service')) await pause(OPENING_POLL_MS);
    if (stopping) return;
    app.answer();
    if (app.http) await definition.http?.listen(app.http, settings);
    phase = undefined;
    log.info({ healthPort }, `${definition.name} is ready`);
  })();
  opened.catch((error: unknown) => {
    log.fatal({ error }, error instanceof Error ? error.message : String(error));
    process.exit(1);
  });

  return async (signal: string) => {
    log.info({ signal }, 'stopping');
    stopping = true;
    phase = 'stopping';
    await opened;
    await app.close();
    await broker.close();
    await store?.close();
    await database?.destroy();
    await health.close();
    log.info('stopped');
  };
}

/** Builds the Nest application and opens its ears: hooks first, then the flow, so that nothing is heard by half a service. */
async function assemble<S extends TObject>(definition: ServiceDefinition<S>, parts: Omit<PlatformParts, 'app'>): Promise<Assembled> {
  class Root {}
  Module({ imports: [platformModule({ app: definition.name, ...parts }), definition.module] })(Root);
  const logger = asNestLog(parts.log);
  const strategy = new FlowStrategy(parts.broker, definition.name, observe(parts.log, parts.metrics));
  if (!definition.http) {
    const app = await NestFactory.createMicroservice<MicroserviceOptions>(Root, { strategy, logger, abortOnError: false });
    await app.listen();
    return { close: () => app.close(), answer: () => strategy.answer() };
  }
  const app = await definition.http.create(Root, logger);
  app.connectMicroservice<MicroserviceOptions>({ strategy });
  await app.init();
  await app.startAllMicroservices();
  return { close: () => app.close(), answer: () => strategy.answer(), http: app };
}

interface Assembled {
  close(): Promise<void>;
  /** Opens its mouth. */
  answer(): void;
  http?: INestApplication;
}

function observe(log: Log, metrics: Metrics): FlowObserver {
  return {
    handled(kind, name, outcome, seconds) {
      metrics.observeSeconds(`evenkeel_${kind}_seconds`, `Time to handle a ${kind} of the flow`, seconds, { name, outcome });
    },
    failed(kind, name, error, fate) {
      metrics.count(`evenkeel_${kind}_failures_total`, `Failures of handlers, by what became of the ${kind}`, { name, fate });
      log[fate === 'retried' ? 'warn' : 'error']({ error, name, fate }, `${kind} ${name} failed`);
    },
  };
}

/** A service may start before what it needs: it stays "not ready" and tries again. Anything but silence ends the start. */
async function patiently<T>(what: string, log: Log, connect: () => Promise<T>): Promise<T> {
  for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await connect();
    } catch (error) {
      if (!isSilence(error)) throw error;
      log.warn({ reason: error instanceof Error ? error.message : String(error) }, `${what} is not there yet`);
      await pause(pauseMs);
    }
  }
}

function isSilence(error: unknown): boolean {
  return error instanceof BrokerUnavailable || error instanceof StoreUnavailable || isDatabaseAway(error);
}

function asNestLog(log: Log): LoggerService {
  const line =
    (level: 'debug' | 'warn' | 'error') =>
    (message: unknown, ...rest: unknown[]) => {
      log[level]({ context: rest.at(-1) }, message instanceof Error ? message.message : String(message));
    };
  return {
    log: line('debug'),
    debug: line('debug'),
    verbose: line('debug'),
    warn: line('warn'),
    error: line('error'),
    fatal: line('error'),
  };
}

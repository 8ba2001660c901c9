// Two networks on one machine: Chargem, an operator of charge points, and MobilityYou, a mobility provider that roams with it. Each has its
// own event store, NATS account and databases; they know each other by OCPI only.
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppName } from '@evenkeel/contracts';
import { connectBroker, provision } from '@evenkeel/messaging';
import {
  type RunningEventStore,
  type RunningNats,
  type RunningPostgres,
  startEventStore,
  startNats,
  startPostgres,
} from '@evenkeel/testkit';
import { type LaptopCertificates, prepareCertificates } from './certificates';
import { NetworkAddresses, type NetworkPlace, ocpiUrl } from './network-addresses';
import { type PlatformDefinition, type PlatformName, platforms } from './platforms';
import { sealSeedOf, witnessFileOf, witnessLine } from './seal-book';
import { Secrets } from './secrets';
import { SupervisedService } from './supervised-service';

export interface NetworkOptions extends NetworkPlace {
  progress: (line: string) => void;
  /** Which services to start; all unless told otherwise. */
  wants?: (platform: PlatformName, service: AppName) => boolean;
  /** Settings of services that differ from their defaults. */
  settings?: Partial<Record<AppName, NodeJS.ProcessEnv>>;
  /** Every line that a service logs, with the platform and the service it comes from. */
  onServiceLine?: (platform: PlatformName, service: AppName, line: string) => void;
  /** Every line of an event store. */
  onStoreLine?: (platform: PlatformName, line: string) => void;
}

export class Network extends NetworkAddresses {
  /** For `Network.start` only: the parts are running already. */
  constructor(
    override readonly options: NetworkOptions,
    readonly nats: RunningNats,
    readonly postgres: RunningPostgres,
    readonly stores: Record<PlatformName, RunningEventStore>,
    private readonly services: ReadonlyMap<string, SupervisedService>,
  ) {
    super(options);
  }

  /** Starts everything and resolves when every service is ready. @throws after stopping what had started. */
  static async start(options: NetworkOptions): Promise<Network> {
    const stops: (() => Promise<unknown>)[] = [];
    try {
      return await startAll(options, stops);
    } catch (error) {
      for (const stop of stops.reverse()) await stop().catch(() => undefined);
      throw error;
    }
  }

  service(platform: PlatformName, name: AppName): SupervisedService {
    const service = this.services.get(`${platform}/${name}`);
    if (!service) throw new Error(`${platform} has no ${name}`);
    return service;
  }

  /** The services first, each finishing what it has in hand, then what they stand on. */
  async stop(): Promise<void> {
    await Promise.all([...this.services.values()].map((service) => service.stop()));
    await Promise.all([this.nats.stop(), this.postgres.stop(), ...Object.values(this.stores).map((store) => store.stop())]);
  }
}

async function startAll(options: NetworkOptions, stops: (() => Promise<unknown>)[]): Promise<Network> {
  const { dataFolder, ports, host, progress } = options;
  await mkdir(dataFolder, { recursive: true });
  // PostgreSQL runs as a system user of its own and must be able to reach its folder.
  await chmod(dataFolder, 0o755);
  const secrets = await Secrets.of(dataFolder);
  const started = async <T extends { stop(): Promise<unknown> }>(what: string, start: Promise<T>): Promise<T> => {
    const running = await start;
    stops.push(() => running.stop());
    progress(`${what} is running`);
    return running;
  };
  const natsPlatforms = Object.values(platforms).map(({ name }) => ({
    name: name.toUpperCase(),
    passwordOf: (user: string) => secrets.for('nats', name, user),
  }));
  const storeOf = ({ name, eventStorePort }: PlatformDefinition) =>
    startEventStore({
      dataFolder: join(dataFolder, name, 'events'),
      port: ports[eventStorePort],
      onLine: (line) => options.onStoreLine?.(name, line),
    });
  const [nats, postgres, chargemStore, mobilityYouStore] = await Promise.all([
    started('nats-server', startNats({ platforms: natsPlatforms, dataFolder: join(dataFolder, 'nats'), host, port: ports.NATS_PORT })),
    started(
      'PostgreSQL',
      startPostgres({ dataFolder: join(dataFolder, 'postgres'), port: ports.POSTGRES_PORT, password: secrets.for('postgres') }),
    ),
    started("Chargem's event store", storeOf(platforms.chargem)),
    started("MobilityYou's event store", storeOf(platforms.mobilityyou)),
  ]);
  const stores = { chargem: chargemStore, mobilityyou: mobilityYouStore };
  const services = new Map<string, SupervisedService>();
  for (const platform of Object.values(platforms)) {
    await provisionStreams(nats, platform);
    const isOperator = platform.services['ocpp-gateway'] !== undefined;
    const certificates = isOperator ? await prepareCertificates(join(dataFolder, platform.name), platform.businessName, host) : undefined;
    for (const name of Object.keys(platform.services) as AppName[]) {
      if (options.wants?.(platform.name, name) === false) continue;
      const storeUrl = stores[platform.name].url;
      const environment = await environmentOf(options, platform, name, { nats, postgres, storeUrl, secrets, certificates });
      const service = new SupervisedService(name, { ...environment, ...options.settings?.[name] }, (line) => {
        witnessLine(witnessFileOf(dataFolder, platform.name), line);
        options.onServiceLine?.(platform.name, name, line);
      });
      services.set(`${platform.name}/${name}`, service);
      stops.push(() => service.stop());
    }
  }
  // Three at a time: a laptop has few cores, and a service takes most of one while it starts.
  const waiting = [...services];
  const next = async (): Promise<void> => {
    for (let entry = waiting.shift(); entry; entry = waiting.shift()) {
      await entry[1].start();
      progress(`${entry[0].replace('/', ': ')} is ready`);
    }
  };
  await Promise.all([next(), next(), next()]);
  return new Network(options, nats, postgres, stores, services);
}

async function provisionStreams(nats: RunningNats, { name }: PlatformDefinition): Promise<void> {
  const broker = await connectBroker(nats.urlOf(name.toUpperCase(), 'provision'), 'console');
  try {
    await provision(broker, { replicas: 1 });
  } finally {
    await broker.close();
  }
}

interface Foundations {
  nats: RunningNats;
  postgres: RunningPostgres;
  storeUrl: string;
  secrets: Secrets;
  /** Where stations connect. */
  certificates: LaptopCertificates | undefined;
}

async function environmentOf(
  options: NetworkOptions,
  platform: PlatformDefinition,
  service: AppName,
  foundations: Foundations,
): Promise<NodeJS.ProcessEnv> {
  const { ports, host } = options;
  const { nats, postgres, storeUrl, secrets, certificates } = foundations;
  const healthPort = platform.services[service];
  const common = {
    HOST: host,
    HEALTH_PORT: String(healthPort === undefined ? 0 : ports[healthPort]),
    NATS_URL: nats.urlOf(platform.name.toUpperCase(), service),
    PARTY: platform.party,
  };
  const stored = async () => ({
    EVENTSTORE_URL: storeUrl,
    DATABASE_URL: await postgres.ensureDatabase(databaseOf(platform.name, service)),
  });
  const identified = { ...common, IDENTITY_SECRET: secrets.for('identity', platform.name) };
  switch (service) {
    case 'ocpp-gateway':
      return {
        ...identified,
        OCPP_PORT: String(ports.OCPP_PORT),
        ...(certificates ? { OCPP_TLS_PORT: String(ports.OCPP_TLS_PORT), TLS_FOLDER: certificates.tlsFolder } : {}),
      };
    case 'console':
      return { ...common, CONSOLE_PORT: String(ports[platform.consolePort]), SESSION_SECRET: secrets.for('console', platform.name) };
    case 'registry': {
      const networkFile = join(__dirname, '..', 'networks', `${platform.name}.json`);
      return {
        ...identified,
        ...(await stored()),
        STATION_KEY_SECRET: secrets.for('stations', platform.name),
        IDENTITY_MASTER_KEY: secrets.for('identity master key', platform.name),
        NETWORK_FILE: networkFile,
        SEAL_PRIVATE_KEY: sealSeedOf(secrets, platform.name, service),
        ...(certificates ? { CA_FOLDER: certificates.authorityFolder, CERTIFICATE_ORGANIZATION: platform.businessName } : {}),
      };
    }
    case 'ocpi-bridge':
      return {
        ...identified,
        ...(await stored()),
        OCPI_PORT: String(ports[platform.ocpiPort]),
        OCPI_PUBLIC_URL: ocpiUrl(options, platform.name),
        ROLE: platform.role,
        BUSINESS_NAME: platform.businessName,
        TOKEN_ENCRYPTION_KEY: secrets.for('partner tokens', platform.name),
        // The two networks of a laptop reach each other on the loopback interface, which a partner elsewhere must never name.
        ALLOW_PRIVATE_URLS: 'true',
      };
    case 'session-ledger':
    case 'billing':
      return { ...common, ...(await stored()), SEAL_PRIVATE_KEY: sealSeedOf(secrets, platform.name, service) };
  }
}

/** Each service has a database of its own. */
export function databaseOf(platform: PlatformName, service: string): string {
  return `${platform}_${service.replaceAll('-', '_')}`;
}

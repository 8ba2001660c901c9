// The gateway's process with a real nats-server, a small registry, an operator, and a reader of the facts it said. For tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IdentityHash, idOf, isSessionFact, type StationFact, type StationFactBatch, type StationFactOf } from '@evenkeel/contracts';
import { type Broker, connectBroker, provision, Requester } from '@evenkeel/messaging';
import { freePort, type RunningNats, type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import { SmallRegistry } from './small-registry';

const IDENTITY_SECRET = '1d'.repeat(32);
/** As the gateway hashes. */
export const identity = new IdentityHash(IDENTITY_SECRET);

const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => idOf('password', user) };

interface Running {
  readonly folder: string;
  readonly port: number;
  readonly healthPort: number;
  readonly settings: NodeJS.ProcessEnv;
  readonly registryBroker: Broker;
  readonly operatorBroker: Broker;
  readonly ledgerBroker: Broker;
  readonly stopReading: () => Promise<unknown>;
}

/** One more process of the gateway on the same broker, as a second pod. */
export class GatewayPod {
  private constructor(
    readonly process: ServerProcess,
    private readonly port: number,
    private readonly healthPort: number,
  ) {}

  static async start(settings: NodeJS.ProcessEnv, log: string[]): Promise<GatewayPod> {
    const [port, healthPort] = [await freePort(), await freePort()];
    const own = { ...settings, OCPP_PORT: String(port), HEALTH_PORT: String(healthPort) };
    return new GatewayPod(await startGateway(own, log), port, healthPort);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ocpp`;
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.healthPort}/metrics`)).text();
  }
}

export class GatewayUnderTest {
  /** As the registry calls stations. */
  readonly operator: Requester<'registry'>;

  private constructor(
    readonly registry: SmallRegistry,
    /** Every fact as it lies in the streams, in each one's order, repetitions included. */
    readonly facts: StationFact[],
    /** The gateway's log, a JSON object a line. */
    readonly log: string[],
    private nats: RunningNats,
    private gateway: ServerProcess,
    private readonly running: Running,
  ) {
    this.operator = new Requester(running.operatorBroker);
  }

  static async start(environment: NodeJS.ProcessEnv = {}): Promise<GatewayUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'evenkeel-gateway-'));
    const nats = await startNats({ platforms: [ACCOUNT], dataFolder: folder, port: await freePort() });
    const provisioner = await connectBroker(nats.urlOf(ACCOUNT.name, 'provision'), 'console');
    await provision(provisioner, { replicas: 1 });
    await provisioner.close();
    const registryBroker = await connectBroker(nats.urlOf(ACCOUNT.name, 'registry'), 'registry');
    const registry = new SmallRegistry();
    registry.listen(registryBroker);
    const operatorBroker = await connectBroker(nats.urlOf(ACCOUNT.name, 'registry'), 'registry');
    const ledgerBroker = await connectBroker(nats.urlOf(ACCOUNT.name, 'session-ledger'), 'session-ledger');
    const facts: StationFact[] = [];
    const stops = [
      await readFacts(ledgerBroker, 'FACTS', 'session-ledger_fact', (fact) => facts.push(fact)),
      await readFacts(registryBroker, 'SIGNALS', 'registry_signal', (fact) => {
        if (!isSessionFact(fact)) facts.push(fact);
      }),
    ];
    const stopReading = () => Promise.all(stops.map((stop) => stop()));
    const [port, healthPort] = [await freePort(), await freePort()];
    const settings = {
      NATS_URL: nats.urlOf(ACCOUNT.name, 'ocpp-gateway'),
      OCPP_PORT: String(port),
      HEALTH_PORT: String(healthPort),
      IDENTITY_SECRET,
      BOOT_INTERVAL_SPREAD_PERCENT: '0',
      ...environment,
    };
    const log: string[] = [];
    const gateway = await startGateway(settings, log);
    const running = { folder, port, healthPort, settings, registryBroker, operatorBroker, ledgerBroker, stopReading };
    return new GatewayUnderTest(registry, facts, log, nats, gateway, running);
  }

  get url(): string {
    return `ws://127.0.0.1:${this.running.port}/ocpp`;
  }

  get process(): ServerProcess {
    return this.gateway;
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.running.healthPort}/metrics`)).text();
  }

  async readiness(): Promise<number> {
    return (await fetch(`http://127.0.0.1:${this.running.healthPort}/health/ready`)).status;
  }

  factsOf<K extends StationFact['kind']>(stationId: string, kind: K): StationFactOf<K>[] {
    return this.facts.filter((fact): fact is StationFactOf<K> => fact.stationId === stationId && fact.kind === kind);
  }

  /** A second pod. Whoever starts it stops it. */
  startPod(environment: NodeJS.ProcessEnv = {}): Promise<GatewayPod> {
    return GatewayPod.start({ ...this.running.settings, ...environment }, this.log);
  }

  urlOf(user: string): string {
    return this.nats.urlOf(ACCOUNT.name, user);
  }

  /** A connection with the rights of the gateway. Whoever opens it closes it. */
  connectAsGateway(): Promise<Broker> {
    return connectBroker(this.nats.urlOf(ACCOUNT.name, 'ocpp-gateway'), 'ocpp-gateway');
  }

  async stopNats(): Promise<void> {
    await this.nats.process.stop();
  }

  async startNatsAgain(): Promise<void> {
    this.nats = await startNats({ platforms: [ACCOUNT], dataFolder: this.running.folder, port: this.nats.port });
  }

  /** On the same port, as after a crash. */
  async startGatewayAgain(): Promise<void> {
    this.gateway = await startGateway(this.running.settings, this.log);
  }

  async stop(): Promise<void> {
    const { stopReading, registryBroker, operatorBroker, ledgerBroker, folder } = this.running;
    await this.gateway.stop();
    await stopReading();
    await Promise.all([registryBroker, operatorBroker, ledgerBroker].map((broker) => broker.connection.close()));
    await this.nats.process.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function startGateway(settings: NodeJS.ProcessEnv, log: string[]): Promise<ServerProcess> {
  return startServer({
    name: 'ocpp-gateway',
    command: process.execPath,
    args: [require.resolve('@evenkeel/ocpp-gateway/dist/main.js')],
    env: settings,
    onLine: (line) => log.push(line),
    readyWhen: (line) => line.includes('is ready'),
  });
}

/** As the service behind that consumer does. */
async function readFacts(
  broker: Broker,
  stream: string,
  name: string,
  onFact: (fact: StationFact) => void,
): Promise<() => Promise<unknown>> {
  const consumer = await broker.jetstream.consumers.get(stream, name);
  const messages = await consumer.consume({
    callback: (message) => {
      message.json<StationFactBatch>().facts.forEach(onFact);
      message.ack();
    },
  });
  return () => messages.close();
}

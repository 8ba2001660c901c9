// The gateway's process with a real nats-server, a small registry, an operator, and a reader of the facts it said. For tests.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { idOf, type StationFact, type StationFactBatch } from '@evenkeel/contracts';
import { type Broker, connectBroker, provision, Requester } from '@evenkeel/messaging';
import { freePort, type RunningNats, type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import { SmallRegistry } from './small-registry';

const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => idOf('password', user) };

export class GatewayUnderTest {
  readonly registry = new SmallRegistry();
  /** Every fact as it lies in the stream, in the stream's order, repetitions included. */
  readonly facts: StationFact[] = [];
  readonly log: string[] = [];
  readonly brokers: Broker[] = [];
  private constructor(
    private natsServer: RunningNats,
    private readonly natsFolder: string,
  ) {}

  private gateway: ServerProcess | undefined;
  private port = 0;
  private healthPort = 0;
  operator: Requester<'console'> | undefined;

  static async start(natsFolder: string, environment: NodeJS.ProcessEnv = {}): Promise<GatewayUnderTest> {
    const nats = await startNats({ platforms: [ACCOUNT], dataFolder: natsFolder, port: await freePort() });
    const test = new GatewayUnderTest(nats, natsFolder);
    const provisioner = await connectBroker(nats.urlOf(ACCOUNT.name, 'provision'), 'console');
    await provision(provisioner, { replicas: 1 });
    await provisioner.close();
    test.registry.listen(await test.connect('registry'));
    test.operator = new Requester(await test.connect('console'));
    await test.readFacts();
    await test.startGateway(environment);
    return test;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/ocpp`;
  }

  get process(): ServerProcess {
    if (!this.gateway) throw new Error('the gateway is not running');
    return this.gateway;
  }

  async startGateway(environment: NodeJS.ProcessEnv): Promise<void> {
    const port = await freePort();
    this.gateway = await startServer({
      name: 'ocpp-gateway',
      command: process.execPath,
      args: [require.resolve('@evenkeel/ocpp-gateway/dist/main.js')],
      env: { NATS_URL: this.natsServer.urlOf(ACCOUNT.name, 'ocpp-gateway'), OCPP_PORT: String(port), ...environment },
      onLine: (line) => this.log.push(line),
      readyWhen: (line) => line.includes('is ready'),
    });
    this.port = port;
    this.healthPort = Number(/"healthPort":(\d+)/.exec(this.log.at(-1) ?? '')?.[1]);
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.healthPort}/metrics`)).text();
  }

  async readiness(): Promise<number> {
    return (await fetch(`http://127.0.0.1:${this.healthPort}/health/ready`)).status;
  }

  factsOf<K extends StationFact['kind']>(stationId: string, kind: K): Extract<StationFact, { kind: K }>[] {
    return this.facts.filter((fact): fact is Extract<StationFact, { kind: K }> => fact.stationId === stationId && fact.kind === kind);
  }

  async stopNats(): Promise<void> {
    await this.natsServer.process.stop();
  }

  async startNatsAgain(): Promise<void> {
    this.natsServer = await startNats({ platforms: [ACCOUNT], dataFolder: this.natsFolder, port: this.natsServer.port });
  }

  async stop(): Promise<void> {
    await this.gateway?.stop();
    await Promise.all(this.brokers.map((broker) => broker.connection.close()));
    await this.natsServer.stop();
  }

  private async connect(app: 'registry' | 'console' | 'session-ledger'): Promise<Broker> {
    const broker = await connectBroker(this.natsServer.urlOf(ACCOUNT.name, app), app);
    this.brokers.push(broker);
    return broker;
  }

  private async readFacts(): Promise<void> {
    const ledger = await this.connect('session-ledger');
    const consumer = await ledger.jetstream.consumers.get('FACTS', 'session-ledger_fact');
    await consumer.consume({
      callback: (message) => {
        this.facts.push(...message.json<StationFactBatch>().facts);
        message.ack();
      },
    });
  }
}


// The gateway's process with a real nats-server, a small registry that answers over NATS, and a reader of the facts it said. For tests.
import { once } from 'node:events';
import {
  type Answer,
  idOf,
  type PartyKey,
  type Reply,
  type Request,
  type RequestName,
  requestSubject,
  type StationFact,
  type StationFactBatch,
  type TokenVerdict,
} from '@evenkeel/contracts';
import { type Broker, connectBroker, provision, Requester } from '@evenkeel/messaging';
import { foldIdentity, OCPP_VERSIONS, type OcppVersion, responseSchema, SUBPROTOCOLS } from '@evenkeel/ocpp';
import { freePort, type RunningNats, type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import WebSocket, { type ClientOptions } from 'ws';

export const PARTY: PartyKey = 'US-CHG';
const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => idOf('password', user) };

type Admission = Extract<Reply<'admitStation'>, { admitted: true }>;

export interface RegisteredStation extends Pick<Admission, 'stationId' | 'versions' | 'registration' | 'booted'> {
  readonly password: Buffer;
}

export const passwordOf = (stationId: string): string => `pw-${stationId}-0123456789`;

/** Answers what the gateway asks, from two maps that a test may change. */
export class SmallRegistry {
  readonly stations = new Map<string, RegisteredStation>();
  readonly tokens = new Map<string, { verdict: TokenVerdict; groupId?: string; expiresAt?: string }>();
  readonly asked: { name: RequestName; request: unknown }[] = [];
  /** Takes questions and answers none. */
  silent = false;

  register(stationId: string, station: Partial<RegisteredStation> = {}): void {
    const defaults = { versions: ['1.6' as const, '2.0.1' as const], registration: 'accepted' as const, booted: true };
    this.stations.set(foldIdentity(stationId), { stationId, ...defaults, password: Buffer.from(passwordOf(stationId)), ...station });
  }

  listen(broker: Broker): void {
    this.answer(broker, 'admitStation', (request) => this.admit(request));
    this.answer(broker, 'authorizeToken', ({ token }) => this.tokens.get(token.uid) ?? { verdict: 'Invalid' });
  }

  private admit({ identity, password }: Request<'admitStation'>): Reply<'admitStation'> {
    const station = this.stations.get(foldIdentity(identity));
    if (!station) return { admitted: false, reason: 'unknown-station' };
    const fits = password !== undefined && Buffer.from(password, 'base64').equals(station.password);
    if (!fits) return { admitted: false, reason: 'wrong-credentials' };
    const { stationId, versions, registration, booted } = station;
    return { admitted: true, party: PARTY, stationId, versions, registration, booted };
  }

  private answer<R extends 'admitStation' | 'authorizeToken'>(broker: Broker, name: R, answer: (request: Request<R>) => Reply<R>): void {
    broker.connection.subscribe(requestSubject(name), {
      callback: (failure, message) => {
        if (failure) throw failure;
        const request = message.json<Request<R>>();
        this.asked.push({ name, request });
        if (this.silent) return;
        const value: Answer<Reply<R>> = { ok: true, value: answer(request) };
        message.respond(Buffer.from(JSON.stringify(value)));
      },
    });
  }
}

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

export interface RawOptions {
  readonly identity: string;
  /** By default the identity. */
  readonly user?: string;
  /** Null sends no Authorization header. */
  readonly password?: string | Buffer | null;
  readonly protocols?: readonly string[];
  readonly path?: string;
  readonly client?: ClientOptions;
}

export type Frame = [type: number, id: string, ...rest: unknown[]];

/** A bare socket: sends any text, waits for the frame with an id, and checks every CALLRESULT against the schema of its action. */
export class RawStation {
  readonly frames: Frame[] = [];
  closeCode: number | undefined;
  private readonly actions = new Map<string, string>();

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    socket.on('close', (code) => {
      this.closeCode = code;
    });
    socket.on('error', () => undefined);
  }

  /** @returns the station, or the HTTP status and headers of the refusal. */
  static async connect(
    url: string,
    options: RawOptions,
  ): Promise<RawStation | { status: number; headers: NodeJS.Dict<string | string[]> }> {
    const { identity, user = identity, password = passwordOf(identity), protocols = [SUBPROTOCOLS['1.6']], path } = options;
    const credentials = password === null ? undefined : Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password)]).toString('base64');
    const headers: Record<string, string> = credentials === undefined ? {} : { Authorization: `Basic ${credentials}` };
    const target = `${url}/${path ?? encodeURIComponent(identity)}`;
    const socket = new WebSocket(target, [...protocols], { perMessageDeflate: false, headers, ...options.client });
    const station = new RawStation(socket);
    const refused = new Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }>((resolve) => {
      socket.once('unexpected-response', (request, response) => {
        request.destroy();
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      });
    });
    return Promise.race([refused, once(socket, 'open').then(() => station)]);
  }

  get version(): OcppVersion {
    return OCPP_VERSIONS.find((version) => SUBPROTOCOLS[version] === this.socket.protocol) ?? '1.6';
  }

  send(frame: string | unknown[]): void {
    this.socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  /** Sends a CALL and waits for its answer. */
  call(id: string, action: string, payload: unknown = {}): Promise<Frame> {
    this.actions.set(id, action);
    this.send([2, id, action, payload]);
    return this.answerTo(id);
  }

  async answerTo(id: string): Promise<Frame> {
    const frame = await eventually(() => this.frames.find((each) => each[1] === id && each[0] !== 2));
    this.frames.splice(this.frames.indexOf(frame), 1);
    const violation = frame[0] === 3 ? responseSchema(this.version, this.actions.get(id) ?? '')?.explain(frame[2]) : undefined;
    if (violation) throw new Error(`the answer to ${this.actions.get(id)} is not valid: ${violation.description}`);
    return frame;
  }

  /** The next CALL of the back end. */
  async nextCommand(): Promise<Frame> {
    const frame = await eventually(() => this.frames.find(([type]) => type === 2));
    this.frames.splice(this.frames.indexOf(frame), 1);
    return frame;
  }

  async closed(): Promise<number> {
    return eventually(() => this.closeCode);
  }

  close(): void {
    this.socket.close();
  }
}

/** Waits until the value is there. */
export async function eventually<T>(value: () => T | undefined, withinMs = 10_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = value();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`it did not come true within ${withinMs} ms: ${value}`);
    await pause(10);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

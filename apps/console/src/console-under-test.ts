// The console's process on a real nats-server, for tests: other services answer it over NATS, and every response that a test sees is first
// held against the OpenAPI document.
import { join } from 'node:path';
import {
  type Answer,
  type AnsweredBy,
  type AppName,
  type Operator,
  type PartyKey,
  Problem,
  type Reply,
  type Request,
  requestSubject,
  stationCallSubject,
} from '@evenkeel/contracts';
import { type Broker, connectBroker, provision } from '@evenkeel/messaging';
import { freePort, type RunningNats, type ServerProcess, startNats, startServer } from '@evenkeel/testkit';
import { contradiction } from './api/contradiction';

export const PARTY: PartyKey = 'US-CHG';
const ACCOUNT = { name: 'CHARGEM', passwordOf: (user: string) => `pw-${user}` };
const main = join(__dirname, '..', 'dist', 'main.js');

export interface Seen {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed; empty where it is no JSON. */
  readonly body: Record<string, unknown>;
  readonly text: string;
}

export interface Sent {
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

type AnswersOf<A extends AppName> = { [R in AnsweredBy<A>]?: (request: Request<R>) => Reply<R> };
type CallHandler = (request: Request<'callStation'>) => Reply<'callStation'>;

export class ConsoleUnderTest {
  /** What the other services were asked, in order. */
  readonly asked: { name: string; request: unknown }[] = [];
  readonly log: string[] = [];
  private readonly brokers: Broker[] = [];

  private constructor(
    readonly nats: RunningNats,
    private readonly url: string,
  ) {}

  private process: ServerProcess | undefined;
  private healthPort = 0;

  /** @param settings beside those that every console needs. */
  static async start(settings: NodeJS.ProcessEnv = {}): Promise<ConsoleUnderTest> {
    const nats = await startNats({ platforms: [ACCOUNT] });
    const broker = await connectBroker(nats.urlOf(ACCOUNT.name, 'provision'), 'console');
    await provision(broker, { replicas: 1 });
    await broker.close();
    const port = await freePort();
    const started = new ConsoleUnderTest(nats, `http://127.0.0.1:${port}`);
    started.healthPort = await freePort();
    const starting = startServer({
      name: 'console',
      command: process.execPath,
      args: [main],
      env: {
        NATS_URL: started.natsUrlOf('console'),
        PARTY,
        SESSION_SECRET: '5e'.repeat(32),
        CONSOLE_PORT: String(port),
        HEALTH_PORT: String(started.healthPort),
        ...settings,
      },
      onLine: (line) => started.log.push(line),
      readyWhen: (line) => line.includes('is ready'),
    });
    started.process = await starting.catch(async (error: unknown) => {
      await nats.stop();
      throw error;
    });
    return started;
  }

  natsUrlOf(app: AppName): string {
    return this.nats.urlOf(ACCOUNT.name, app);
  }

  /** Answers in the place of a service; what it has no answer for stays without a responder. */
  async standIn<A extends AppName>(app: A, answers: AnswersOf<A>): Promise<void> {
    const broker = await this.connect(app);
    for (const [name, answer] of Object.entries(answers) as [AnsweredBy<A>, (request: unknown) => unknown][]) {
      broker.connection.subscribe(requestSubject(name), {
        callback: (failure, message) => {
          if (failure) throw failure;
          const request: unknown = message.json();
          this.asked.push({ name, request });
          message.respond(envelope(() => answer(request)));
        },
      });
    }
    await broker.connection.flush();
  }

  /** Holds the socket of a station, as a gateway's pod does. */
  async holdStation(stationId: string, handle: CallHandler): Promise<void> {
    const broker = await this.connect('ocpp-gateway');
    broker.connection.subscribe(stationCallSubject(PARTY, stationId), {
      callback: (failure, message) => {
        if (failure) throw failure;
        const request = message.json<Request<'callStation'>>();
        this.asked.push({ name: 'callStation', request });
        message.respond(envelope(() => handle(request)));
      },
    });
    await broker.connection.flush();
  }

  async login(username: string, password: string): Promise<Record<string, string>> {
    const { status, body } = await this.call('POST', '/api/login', { body: { username, password } });
    if (status !== 200) throw new Error(`login answered ${status}`);
    return { authorization: `Bearer ${String(body.token)}` };
  }

  /** @param sent a body that is a string is sent as it is, any other as JSON. */
  async call(method: string, path: string, { body, headers = {} }: Sent = {}): Promise<Seen> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(this.url + path, { method, headers: { ...type, ...headers }, body: text });
    const { status, headers: told } = response;
    const answer = await response.text();
    const isJson = answer !== '' && told.get('content-type')?.includes('json') === true;
    const seen: Seen = { status, headers: told, body: isJson ? JSON.parse(answer) : {}, text: answer };
    const judged = { status, headers: told, body: isJson ? seen.body : answer };
    const wrong = method === 'HEAD' ? undefined : contradiction(method, path.split('?', 1)[0] ?? '', judged);
    if (wrong !== undefined) throw new Error(`${method} ${path} ${status}: ${wrong}: ${answer.slice(0, 500)}`);
    return seen;
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.healthPort}/metrics`)).text();
  }

  async stop(): Promise<void> {
    await this.process?.stop();
    await Promise.all(this.brokers.map((broker) => broker.close()));
    await this.nats.stop();
  }

  private async connect(app: AppName): Promise<Broker> {
    const broker = await connectBroker(this.natsUrlOf(app), app);
    this.brokers.push(broker);
    return broker;
  }
}

/** Three people and a machine; what the registry says of anybody else. */
export function authenticate(request: Request<'authenticateOperator'>): Operator {
  if ('apiKey' in request) {
    if (request.apiKey === 'machine-key') return { username: 'machine', role: 'operator' };
    throw new Problem('forbidden', 'unknown API key');
  }
  const { username, password } = request;
  const known = username === 'viewer' || username === 'operator' || username === 'admin';
  if (known && password === `${username}-password`) return { username, role: username };
  throw new Problem('forbidden', 'wrong user name or password');
}

function envelope(answer: () => unknown): Buffer {
  let said: Answer<unknown>;
  try {
    said = { ok: true, value: answer() };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    said = { ok: false, problem: { code: error.code, detail: error.message } };
  }
  return Buffer.from(JSON.stringify(said));
}

// A platform for specs: the bridge as its own process, on a real event store, broker account and database, with a registry that answers
// from memory and collects what the bridge says.
import { join } from 'node:path';
import {
  type IssuedToken,
  type Message,
  type PartnerToken,
  Problem,
  type PublishedLocation,
  type Reply,
  type Request,
  type RequestName,
  type ResolvedToken,
  requestSubject,
  type SignedReading,
  type StationCommand,
  type Tariff,
  type TokenRecord,
} from '@evenkeel/contracts';
import { EventStoreDb } from '@evenkeel/event-store';
import { type Broker, connectBroker, Publisher, provision, Requester } from '@evenkeel/messaging';
import {
  freePort,
  type RunningEventStore,
  type RunningNats,
  type RunningPostgres,
  type ServerProcess,
  startEventStore,
  startServer,
} from '@evenkeel/testkit';
import { partnerCodec } from '../partner/partner';
import { type SealedToken, TokenVault } from '../partner/token-vault';
import { identity, identitySecret } from './charging';

export interface PlatformPlan {
  account: string;
  party: string;
  role: 'CPO' | 'EMSP';
  /** All of them where absent. */
  versions?: string;
  /** Beside those that every bridge of a spec has. */
  settings?: NodeJS.ProcessEnv;
}

const TOKEN_ENCRYPTION_KEY = '5e'.repeat(32);

type Answered = Exclude<RequestName, 'callStation'>;
type Service = 'registry' | 'billing' | 'console' | 'session-ledger';

export const passwordOf = (user: string) => `secret-${user}`;

export class PlatformUnderTest {
  readonly tokens: TokenRecord[] = [];
  readonly locations: PublishedLocation[] = [];
  readonly tariffs: Tariff[] = [];
  /** Of the partners, in the order in which the bridge handed them on. */
  readonly tokensReceived: PartnerToken[] = [];
  /** Signed readings by session, as the ledger has them. */
  readonly signed = new Map<string, SignedReading[]>();
  /** References whose bearer the registry has erased. */
  readonly erased = new Set<string>();
  /** What the registry does before it keeps tokens of a partner. */
  beforeKeeping: () => Promise<void> = async () => undefined;
  /** The registry answers every question that it cannot. */
  registryFails = false;
  readonly cdrsReceived: Message<'partnerCdrReceived'>['cdr'][] = [];
  /** What billing heard of the deliveries of CDRs. */
  readonly delivered: Message<'cdrDelivered'>[] = [];
  readonly parked: Message<'cdrDeliveryParked'>[] = [];
  /** What stations were told, each wish once, however often it was asked for. */
  readonly operations: Request<'operateStation'>[] = [];
  /** What the next stations answer. */
  stationSays: () => Promise<Pick<StationCommand, 'status' | 'detail' | 'errorCode'> & { answer?: Record<string, unknown> }> =
    async () => ({ status: 'accepted' });
  /** What drivers are said to want, and what is answered to the next ones. */
  readonly preferred: Request<'preferCharging'>[] = [];
  preferencesAnswer: () => Reply<'preferCharging'>['answer'] = () => 'ACCEPTED';
  readonly log: string[] = [];
  readonly url: string;
  readonly console: Requester<'console'>;
  readonly registry: Requester<'registry'>;
  readonly ledger: Publisher<'session-ledger'>;
  readonly billing: Publisher<'billing'>;
  readonly registrySays: Publisher<'registry'>;
  private bridge: ServerProcess | undefined;
  private readonly commands = new Map<string, StationCommand>();

  private constructor(
    private readonly plan: PlatformPlan,
    private readonly nats: RunningNats,
    private readonly postgres: RunningPostgres,
    private readonly events: RunningEventStore,
    private readonly port: number,
    private readonly brokers: Record<Service, Broker>,
  ) {
    this.url = `http://127.0.0.1:${port}/ocpi`;
    this.console = new Requester(brokers.console);
    this.registry = new Requester(brokers.registry);
    this.ledger = new Publisher(brokers['session-ledger']);
    this.billing = new Publisher(brokers.billing);
    this.registrySays = new Publisher(brokers.registry);
  }

  static async start(plan: PlatformPlan, nats: RunningNats, postgres: RunningPostgres): Promise<PlatformUnderTest> {
    const provisioner = await connectBroker(nats.urlOf(plan.account, 'provision'), 'console');
    await provision(provisioner, { replicas: 1 });
    await provisioner.close();
    const connect = (service: Service) => connectBroker(nats.urlOf(plan.account, service), service);
    const brokers = {
      registry: await connect('registry'),
      billing: await connect('billing'),
      console: await connect('console'),
      'session-ledger': await connect('session-ledger'),
    };
    const platform = new PlatformUnderTest(plan, nats, postgres, await startEventStore(), await freePort(), brokers);
    platform.answerAsRegistry(brokers.registry);
    platform.answer(brokers['session-ledger'], 'signedReadings', ({ sessions }) => ({
      sessions: sessions.map(({ sessionId }) => platform.signed.get(sessionId) ?? []),
    }));
    await platform.collect(brokers.billing, 'billing_roaming-cdr-received', (message) =>
      platform.cdrsReceived.push((message as Message<'partnerCdrReceived'>).cdr),
    );
    await platform.collect(brokers.billing, 'billing_roaming-cdr-delivered', (message) =>
      platform.delivered.push(message as Message<'cdrDelivered'>),
    );
    await platform.collect(brokers.billing, 'billing_roaming-cdr-delivery-parked', (message) =>
      platform.parked.push(message as Message<'cdrDeliveryParked'>),
    );
    await platform.startBridge();
    return platform;
  }

  async startBridge(): Promise<void> {
    const { account, party, role, versions, settings } = this.plan;
    this.bridge = await startServer({
      name: `${account} bridge`,
      command: process.execPath,
      args: [join(__dirname, '..', '..', 'dist', 'main.js')],
      env: {
        NATS_URL: this.nats.urlOf(account, 'ocpi-bridge'),
        EVENTSTORE_URL: this.events.url,
        DATABASE_URL: await this.postgres.ensureDatabase(account.toLowerCase()),
        OCPI_PORT: String(this.port),
        OCPI_PUBLIC_URL: this.url,
        PARTY: party,
        ROLE: role,
        ...(versions === undefined ? {} : { OCPI_VERSIONS: versions }),
        BUSINESS_NAME: account,
        IDENTITY_SECRET: identitySecret,
        TOKEN_ENCRYPTION_KEY,
        ALLOW_PRIVATE_URLS: 'true',
        PUSH_RETRY_FIRST_MS: '100',
        PUSH_PROBE_MS: '300',
        HANDSHAKE_SETTLES_MS: '0',
        PULL_INTERVAL_SECONDS: '1',
        LOG_LEVEL: process.env.BRIDGE_LOG ?? 'info',
        ...settings,
      },
      onLine: (line) => {
        this.log.push(line);
        if (process.env.BRIDGE_LOG !== undefined) process.stderr.write(`${account} ${line}\n`);
      },
      readyWhen: (line) => line.includes('is ready'),
    });
  }

  /** From the next start of the bridge on. */
  offer(versions: string): void {
    this.plan.versions = versions;
  }

  /** Every event that the bridge has stored, as text. */
  async storedText(): Promise<string> {
    const store = new EventStoreDb(this.events.url);
    const parts: string[] = [];
    const prefixes = ['partner', 'delivery-', 'sent'];
    await store.readAll(
      prefixes,
      async (events) => void parts.push(JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? `${value}` : value))),
    );
    await store.close();
    return parts.join('\n');
  }

  /** What this platform reads at its only partner, with the token that it holds for it. */
  async readAt(partner: PlatformUnderTest, path: string): Promise<unknown> {
    const store = new EventStoreDb(this.events.url);
    let theirToken: SealedToken | undefined;
    await store.readAll(['partner-'], async (events) => {
      for (const stored of events) {
        const event = partnerCodec.decode(stored);
        if (event.type === 'PartnerRegistered' || event.type === 'CredentialsRotated') theirToken = event.data.registration.theirToken;
      }
    });
    await store.close();
    if (!theirToken) throw new Error('there is no partner');
    const token = new TokenVault(TOKEN_ENCRYPTION_KEY).open(theirToken);
    const headers = { authorization: `Token ${Buffer.from(token).toString('base64')}` };
    return (await fetch(`${partner.url}/${path}`, { headers })).json();
  }

  /** SIGKILL: nothing is said goodbye to. */
  async killBridge(): Promise<void> {
    await this.bridge?.kill();
  }

  async stop(): Promise<void> {
    await this.bridge?.stop();
    await Promise.all(Object.values(this.brokers).map((broker) => broker.close()));
    await this.events.stop();
  }

  private answer<R extends Answered>(broker: Broker, name: R, reply: (request: Request<R>) => Reply<R> | Promise<Reply<R>>): void {
    broker.connection.subscribe(requestSubject(name), {
      callback: async (_, message) => {
        message.respond(JSON.stringify(await answered(() => reply(message.json<Request<R>>()))));
      },
    });
  }

  private answerAsRegistry(broker: Broker): void {
    const answer = <R extends Answered>(name: R, reply: (request: Request<R>) => Reply<R> | Promise<Reply<R>>) =>
      this.answer(broker, name, (request: Request<R>) => (this.registryFails ? failing() : reply(request)));
    answer('operateStation', (request) => this.operate(request));
    answer('getCommand', ({ commandId }) => this.commands.get(commandId) ?? missing(commandId));
    answer('preferCharging', (request) => {
      this.preferred.push(request);
      return { answer: this.preferencesAnswer() };
    });
    answer('publishedTokens', (query) => pageOf(this.tokens, query));
    answer('publishedLocations', ({ locationId, ...query }) =>
      pageOf(
        this.locations.filter((location) => locationId === undefined || location.locationId.toLowerCase() === locationId.toLowerCase()),
        query,
      ),
    );
    answer('publishedTariffs', ({ tariffId, ...query }) =>
      pageOf(
        this.tariffs.filter(({ id }) => tariffId === undefined || id === tariffId),
        query,
      ),
    );
    answer('keepPartnerTokens', async ({ tokens }) => {
      await this.beforeKeeping();
      const unknown = tokens.filter(({ token }) => !this.received(token));
      this.tokensReceived.push(...tokens);
      return { created: unknown.length };
    });
    answer('tokenOfContract', ({ contractId }) => {
      const token = this.tokens.findLast((known) => known.contractId.toLowerCase() === contractId.toLowerCase());
      return token ? { token } : {};
    });
    answer('findPartnerToken', ({ party, token }) => ({ asSent: this.received({ party, ...token })?.asSent }));
    answer('resolveTokens', ({ tokens }) => ({ tokens: tokens.map((token) => this.resolved(token)) }));
    answer('authorizeToken', ({ token: { uid } }) => {
      const token = this.tokens.find((known) => known.uid === uid);
      if (!token) return { verdict: 'Invalid' };
      return token.valid ? { verdict: 'Accepted', token, authorizationReference: `REF-${uid}` } : { verdict: 'Blocked', token };
    });
  }

  /** As the registry does it: the same cause is the same command, and whoever asks again is told how far it is. */
  private async operate(request: Request<'operateStation'>): Promise<StationCommand> {
    const { stationId, operation, parameters, cause = '' } = request;
    const known = this.commands.get(cause);
    if (known) return known;
    this.operations.push(request);
    const calls = [{ action: operation, request: parameters }];
    const begun = { commandId: cause, party: this.plan.party, stationId, operation, calls, requestedAt: new Date().toISOString() };
    this.commands.set(cause, { ...begun, status: 'requested' });
    const { answer, ...said } = await this.stationSays();
    const settled = { ...begun, ...said, calls: calls.map((call) => ({ ...call, ...(answer === undefined ? {} : { answer }) })) };
    this.commands.set(cause, settled);
    return settled;
  }

  private received(wanted: { party: string; uid: string; type: string }): PartnerToken | undefined {
    const isWanted = ({ party, uid, type }: TokenRecord) =>
      party === wanted.party && uid.toLowerCase() === wanted.uid.toLowerCase() && type === wanted.type;
    return this.tokensReceived.findLast(({ token }) => isWanted(token));
  }

  /** From our own tokens and those that partners sent. */
  private resolved({ party, key, type }: IssuedToken): ResolvedToken {
    if (this.erased.has(key)) return { status: 'erased' };
    const known = [...this.tokens, ...this.tokensReceived.map(({ token }) => token)];
    const found = known.findLast((token) => token.party === party && token.type === type && identity.tokenKey(token.uid) === key);
    return found ? { status: 'known', token: found } : { status: 'unknown' };
  }

  private async collect(broker: Broker, durable: string, take: (message: unknown) => void): Promise<void> {
    const consumer = await broker.jetstream.consumers.get('ROAMING', durable);
    await consumer.consume({
      callback: (message) => {
        take(message.json());
        message.ack();
      },
    });
  }
}

async function answered<T>(reply: () => T | Promise<T>) {
  try {
    return { ok: true, value: await reply() };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: { code: error.code, detail: error.message } };
    throw error;
  }
}

function failing(): never {
  throw new Problem('unavailable', 'the registry fails');
}

function missing(commandId: string): never {
  throw new Problem('not-found', `there is no command ${commandId}`);
}

function pageOf<T extends { lastUpdated: string }>(
  all: readonly T[],
  { updatedFrom, updatedBefore, offset, limit }: Request<'publishedTokens'>,
): { items: T[]; total: number } {
  const matching = all.filter(
    ({ lastUpdated }) =>
      (updatedFrom === undefined || lastUpdated >= updatedFrom) && (updatedBefore === undefined || lastUpdated < updatedBefore),
  );
  return { items: matching.slice(offset, offset + limit), total: matching.length };
}

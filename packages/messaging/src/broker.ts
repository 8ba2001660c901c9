// One connection to NATS a process, with what a hot path must not pay for switched off and what the flow needs checked at once.
import { type AppName, inboxPrefix } from '@evenkeel/contracts';
import { connect, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats';
import { BrokerDrift, BrokerUnavailable } from './errors';

export interface Broker {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  manager(): Promise<JetStreamManager>;
  /** Sends what waits, then closes. */
  close(): Promise<void>;
}

/** Nothing newer than this is used: 2.9 is what Debian 12 carries. */
const OLDEST_SERVER = [2, 9] as const;

/**
 * @param url `nats://user:password@host:port`; the user decides the account and with it the platform.
 * @throws BrokerUnavailable when nobody answers, BrokerDrift when the server is too old or has no JetStream.
 */
export async function connectBroker(url: string, app: AppName): Promise<Broker> {
  const { host, username, password } = new URL(url);
  let connection: NatsConnection;
  try {
    connection = await connect({
      servers: host,
      user: decodeURIComponent(username),
      pass: decodeURIComponent(password),
      name: app,
      inboxPrefix: inboxPrefix(app),
      // Stack traces for every request cost more than the request.
      noAsyncTraces: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 250,
      reconnectJitter: 250,
      waitOnFirstConnect: false,
      timeout: 5_000,
    });
  } catch (error) {
    throw new BrokerUnavailable(`no NATS server answers at ${host}`, { cause: error });
  }
  checkServer(connection);
  return {
    connection,
    jetstream: connection.jetstream({ timeout: 5_000 }),
    manager: () => connection.jetstreamManager({ checkAPI: false, timeout: 5_000 }),
    close: () => connection.drain(),
  };
}

function checkServer(connection: NatsConnection): void {
  const { version = '0', jetstream } = connection.info ?? {};
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < OLDEST_SERVER[0] || (major === OLDEST_SERVER[0] && minor < OLDEST_SERVER[1])) {
    throw new BrokerDrift(`NATS server ${version} is older than ${OLDEST_SERVER.join('.')}`);
  }
  if (jetstream !== true) throw new BrokerDrift('the NATS server runs without JetStream (start it with -js)');
}

// Creates in the broker what the flow declares: streams, one durable consumer for each (message, listener), the bucket of transaction ids.
// Safe to run again; services check at their start that what they need is there (`findDrift`).
import {
  type AppName,
  appNames,
  buckets,
  consumerName,
  heardBy,
  type MessageName,
  messageFilter,
  messages,
  parkedStream,
  recentAnswersBucket,
  type StreamName,
  saidBy,
  stationClaimsBucket,
  streams,
  transactionIdsBucket,
} from '@evenkeel/contracts';
import {
  AckPolicy,
  type ConsumerConfig,
  DeliverPolicy,
  type JetStreamManager,
  NatsError,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats';
import type { Broker } from './broker';
import { BrokerDrift, BrokerUnavailable } from './errors';

/** A message that is not acknowledged within this time comes again. Longer than any handler may take. */
export const ACK_WAIT_MS = 60_000;
/** Messages of one consumer in the hands of all its readers at once: bounds memory and the work lost by a crash. */
export const MAX_ACK_PENDING = 256;
/** Repeated publications of one id within this time are dropped by the broker; after it the listeners' own ids take over. */
const DUPLICATE_WINDOW_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export interface ProvisionOptions {
  /** Copies of each stream: 1 on a laptop, 3 in production. */
  replicas: number;
}

/** @returns what was created or changed, one line each. */
export async function provision(broker: Broker, { replicas }: ProvisionOptions): Promise<string[]> {
  const manager = await broker.manager();
  const done: string[] = [];
  for (const config of [...(Object.keys(streams) as StreamName[]).map(streamConfig), parkedConfig()]) {
    if (await ensureStream(manager, { ...config, num_replicas: replicas })) done.push(`stream ${config.name}`);
  }
  for (const app of appNames) {
    for (const name of heardBy(app)) {
      if (await ensureConsumer(manager, messages[name].stream, consumerConfig(app, name))) done.push(`consumer ${consumerName(app, name)}`);
    }
  }
  // The bucket's stream numbers its entries; that number becomes an OCPP 1.6 transaction id, so entries are never removed.
  await broker.jetstream.views.kv(transactionIdsBucket.name, { history: 1, replicas, storage: StorageType.File });
  // Read from the leader only: a fence that may be behind is none.
  await broker.jetstream.views.kv(stationClaimsBucket.name, { history: 1, replicas, storage: StorageType.File, allow_direct: false });
  const answersTtlMs = recentAnswersBucket.maxAgeHours * HOUR_MS;
  await broker.jetstream.views.kv(recentAnswersBucket.name, { history: 1, replicas, storage: StorageType.File, ttl: answersTtlMs });
  return done;
}

/**
 * Compares what a service needs with what the broker has.
 * @throws BrokerDrift naming every difference; the service must not start. BrokerUnavailable when the broker falls silent meanwhile.
 */
export async function findDrift(broker: Broker, app: AppName): Promise<void> {
  const manager = await broker.manager();
  const differences: string[] = [];
  for (const name of [...saidBy(app), ...heardBy(app)]) {
    const wanted = streamConfig(messages[name].stream);
    const info = await ifThere(manager.streams.info(wanted.name));
    if (!info) differences.push(`stream ${wanted.name} is missing`);
    else if (!sameSubjects(info.config.subjects, wanted.subjects)) {
      differences.push(`stream ${wanted.name} listens to ${info.config.subjects.join(' ')} instead of ${wanted.subjects.join(' ')}`);
    }
  }
  for (const name of heardBy(app)) {
    const wanted = consumerConfig(app, name);
    const info = await ifThere(manager.consumers.info(messages[name].stream, wanted.durable_name));
    if (!info) differences.push(`consumer ${wanted.durable_name} is missing`);
    else if (info.config.filter_subject !== wanted.filter_subject) {
      differences.push(`consumer ${wanted.durable_name} filters ${info.config.filter_subject} instead of ${wanted.filter_subject}`);
    }
  }
  for (const { name, usedBy } of buckets) {
    if (usedBy === app && !(await ifThere(manager.streams.info(`KV_${name}`)))) differences.push(`bucket ${name} is missing`);
  }
  if (differences.length > 0) {
    throw new BrokerDrift(
      `the broker differs from the flow: ${[...new Set(differences)].join('; ')}. Run the provisioning of @evenkeel/messaging.`,
    );
  }
}

function streamConfig(name: StreamName) {
  const said = (Object.keys(messages) as MessageName[]).filter((message) => messages[message].stream === name);
  return {
    name,
    subjects: said.map(messageFilter),
    max_age: nanos(streams[name].maxAgeDays * DAY_MS),
    ...durable,
  };
}

function parkedConfig() {
  const { name, subject, maxAgeDays } = parkedStream;
  return { name, subjects: [`${subject}.*`], max_age: nanos(maxAgeDays * DAY_MS), ...durable };
}

const durable = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  duplicate_window: nanos(DUPLICATE_WINDOW_MS),
} as const;

function consumerConfig(app: AppName, name: MessageName) {
  return {
    durable_name: consumerName(app, name),
    filter_subject: messageFilter(name),
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    ack_wait: nanos(ACK_WAIT_MS),
    max_ack_pending: MAX_ACK_PENDING,
    max_deliver: -1,
  } satisfies Partial<ConsumerConfig>;
}

async function ensureStream(
  manager: JetStreamManager,
  config: Partial<StreamConfig> & { name: string; subjects: string[] },
): Promise<boolean> {
  const info = await ifThere(manager.streams.info(config.name));
  if (!info) {
    await manager.streams.add(config);
    return true;
  }
  if (sameSubjects(info.config.subjects, config.subjects) && info.config.max_age === config.max_age) return false;
  await manager.streams.update(config.name, config);
  return true;
}

async function ensureConsumer(manager: JetStreamManager, stream: string, config: ReturnType<typeof consumerConfig>): Promise<boolean> {
  const info = await ifThere(manager.consumers.info(stream, config.durable_name));
  if (info && info.config.filter_subject === config.filter_subject && info.config.max_ack_pending === config.max_ack_pending) return false;
  await manager.consumers.add(stream, config);
  return true;
}

/** What the broker does not have is undefined; a broker that does not answer tells nothing about what it has. */
async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NatsError && error.api_error?.code === 404) return undefined;
    throw new BrokerUnavailable('the broker does not tell what it holds', { cause: error });
  }
}

function sameSubjects(a: readonly string[], b: readonly string[]): boolean {
  return [...a].sort().join(' ') === [...b].sort().join(' ');
}

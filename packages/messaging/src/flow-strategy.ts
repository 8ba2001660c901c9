// Carries the flow's messages and requests to Nest's handlers. A message is acknowledged after its handler's work is done, comes again
// with growing pauses after an operational error, and is parked with its reason when it can never be handled. (Nest's own NATS transport
// is at most once and swallows a failing handler.)
import {
  type Answer,
  type AppName,
  answeredBy,
  consumerName,
  type Delivered,
  type HeldRequest,
  heardBy,
  isHeldRequest,
  type MessageName,
  messages,
  mismatch,
  Problem,
  parkedStream,
  parseStorable,
  type RequestName,
  requestSubject,
  requests,
} from '@evenkeel/contracts';
import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import { type ConsumerMessages, headers, type JsMsg, type Msg, type Subscription } from 'nats';
import { isObservable, lastValueFrom } from 'rxjs';
import type { Broker } from './broker';
import { databaseCode, isDatabaseAway } from './database-away';
import { OperationalError, UnreadableMessage } from './errors';
import { findDrift, MAX_ACK_PENDING } from './provision';

/** What the strategy tells about each message and request, for metrics and logs. */
export interface FlowObserver {
  handled(kind: 'message' | 'request', name: string, outcome: string, seconds: number): void;
  failed(kind: 'message' | 'request', name: string, error: unknown, fate: 'retried' | 'parked' | 'refused'): void;
}

/** Attempts at a message whose handler fails for a reason of its own, before the message is parked. */
const BUG_ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 30_000;
/** How long a stopping service waits for the handlers at work. */
const STOP_DEADLINE_MS = 10_000;

export class FlowStrategy extends Server implements CustomTransportStrategy {
  private readonly consumers: ConsumerMessages[] = [];
  private readonly answering: Subscription[] = [];
  private readonly atWork = new Set<Promise<void>>();

  constructor(
    private readonly broker: Broker,
    private readonly app: AppName,
    private readonly observer: FlowObserver,
  ) {
    super();
  }

  listen(callback: (error?: unknown) => void): void {
    this.start().then(() => callback(), callback);
  }

  async close(): Promise<void> {
    await Promise.all([
      ...this.consumers.map((consumer) => consumer.close()),
      ...this.answering.map((subscription) => subscription.drain()),
    ]);
    const deadline = new Promise<void>((resolve) => setTimeout(resolve, STOP_DEADLINE_MS).unref());
    await Promise.race([Promise.allSettled(this.atWork), deadline]);
  }

  /** Begins to answer requests. A service hears before it answers: messages can wait for it, and those who ask can ask another replica. */
  answer(): void {
    for (const name of answeredBy(this.app)) {
      if (!isHeldRequest(name)) this.answerTo(name, this.handlerOf(name));
    }
  }

  on(): void {
    throw new Error('the flow has no transport events; use the observer');
  }

  unwrap<T>(): T {
    return this.broker.connection as T;
  }

  private async start(): Promise<void> {
    await findDrift(this.broker, this.app);
    // What it will be asked must have a handler before it hears anything.
    for (const name of answeredBy(this.app)) if (!isHeldRequest(name)) this.handlerOf(name);
    for (const name of heardBy(this.app)) await this.hear(name, this.handlerOf(name));
  }

  private handlerOf(name: string): MessageHandler {
    const handler = this.messageHandlers.get(name);
    if (!handler) throw new Error(`${this.app} has no handler for ${name}`);
    return handler;
  }

  private async hear(name: MessageName, handler: MessageHandler): Promise<void> {
    const consumer = await this.broker.jetstream.consumers.get(messages[name].stream, consumerName(this.app, name));
    const callback = (message: JsMsg) => {
      const work = this.handleMessage(name, handler, message).finally(() => this.atWork.delete(work));
      this.atWork.add(work);
    };
    this.consumers.push(await consumer.consume({ max_messages: MAX_ACK_PENDING, callback }));
  }

  private async handleMessage(name: MessageName, handler: MessageHandler, message: JsMsg): Promise<void> {
    const startedAt = performance.now();
    const attempt = message.info.redeliveryCount;
    try {
      const delivered: Delivered = { messageId: message.headers?.get('Nats-Msg-Id') ?? `${message.seq}`, attempt };
      await run(handler, readable(name, message), delivered);
      message.ack();
      this.observer.handled('message', name, 'done', (performance.now() - startedAt) / 1000);
    } catch (error) {
      await this.settle(name, message, attempt, error);
    }
  }

  /** Nothing is lost here: a message either comes again or is parked before it is taken off. */
  private async settle(name: MessageName, message: JsMsg, attempt: number, error: unknown): Promise<void> {
    const hopeless = error instanceof UnreadableMessage || (!isOperational(error) && attempt >= BUG_ATTEMPTS);
    this.observer.failed('message', name, error, hopeless ? 'parked' : 'retried');
    if (hopeless && (await this.park(message, error))) message.term();
    else message.nak(Math.min(100 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS));
  }

  private async park(message: JsMsg, error: unknown): Promise<boolean> {
    const parked = headers();
    parked.set('Evenkeel-Subject', message.subject);
    parked.set(
      'Evenkeel-Reason',
      (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).replaceAll(/\s+/g, ' ').slice(0, 500),
    );
    try {
      const msgID = `${this.app}/${message.info.stream}/${message.seq}`;
      await this.broker.jetstream.publish(`${parkedStream.subject}.${this.app}`, message.data, { headers: parked, msgID });
      return true;
    } catch (failure) {
      this.observer.failed('message', 'parked', failure, 'retried');
      return false;
    }
  }

  private answerTo(name: Exclude<RequestName, HeldRequest>, handler: MessageHandler): void {
    // The queue group lets exactly one replica answer.
    const subscription = this.broker.connection.subscribe(requestSubject(name), {
      queue: this.app,
      callback: (failure, message) => {
        if (failure) return this.observer.failed('request', name, failure, 'refused');
        const work = this.handleRequest(name, handler, message).finally(() => this.atWork.delete(work));
        this.atWork.add(work);
      },
    });
    this.answering.push(subscription);
  }

  private async handleRequest(name: RequestName, handler: MessageHandler, message: Msg): Promise<void> {
    const startedAt = performance.now();
    let answer: Answer<unknown>;
    try {
      const request = parseStorable(message.string());
      const wrong = mismatch(requests[name].request, request);
      if (wrong !== undefined) throw new Problem('invalid', wrong);
      answer = { ok: true, value: await run(handler, request, undefined) };
    } catch (error) {
      answer = { ok: false, problem: problemOf(error) };
      if (!(error instanceof Problem)) this.observer.failed('request', name, error, 'refused');
    }
    message.respond(Buffer.from(JSON.stringify(answer)));
    this.observer.handled('request', name, answer.ok ? 'done' : answer.problem.code, (performance.now() - startedAt) / 1000);
  }
}

async function run(handler: MessageHandler, data: unknown, context: unknown): Promise<unknown> {
  const result: unknown = await handler(data, context);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
}

function readable(name: MessageName, message: JsMsg): unknown {
  let value: unknown;
  try {
    value = parseStorable(message.string());
  } catch (error) {
    throw new UnreadableMessage(`${message.subject} is not JSON`, { cause: error });
  }
  const wrong = mismatch(messages[name].schema, value);
  if (wrong !== undefined) throw new UnreadableMessage(`${message.subject}: ${wrong}`);
  return value;
}

function isOperational(error: unknown): boolean {
  if (error instanceof OperationalError) return true;
  if (error instanceof Problem) return error.code === 'unavailable' || error.code === 'timeout';
  // The event store's own operational error; its package is not a dependency of this one.
  return error instanceof Error && (error.name === 'StoreUnavailable' || isDatabaseSilent(error));
}

/** SQLSTATE classes: no connection (08), no room for one (53), a server that an operator stops (57P). */
const OVERTAXED = /^(08...|53...|57P..)$/;

/** Beside a database that is away: one that takes nobody in. */
function isDatabaseSilent(error: Error): boolean {
  return (
    isDatabaseAway(error) || OVERTAXED.test(databaseCode(error)) || error.message.startsWith('timeout exceeded when trying to connect')
  );
}

function problemOf(error: unknown): { code: Problem['code']; detail: string } {
  if (error instanceof Problem) return { code: error.code, detail: error.message };
  if (isOperational(error)) return { code: 'unavailable', detail: error instanceof Error ? error.message : String(error) };
  return { code: 'unavailable', detail: 'the service failed; its log says why' };
}

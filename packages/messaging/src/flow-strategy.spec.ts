// The transport against a real nats-server: what becomes of a message by the way its handler ends.
import { answeredBy, heardBy, idOf, type Message, Problem, parkedStream } from '@evenkeel/contracts';
import { type RunningNats, startNats } from '@evenkeel/testkit';
import { type Broker, connectBroker } from './broker';
import { BrokerDrift, BrokerUnavailable, OperationalError } from './errors';
import { type FlowObserver, FlowStrategy } from './flow-strategy';
import { findDrift, provision } from './provision';
import { Publisher } from './publisher';
import { Requester } from './requester';
import { TransactionIds } from './transaction-ids';

const ACCOUNT = 'TEST';
const party = 'US-CHG';
let nats: RunningNats;
let gateway: Broker;
let ledger: Broker;
let console: Broker;

beforeAll(async () => {
  nats = await startNats({ platforms: [{ name: ACCOUNT, passwordOf: (user) => `password-of-${user}` }] });
  const admin = await connectBroker(nats.urlOf(ACCOUNT, 'provision'), 'console');
  await provision(admin, { replicas: 1 });
  await admin.close();
  gateway = await connectBroker(nats.urlOf(ACCOUNT, 'ocpp-gateway'), 'ocpp-gateway');
  ledger = await connectBroker(nats.urlOf(ACCOUNT, 'session-ledger'), 'session-ledger');
  console = await connectBroker(nats.urlOf(ACCOUNT, 'console'), 'console');
});
afterAll(async () => {
  for (const broker of [gateway, ledger, console]) await broker?.close();
  await nats?.stop();
});

function batch(name: string): Message<'stationFacts'> {
  const now = '2026-03-01T10:00:00.000Z';
  const fact = { factId: idOf(name), party, stationId: 'CP1', ocppVersion: '1.6' as const, at: now, receivedAt: now, messageId: name };
  return { facts: [{ ...fact, kind: 'station-connection-changed', connected: true }] };
}

/** The ledger's strategy with handlers of the test's own in place of Nest's. */
async function listen(handlers: Record<string, (data: never) => Promise<unknown>>, answers = true) {
  const failures: string[] = [];
  const observer: FlowObserver = { handled: () => undefined, failed: (_kind, name, _error, fate) => failures.push(`${name} ${fate}`) };
  const strategy = new FlowStrategy(ledger, 'session-ledger', observer);
  const nothing = async () => undefined;
  const heard: string[] = heardBy('session-ledger');
  for (const name of [...heard, ...answeredBy('session-ledger')]) {
    strategy.addHandler(name, (handlers[name] ?? nothing) as never, heard.includes(name));
  }
  await new Promise<void>((resolve, fail) => strategy.listen((error) => (error ? fail(error) : resolve())));
  if (answers) strategy.answer();
  // The broker has heard of the subscriptions before anybody on another connection asks.
  await ledger.connection.flush();
  return { strategy, failures };
}

async function until(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 1000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(condition()).toBe(true);
}

const say = (name: string) => new Publisher<'ocpp-gateway'>(gateway).say('stationFacts', party, batch(name), name);

describe('a message', () => {
  it('is heard once, is not lost while nobody listens, and a repeated publication is dropped', async () => {
    await say('first');
    await say('first');
    const heard: string[] = [];
    const { strategy } = await listen({
      stationFacts: async ({ facts }: Message<'stationFacts'>) => void heard.push(facts[0]?.messageId ?? ''),
    });
    await say('second');
    await until(() => heard.length === 2);
    expect(heard).toEqual(['first', 'second']);
    await strategy.close();
  });

  it('comes again after an operational error until it is handled', async () => {
    let attempts = 0;
    const { strategy, failures } = await listen({
      stationFacts: async () => {
        attempts += 1;
        if (attempts < 3) throw new OperationalError('the store is away');
      },
    });
    await say('retried');
    await until(() => attempts === 3);
    expect(failures).toEqual(['stationFacts retried', 'stationFacts retried']);
    await strategy.close();
  });

  it.each([
    ['a server that starts', { code: '57P03', message: 'the database system is starting up' }],
    ['a broken connection', { message: 'Connection terminated unexpectedly' }],
  ])('comes again for as long as the database is away: %s', async (name, failure) => {
    let attempts = 0;
    const { strategy, failures } = await listen({
      stationFacts: async () => {
        attempts += 1;
        if (attempts < 6) throw Object.assign(new Error(failure.message), failure);
      },
    });
    await say(name);
    await until(() => attempts === 6);
    expect(new Set(failures)).toEqual(new Set(['stationFacts retried']));
    await strategy.close();
  });

  it('that cannot be read is parked with its reason, and the next one is heard', async () => {
    const heard: string[] = [];
    const { strategy, failures } = await listen({
      stationFacts: async ({ facts }: Message<'stationFacts'>) => void heard.push(facts[0]?.messageId ?? ''),
    });
    await gateway.jetstream.publish(`fact.us-chg`, Buffer.from('{"facts":[{"kind":"nonsense"}]}'), { msgID: 'unreadable' });
    await say('after it');
    await until(() => heard.length === 1 && failures.length === 1);
    expect(failures).toEqual(['stationFacts parked']);
    const admin = await connectBroker(nats.urlOf(ACCOUNT, 'provision'), 'console');
    const parked = await (await admin.manager()).streams.getMessage(parkedStream.name, {
      last_by_subj: `${parkedStream.subject}.session-ledger`,
    });
    expect(parked.header.get('Evenkeel-Reason')).toMatch(/^UnreadableMessage: fact\.us-chg: /);
    expect(parked.string()).toContain('nonsense');
    await admin.close();
    await strategy.close();
  });

  it('brings no text that a database cannot hold', async () => {
    const heard: string[] = [];
    const { strategy } = await listen({
      stationFacts: async ({ facts }: Message<'stationFacts'>) => void heard.push(facts[0]?.messageId ?? ''),
    });
    await say('zero\0byte');
    await until(() => heard.length === 1);
    expect(heard).toEqual(['zero\ufffdbyte']);
    await strategy.close();
  });

  it('whose handler has a bug is parked after a few attempts', async () => {
    let attempts = 0;
    const { strategy, failures } = await listen({
      stationFacts: async () => {
        attempts += 1;
        throw new TypeError('undefined is not a function');
      },
    });
    await say('bug');
    await until(() => failures.includes('stationFacts parked'));
    expect(attempts).toBe(5);
    await strategy.close();
  });

  it('may be said by its own service only', async () => {
    const foreign = new Publisher<'ocpp-gateway'>(ledger);
    await expect(foreign.say('stationFacts', party, batch('forged'), 'forged')).rejects.toThrow(BrokerUnavailable);
  });
});

describe('a request', () => {
  it('is answered, refused with its own problem, or refused because it does not fit', async () => {
    const { strategy } = await listen({
      listSessions: async () => ({ items: [] }),
      getSession: async ({ sessionId }: { sessionId: string }) => {
        throw new Problem('not-found', `there is no session ${sessionId}`);
      },
      sessionTimeline: async () => {
        throw new TypeError('a bug');
      },
    });
    const requester = new Requester<'console'>(console);
    expect(await requester.ask('listSessions', {})).toEqual({ items: [] });
    await expect(requester.ask('getSession', { sessionId: 'x' })).rejects.toMatchObject({
      code: 'not-found',
      message: 'there is no session x',
    });
    await expect(requester.ask('listSessions', { limit: 0 })).rejects.toMatchObject({ code: 'invalid' });
    await expect(requester.ask('sessionTimeline', { sessionId: 'x' })).rejects.toMatchObject({ code: 'unavailable' });
    await strategy.close();
  });

  it('is left to other replicas while a service hears but does not answer yet', async () => {
    const heard: string[] = [];
    const early = await listen(
      { stationFacts: async ({ facts }: Message<'stationFacts'>) => void heard.push(facts[0]?.messageId ?? '') },
      false,
    );
    await say('heard early');
    await until(() => heard.length === 1);
    const requester = new Requester<'console'>(console);
    await expect(requester.ask('listSessions', {})).rejects.toMatchObject({ code: 'unavailable' });
    const ready = await listen({ listSessions: async () => ({ items: [], next: 'from the ready one' }) });
    for (let i = 0; i < 10; i++) expect(await requester.ask('listSessions', {})).toEqual({ items: [], next: 'from the ready one' });
    await Promise.all([early.strategy.close(), ready.strategy.close()]);
  });

  it('to a service or a station that is not there fails at once', async () => {
    const requester = new Requester<'console'>(console);
    const startedAt = Date.now();
    await expect(requester.ask('listCdrs', {})).rejects.toMatchObject({ code: 'unavailable' });
    const call = { party, stationId: 'CP1', call: { kind: 'raw' as const, action: 'ClearCache', payload: {} } };
    const registry = await connectBroker(nats.urlOf(ACCOUNT, 'registry'), 'registry');
    await expect(new Requester<'registry'>(registry).callStation(call)).rejects.toMatchObject({ code: 'offline' });
    expect(Date.now() - startedAt).toBeLessThan(2_000);
    await registry.close();
  });
});

describe('the broker', () => {
  it('is checked for what the flow declares before a service listens', async () => {
    await expect(findDrift(ledger, 'session-ledger')).resolves.toBeUndefined();
    const admin = await connectBroker(nats.urlOf(ACCOUNT, 'provision'), 'console');
    await (await admin.manager()).consumers.delete('SESSIONS', 'billing_session-completed');
    const billing = await connectBroker(nats.urlOf(ACCOUNT, 'billing'), 'billing');
    await expect(findDrift(billing, 'billing')).rejects.toThrow(BrokerDrift);
    expect(await provision(admin, { replicas: 1 })).toEqual(['consumer billing_session-completed']);
    await expect(findDrift(billing, 'billing')).resolves.toBeUndefined();
    await billing.close();
    await admin.close();
  });

  it('that falls silent while it is checked lacks nothing', async () => {
    const own = await startNats({ platforms: [{ name: ACCOUNT, passwordOf: () => 'password' }] });
    const broker = await connectBroker(own.urlOf(ACCOUNT, 'billing'), 'billing');
    await own.process.kill();
    await expect(findDrift(broker, 'billing')).rejects.toThrow(BrokerUnavailable);
    await broker.connection.close();
    await own.stop();
  });

  it('that is not there is reported as such', async () => {
    await expect(connectBroker('nats://nobody:nothing@127.0.0.1:1', 'billing')).rejects.toThrow(BrokerUnavailable);
  });
});

describe('transaction ids', () => {
  it('are one integer a key for ever, and what was remembered first comes back', async () => {
    const ids = new TransactionIds(gateway);
    const first = await ids.issue('key-1', { status: 'Accepted' });
    const other = await ids.issue('key-2', { status: 'Accepted' });
    const repeated = await new TransactionIds(gateway).issue('key-1', { status: 'Blocked' });
    expect(first.transactionId).toBeGreaterThan(0);
    expect(other.transactionId).not.toBe(first.transactionId);
    expect(repeated).toEqual({ transactionId: first.transactionId, remembered: { status: 'Accepted' }, repeated: true });
  });

  it('are not issued twice when a hundred repetitions come at once', async () => {
    const ids = new TransactionIds(gateway);
    const issued = await Promise.all(Array.from({ length: 100 }, () => ids.issue('key-3', {})));
    expect(new Set(issued.map(({ transactionId }) => transactionId)).size).toBe(1);
    expect(issued.filter(({ repeated }) => !repeated)).toHaveLength(1);
  });
});

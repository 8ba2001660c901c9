// What a station is told of the cost of its transaction in the answers to its events.
import { requestSubject } from '@evenkeel/contracts';
import { type Broker, connectBroker } from '@evenkeel/messaging';
import { GatewayUnderTest } from './gateway-under-test';
import { RawStation } from './raw-station';

let gateway: GatewayUnderTest;
let ledger: Broker;
const asked: string[] = [];
/** What the ledger knows of the cost; undefined while it is silent. */
let answer: { cost?: { amount: string; currency: string } } | undefined;

beforeAll(async () => {
  gateway = await GatewayUnderTest.start();
  gateway.registry.tokens.set('OK1', { verdict: 'Accepted' });
  ledger = await connectBroker(gateway.urlOf('session-ledger'), 'session-ledger');
  ledger.connection.subscribe(requestSubject('sessionCost'), {
    callback: (_, message) => {
      asked.push(message.json<{ factId: string }>().factId);
      if (answer) message.respond(Buffer.from(JSON.stringify({ ok: true, value: answer })));
    },
  });
  await ledger.connection.flush();
});
afterAll(async () => {
  await ledger.close();
  await gateway.stop();
});
beforeEach(() => {
  asked.length = 0;
});

async function station(identity: string) {
  gateway.registry.register(identity);
  const raw = await RawStation.connect(gateway.url, { identity, protocols: ['ocpp2.0.1'] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  let seqNo = 0;
  return async (eventType: string, change: object = {}) => {
    const timestamp = new Date(Date.UTC(2026, 2, 1, 10, seqNo)).toISOString();
    const transactionInfo = { transactionId: 'tx-1' };
    const event = { eventType, timestamp, triggerReason: 'MeterValuePeriodic', seqNo, transactionInfo, ...change };
    const [type, , payload] = await raw.call(`m${seqNo++}`, 'TransactionEvent', event);
    expect(type).toBe(3);
    return payload;
  };
}

it('T2-11, TX-85, TX-86: the running cost at most every minute, the final cost always, 0 where it is free', async () => {
  const say = await station('COST-1');
  answer = { cost: { amount: '0.90', currency: 'USD' } };
  expect(await say('Started')).toEqual({});
  expect(await say('Updated')).toEqual({ totalCost: 0.9 });
  expect(await say('Updated')).toEqual({});
  answer = { cost: { amount: '0.00', currency: 'USD' } };
  expect(await say('Ended')).toEqual({ totalCost: 0 });
  const facts = gateway.factsOf('COST-1', 'transaction-reported').filter(({ phase }) => phase !== 'started');
  expect(asked).toEqual([facts[0]?.factId, facts[2]?.factId]);
});

it('V21-07, TX-95: takes the cost that a station has calculated with its end, and the end all the same where it failed', async () => {
  gateway.registry.register('COST-3');
  const raw = await RawStation.connect(gateway.url, { identity: 'COST-3', protocols: ['ocpp2.1'] });
  if (!(raw instanceof RawStation)) throw new Error(`refused with ${raw.status}`);
  const costDetails = {
    totalCost: { currency: 'USD', typeOfCost: 'NormalCost', total: { exclTax: 1.8, inclTax: 2.16 } },
    totalUsage: { energy: 4, chargingTime: 4200, idleTime: 1800 },
  };
  for (const [seqNo, details] of [costDetails, { ...costDetails, failureToCalculate: true }].entries()) {
    const timestamp = '2026-03-01T10:00:00Z';
    const transactionInfo = { transactionId: `tx-${seqNo}` };
    const event = { eventType: 'Ended', timestamp, triggerReason: 'EVDeparted', seqNo, transactionInfo, costDetails: details };
    expect((await raw.call(`m${seqNo}`, 'TransactionEvent', event))[0]).toBe(3);
  }
  const [calculated, failed] = gateway.factsOf('COST-3', 'transaction-reported');
  const stationCost = { currency: 'USD', beforeTaxes: '1.8', afterTaxes: '2.16', durationSeconds: 4200, idleSeconds: 1800 };
  expect(calculated?.stationCost).toEqual(stationCost);
  expect(failed).not.toHaveProperty('stationCost');
});

it('TX-67, TX-86: leaves out what is not known, does not wait long for it, and asks nothing about the past', async () => {
  const say = await station('COST-2');
  await say('Started');
  expect(await say('Updated', { offline: true })).toEqual({});
  expect(asked).toEqual([]);
  answer = {};
  expect(await say('Updated')).toEqual({});
  answer = undefined;
  const before = Date.now();
  expect(await say('Ended')).toEqual({});
  expect(Date.now() - before).toBeLessThan(2_000);
});

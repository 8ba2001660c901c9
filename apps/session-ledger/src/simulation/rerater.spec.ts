// Sessions that were billed by a price that was wrong, over the real book: each is billed anew once, and what cannot be is said.
import { Problem, type Tariff } from '@evenkeel/contracts';
import { OperatorDecisions } from '../session/operator-decisions';
import { at, ended, promptly, reading, sessionId, started, terms } from '../session/session-scenarios';
import { LedgerUnderTest } from '../testing/ledger-under-test';
import { Rerater } from './rerater';
import { TariffComparison } from './tariff-comparison';

const agreed = terms();
const cheaper: Tariff = {
  ...agreed.tariff,
  lastUpdated: '2026-03-02T00:00:00.000Z',
  elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.40', stepSize: 1 }] }],
};
const request = {
  actor: { operator: 'ada' },
  party: 'US-CHG',
  tariffId: 'DAY',
  reason: 'typed wrong',
  from: at('00:00'),
  to: at('23:00'),
} as const;

let ledger: LedgerUnderTest;
let inForce: Tariff;
let rerater: Rerater;
const asked: object[] = [];

beforeEach(async () => {
  ledger = new LedgerUnderTest({ policy: promptly, terms: () => agreed, startMs: Date.parse(at('12:00')) });
  await ledger.hear(started('10:00', '0'), reading('10:30', '3000'), ended('11:00', '4000'));
  inForce = cheaper;
  asked.length = 0;
  const billedIn = async (query: object) => {
    asked.push(query);
    return { sessionIds: [sessionId], next: 'more' };
  };
  const ask = async (_name: string, question: object) => {
    asked.push(question);
    return inForce as never;
  };
  const comparison = new TariffComparison(ledger.book, { billedIn }, true);
  rerater = new Rerater(comparison, new OperatorDecisions(ledger.book), { ask }, () => at('13:00'));
});
afterEach(() => ledger.stop());

it('bills a session by the tariff that is in force now, and says from what to what', async () => {
  // 4 kWh at 0.45, and at 0.40.
  expect(await rerater.rerate({ ...request, insteadOf: 'DAY', sessions: 7, after: 'here' })).toEqual({
    ...{ currency: 'USD', tariffLastUpdated: cheaper.lastUpdated, rerated: 1, before: '1.80', now: '1.60', same: 0 },
    ...{ notPriced: [], next: 'more' },
  });
  expect(asked).toEqual([
    { party: 'US-CHG', tariffId: 'DAY', at: at('13:00') },
    { from: request.from, to: request.to, party: 'US-CHG', tariffId: 'DAY', sessions: 7, after: 'here' },
  ]);
  const [rerated, amended] = (await ledger.eventsOf(sessionId)).slice(-2);
  const data = { tariffId: cheaper.id, tariffLastUpdated: cheaper.lastUpdated, reason: 'typed wrong' };
  expect(rerated).toEqual({ type: 'SessionRerated', data });
  expect(amended).toMatchObject({ type: 'SessionAmended', data: { session: { terms: { ...agreed, tariff: cheaper } } } });
});

it('bills it anew only once, however often it is asked', async () => {
  await rerater.rerate(request);
  const { length } = await ledger.eventsOf(sessionId);
  expect(await rerater.rerate(request)).toMatchObject({ rerated: 0, before: '0.00', now: '0.00', same: 1 });
  expect(await ledger.eventsOf(sessionId)).toHaveLength(length);
});

it('goes by the new tariff also where a late fact amends the session afterwards', async () => {
  await rerater.rerate(request);
  await ledger.hear(reading('10:45', '3500'));
  const { terms: kept } = await ledger.book.stateOf(sessionId);
  expect(kept?.tariff).toEqual(cheaper);
});

it('leaves a session that comes to the same', async () => {
  inForce = { ...agreed.tariff, lastUpdated: cheaper.lastUpdated };
  expect(await rerater.rerate(request)).toMatchObject({ rerated: 0, same: 1 });
});

it('says which session has no bill that stands, and why', async () => {
  await new OperatorDecisions(ledger.book).take(sessionId, { kind: 'deny', reason: 'goodwill' }, 'ada');
  expect(await rerater.rerate(request)).toMatchObject({
    rerated: 0,
    notPriced: [{ reason: `${sessionId}: only a session whose bill stands can be billed by another tariff`, sessions: 1 }],
  });
});

it('refuses a span without length, and a tariff that is not registered', async () => {
  await expect(rerater.rerate({ ...request, to: request.from })).rejects.toMatchObject({ code: 'invalid' });
  const ask = async (): Promise<never> => {
    throw new Problem('not-found', 'there is no tariff DAY');
  };
  const without = new Rerater({ of: () => Promise.reject(new Error('not reached')) } as never, { take: ask }, { ask }, () => at('13:00'));
  await expect(without.rerate(request)).rejects.toMatchObject({ code: 'not-found' });
});

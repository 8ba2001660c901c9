// Prices over REST, before a session and long after it, with a stand-in for the ledger.
import type { Quote, Rerating } from '@evenkeel/contracts';
import * as examples from './api/examples';
import { authenticate, ConsoleUnderTest, PARTY } from './console-under-test';

const quote: Quote = {
  ...{ tariffId: 'CHG-KWH', tariffLastUpdated: '2026-01-01T08:00:00.000Z', currency: 'USD', endsAt: '2026-03-01T11:00:00.000Z' },
  ...{ due: '9.00', beforeTaxes: '9.00', text: ['Energy: 20.000 kWh at 0.45 USD per kWh = 9.00 USD (period 1)', 'Total: 9.00 USD'] },
};
const rerating: Rerating = {
  ...{ currency: 'USD', tariffLastUpdated: '2026-04-02T08:00:00.000Z', rerated: 2, before: '90.00', now: '9.00', same: 1 },
  ...{ notPriced: [{ reason: 'it was billed in EUR', sessions: 1 }], next: '2026-03-02T10:00:00.000Z/7' },
};

let rest: ConsoleUnderTest;
beforeAll(async () => {
  rest = await ConsoleUnderTest.start();
  await rest.standIn('registry', { authenticateOperator: authenticate });
  await rest.standIn('session-ledger', { quoteSession: () => quote, rerateSessions: () => rerating });
});
afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

/** What the ledger was asked. */
const asked = () => rest.asked.filter(({ name }) => name !== 'authenticateOperator').map(({ request }) => request);

describe('a quote', () => {
  it('is asked for with numbers of a plan, at a time or for now', async () => {
    const headers = await rest.login('viewer', 'viewer-password');
    const plan = 'evseId=1&energyWh=20000&chargingSeconds=3600';
    const path = `/api/stations/CP%201/quote?${plan}`;
    expect((await rest.call('GET', `${path}&startsAt=2026-03-01T10:00:00.000Z&language=es`, { headers })).body).toEqual(quote);
    await rest.call('GET', path, { headers });
    const question = { party: PARTY, stationId: 'CP 1', evseId: 1, energyWh: 20_000, chargingSeconds: 3_600 };
    expect(asked()).toEqual([
      { ...question, startsAt: '2026-03-01T10:00:00.000Z', language: 'es' },
      { ...question, startsAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) },
    ]);
  });

  it.each(['energyWh=20000', 'energyWh=-1&chargingSeconds=60', 'energyWh=1&chargingSeconds=0', 'energyWh=x&chargingSeconds=60'])(
    'is refused without a plan that could be: %s',
    async (plan) => {
      const headers = await rest.login('viewer', 'viewer-password');
      expect((await rest.call('GET', `/api/stations/CP1/quote?${plan}`, { headers })).status).toBe(400);
      expect(asked()).toEqual([]);
    },
  );
});

describe('billing sessions by another price', () => {
  it("is an admin's, and says who wanted it and why", async () => {
    const headers = await rest.login('admin', 'admin-password');
    expect((await rest.call('POST', '/api/tariffs/rerate', { headers, body: examples.rerating })).body).toEqual(rerating);
    expect(asked()).toEqual([{ ...examples.rerating, party: PARTY, actor: { operator: 'admin' } }]);
    const operator = await rest.login('operator', 'operator-password');
    expect((await rest.call('POST', '/api/tariffs/rerate', { headers: operator, body: examples.rerating })).status).toBe(403);
  });

  it('is refused without a reason', async () => {
    const headers = await rest.login('admin', 'admin-password');
    const { reason: _, ...body } = examples.rerating;
    expect((await rest.call('POST', '/api/tariffs/rerate', { headers, body })).status).toBe(400);
  });
});

// Retail tariffs and the bills of our drivers over REST, with a stand-in for billing.
import { type DriverBill, type DriverBillSummary, Problem, type RetailTariff, type UnbilledPurchase } from '@evenkeel/contracts';
import { authenticate, ConsoleUnderTest, PARTY } from './console-under-test';

const [at, until] = ['2026-03-01T18:00:00.000Z', '2026-03-01T19:00:00.000Z'];
const tariff: DriverBill['tariff'] = {
  ...{ countryCode: 'US', partyId: 'CHG', id: 'HOME', currency: 'USD', taxIncluded: 'N/A', lastUpdated: at },
  elements: [{ priceComponents: [{ type: 'ENERGY', price: '0.60', stepSize: 1 }] }],
};
const measured = { startedAt: at, endedAt: until, currency: 'USD', energyWh: '10000', durationSeconds: 3600, periods: [], credit: false };
const bill: DriverBill = {
  ...{ ...measured, billId: 'b1', party: PARTY, payer: { party: PARTY, key: 'a'.repeat(32), type: 'RFID' }, timeZone: 'UTC', tariff },
  ...{ partnerCdr: { partnerId: 'p1', party: 'NL-ABC', cdrId: 'theirs' }, parkingSeconds: 0, flags: [], issuedAt: until },
  total: { beforeTaxes: '6.00' },
  lines: [{ dimension: 'ENERGY', beforeTaxes: '6.00', rule: 'measured', because: [], text: 'Energy' }],
};
const { tariff: _, periods: _periods, lines: _lines, ...short } = bill;
const summary: DriverBillSummary = { ...short, number: 3, tariffId: 'HOME' };
const { periods: _none, ...claimed } = measured;
const purchase: UnbilledPurchase = {
  ...{ purchaseId: 'p-1', reason: 'cannot-be-priced', detail: 'not an ISO 4217 currency: "QQQ"' },
  cdr: {
    ...{ ...claimed, ...bill.partnerCdr, token: { key: 'a'.repeat(32), type: 'RFID' }, buyer: PARTY },
    ...{ total: { beforeTaxes: '4.60' }, lastUpdated: until },
  },
};
const chosen: RetailTariff = { scope: 'default', tariffId: 'HOME', since: at };

let rest: ConsoleUnderTest;
let viewer: Record<string, string>;
let operator: Record<string, string>;
let admin: Record<string, string>;

beforeAll(async () => {
  rest = await ConsoleUnderTest.start();
  await rest.standIn('registry', { authenticateOperator: authenticate });
  await rest.standIn('billing', {
    listRetailTariffs: () => ({ items: [chosen] }),
    setRetailTariff: ({ scope, tariffId }) => {
      if (tariffId === 'NONE') throw new Problem('not-found', 'there is no tariff NONE');
      return { items: [{ ...chosen, scope, tariffId }] };
    },
    removeRetailTariff: () => ({ items: [] }),
    listDriverBills: () => ({ items: [summary], next: 'b1' }),
    getDriverBill: ({ billId }) => {
      if (billId !== 'b1') throw new Problem('not-found', `there is no bill ${billId}`);
      return { ...bill, number: 3 };
    },
    explainDriverBill: ({ billId, language }) => ({
      ...{ billId, total: bill.total, currency: 'USD', lines: bill.lines, text: [language === 'es' ? 'Energía' : 'Energy'] },
    }),
    listUnbilled: () => ({ items: [purchase] }),
    billPurchase: ({ purchaseId }) => {
      if (purchaseId !== 'p-1') throw new Problem('conflict', 'CDR theirs is not billed: no-retail-tariff');
      return bill;
    },
  });
  const headersOf = (name: string) => rest.login(name, `${name}-password`);
  [viewer, operator, admin] = [await headersOf('viewer'), await headersOf('operator'), await headersOf('admin')];
});
afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

const asked = () => rest.asked.filter(({ name }) => name !== 'authenticateOperator').map(({ request }) => request);

it('has an admin choose the retail tariff, of our own party where none is named, and says who it was', async () => {
  const choose = (headers: Record<string, string>, path: string, tariffId = 'HOME') =>
    rest.call('PUT', `/api/retail-tariffs/${path}`, { headers, body: { tariffId } });
  expect((await choose(operator, 'default')).status).toBe(403);
  const { status, body } = await choose(admin, 'NL-ABC?party=DE-ABC');
  expect([status, body.items]).toEqual([200, [{ ...chosen, scope: 'NL-ABC' }]]);
  await choose(admin, 'default');
  expect(asked()).toEqual([
    { actor: { operator: 'admin' }, party: 'DE-ABC', scope: 'NL-ABC', tariffId: 'HOME' },
    { actor: { operator: 'admin' }, party: PARTY, scope: 'default', tariffId: 'HOME' },
  ]);
  expect([(await choose(admin, 'everywhere')).status, (await choose(admin, 'default', 'NONE')).status]).toEqual([400, 404]);
  expect((await rest.call('GET', '/api/retail-tariffs', { headers: viewer })).body.items).toEqual([chosen]);
  expect((await rest.call('DELETE', '/api/retail-tariffs/NL-ABC', { headers: admin })).body.items).toEqual([]);
  expect(asked().at(-1)).toEqual({ actor: { operator: 'admin' }, party: PARTY, scope: 'NL-ABC' });
});

it('tells bills in pages, one bill, and why it costs what it costs', async () => {
  const { body, headers } = await rest.call('GET', '/api/driver-bills?cdrId=theirs&limit=1', { headers: viewer });
  expect(body.items).toEqual([summary]);
  expect(headers.get('link')).toContain('after=b1');
  expect(asked()).toEqual([{ cdrId: 'theirs', limit: 1 }]);
  expect((await rest.call('GET', '/api/driver-bills/b1', { headers: viewer })).body).toEqual({ ...bill, number: 3 });
  expect((await rest.call('GET', '/api/driver-bills/other', { headers: viewer })).status).toBe(404);
  expect((await rest.call('GET', '/api/driver-bills/b1/explanation?language=es', { headers: viewer })).body.text).toEqual(['Energía']);
  expect((await rest.call('GET', '/api/driver-bills?from=2026-02-31T00:00:00Z', { headers: viewer })).status).toBe(400);
});

it('makes the invoice for a bill as PDF', async () => {
  const { status, headers, text } = await rest.call('GET', '/api/driver-bills/b1/invoice.pdf', { headers: viewer });
  expect([status, headers.get('content-type'), text.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
});

it('tells what is billed to nobody and why, and lets an operator have it billed', async () => {
  expect((await rest.call('GET', '/api/unbilled-purchases?reason=cannot-be-priced', { headers: viewer })).body.items).toEqual([purchase]);
  expect((await rest.call('GET', '/api/unbilled-purchases?reason=whatever', { headers: viewer })).status).toBe(400);
  const have = (purchaseId: string, headers: Record<string, string>) =>
    rest.call('POST', `/api/unbilled-purchases/${purchaseId}/bill`, { headers });
  expect((await have('p-1', viewer)).status).toBe(403);
  expect((await have('p-1', operator)).body).toEqual(bill);
  expect(asked().at(-1)).toEqual({ actor: { operator: 'operator' }, purchaseId: 'p-1' });
  const refused = await have('p-2', operator);
  expect([refused.status, refused.body.detail]).toEqual([409, 'CDR theirs is not billed: no-retail-tariff']);
});

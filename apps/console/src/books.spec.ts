// The books over REST, with a stand-in for billing.
import type { Cdr, CdrSummary, CdrView, Dispute, Reconciliation, Request, StatementLine, TrialBalance } from '@evenkeel/contracts';
import { authenticate, ConsoleUnderTest, PARTY } from './console-under-test';
import { invoiceOf } from './invoice/invoice';
import { invoiceDocument } from './invoice/invoice-document';

const partner = 'NL-MYU';
const lines: StatementLine[] = [
  {
    ...{ ...line(1, 'a', '19.04'), taxes: [{ percentage: '19', amount: '3.04' }] },
    delivery: { status: 'delivered', at: '2026-03-01T18:00:05.000Z' },
  },
  {
    ...line(2, 'a-CR', '-19.04'),
    credit: true,
    creditReferenceId: 'a',
    taxes: [{ percentage: '19', amount: '-3.04' }],
    delivery: { status: 'waiting' },
  },
  {
    ...{ ...line(3, 'odd "id", with a comma', '16.00'), taxes: [{ percentage: '7', amount: '0' }, { amount: '0' }] },
    delivery: { status: 'parked', at: '2026-03-08T18:00:00.000Z', reason: 'refused with 2001: tariff, unknown' },
  },
];
const reconciliation: Reconciliation = {
  ...{ cdrs: 3, credits: 1, delivered: 1, waiting: 1, parked: 1, agrees: false },
  sums: [{ currency: 'EUR', due: '16.00', delivered: '19.04', waiting: '-19.04', parked: '16.00' }],
};
const balance: TrialBalance = {
  party: PARTY,
  accounts: [{ account: 'receivable/driver', currency: 'USD', debit: '20.00', credit: '0.00', balance: '20.00' }],
  totals: [{ currency: 'USD', debit: '20.00', credit: '20.00', balance: '0.00' }],
  findings: [],
};

const amounts = { currency: 'EUR', energyWh: '30000', startedAt: '2026-03-01T18:00:00.000Z', endedAt: '2026-03-01T18:50:00.000Z' };
const summary: CdrSummary = {
  ...{ cdrId: 'ours', direction: 'issued', party: PARTY, ...amounts },
  ...{ totalBeforeTaxes: '20.00', credit: false, issuedAt: '2026-03-01T20:00:00.000Z' },
};
const cdr = {
  ...summary,
  lines: [],
  total: { beforeTaxes: '20.00' },
  place: { name: 'Site', address: '1 Street', city: 'City', timeZone: 'UTC' } as Partial<Cdr['place']> as Cdr['place'],
  payer: { party: PARTY, key: 'a'.repeat(32), type: 'RFID' } as Partial<Cdr['payer']> as Cdr['payer'],
} as Partial<Cdr> as Cdr;

const dispute: Dispute = {
  ...{ disputeId: 'd1', status: 'open', partnerId: 'p1', party: partner, cdrId: 'theirs', currency: 'EUR' },
  ...{ claimed: '4.60', computed: '4.50', openedAt: '2026-03-01T20:00:00.000Z' },
};

let rest: ConsoleUnderTest;
let headers: Record<string, string>;

beforeAll(async () => {
  rest = await ConsoleUnderTest.start({ INVOICE_SELLERS: JSON.stringify({ [PARTY]: { name: 'Chargem Inc.' } }) });
  await rest.standIn('registry', { authenticateOperator: authenticate });
  await rest.standIn('billing', {
    trialBalance: ({ through }) => ({ ...balance, ...(through ? { through } : {}) }),
    settlementStatement: pageOf,
    listDisputes: ({ status }) => ({ items: status === 'accepted' ? [] : [dispute] }),
    acceptDispute: ({ disputeId, acceptance, actor }) => ({
      ...dispute,
      disputeId,
      status: 'accepted',
      note: `${actor.operator}: ${acceptance.note}`,
    }),
    getCdr: ({ cdrId }) => ({ ...summary, cdrId, ...(cdrId === 'ours' ? { number: 17, cdr } : {}) }),
  });
  headers = await rest.login('viewer', 'viewer-password');
});
afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

function line(number: number, cdrId: string, due: string): StatementLine {
  const at = '2026-03-01T18:00:00.000Z';
  const times = { startedAt: at, endedAt: at, issuedAt: at };
  return { number, cdrId, credit: false, sessionId: 's', ...times, energyWh: '30000', currency: 'EUR', beforeTaxes: due, due };
}

/** Tells two lines at a time, whatever is asked for: more come with `next`. */
function pageOf({ party, partner: of, month, after = '0' }: Request<'settlementStatement'>) {
  const from = Number(after);
  const next = from + 2 < lines.length ? { next: String(from + 2) } : {};
  return { party, partner: of, month, totals: [], reconciliation, items: lines.slice(from, from + 2), ...next };
}

const asked = () => rest.asked.filter(({ name }) => name !== 'authenticateOperator').map(({ request }) => request);

it('tells the trial balance of our own party, or of the one that is named', async () => {
  const { status, body } = await rest.call('GET', '/api/trial-balance', { headers });
  expect([status, body]).toEqual([200, balance]);
  expect((await rest.call('GET', '/api/trial-balance?party=DE-ABC&through=2026-02', { headers })).body.through).toBe('2026-02');
  expect(asked()).toEqual([{ party: PARTY }, { party: 'DE-ABC', through: '2026-02' }]);
});

it('tells a statement in pages, and where the next one is', async () => {
  const first = await rest.call('GET', `/api/statements?partner=${partner}&month=2026-03&limit=2`, { headers });
  expect([first.status, first.body.items, first.body.reconciliation]).toEqual([200, lines.slice(0, 2), reconciliation]);
  const next = /<(.+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
  const second = await rest.call('GET', next, { headers });
  expect([second.body.items, second.headers.get('link')]).toEqual([lines.slice(2), null]);
  expect(asked()).toEqual([
    { party: PARTY, partner, month: '2026-03', limit: 2 },
    { party: PARTY, partner, month: '2026-03', limit: 2, after: '2' },
  ]);
});

it('tells all lines of a statement as one table', async () => {
  const { status, headers: told, text } = await rest.call('GET', `/api/statements.csv?partner=${partner}&month=2026-03`, { headers });
  expect([status, told.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8']);
  const at = '2026-03-01T18:00:00.000Z';
  expect(text.split('\r\n')).toEqual([
    'number,cdr_id,credit,credit_reference_id,session_id,started_at,ended_at,issued_at,energy_wh,currency,before_taxes,taxes,due,delivery,delivery_at,delivery_reason',
    `1,a,false,,s,${at},${at},${at},30000,EUR,19.04,19%: 3.04,19.04,delivered,2026-03-01T18:00:05.000Z,`,
    `2,a-CR,true,a,s,${at},${at},${at},30000,EUR,-19.04,19%: -3.04,-19.04,waiting,,`,
    `3,"odd ""id"", with a comma",false,,s,${at},${at},${at},30000,EUR,16.00,7%: 0; 0,16.00,parked,2026-03-08T18:00:00.000Z,"refused with 2001: tariff, unknown"`,
    '',
  ]);
});

it.each(['', '?partner=NL-MYU', '?month=2026-03', '?partner=NL-MYU&month=2026-13', '?partner=nobody&month=2026-03'])(
  'refuses a statement of "%s", as a table too',
  async (query) => {
    for (const path of ['statements', 'statements.csv']) {
      const { status, body } = await rest.call('GET', `/api/${path}${query}`, { headers });
      expect([status, body.code]).toEqual([400, 'invalid']);
    }
    expect(asked()).toEqual([]);
  },
);

it('makes the invoice for a CDR as PDF, and none for what is not ours to invoice', async () => {
  const { status, headers: told, text } = await rest.call('GET', '/api/cdrs/ours/invoice.pdf', { headers });
  expect([status, told.get('content-type'), text.slice(0, 5)]).toEqual([200, 'application/pdf', '%PDF-']);
  // As many bytes as it has with its seller, and not as it has without.
  const view = { ...summary, number: 17, cdr } as CdrView;
  expect(text.length).toBe(asText(await invoiceDocument(invoiceOf(view, { [PARTY]: { name: 'Chargem Inc.' } }))).length);
  expect(text.length).not.toBe(asText(await invoiceDocument(invoiceOf(view))).length);
  const foreign = await rest.call('GET', '/api/cdrs/foreign/invoice.pdf', { headers });
  expect([foreign.status, foreign.body.code]).toEqual([404, 'not-found']);
});

/** As `fetch` reads it. */
function asText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

it('does not start with sellers that do not fit, and says where', async () => {
  const start = ConsoleUnderTest.start({ INVOICE_SELLERS: '{"US-CHG": {"name": "Chargem Inc.", "adress": ["1 Street"]}}' });
  await expect(start).rejects.toThrow('INVOICE_SELLERS /US-CHG must NOT have additional properties: adress');
});

it('tells disputes with partners, and lets an operator accept one', async () => {
  expect((await rest.call('GET', '/api/disputes', { headers })).body.items).toEqual([dispute]);
  expect((await rest.call('GET', '/api/disputes?status=accepted', { headers })).body.items).toEqual([]);
  expect((await rest.call('GET', '/api/disputes?status=won', { headers })).status).toBe(400);
  const accept = { method: 'POST', path: '/api/disputes/d1/accept', body: { note: 'by phone' } };
  expect((await rest.call(accept.method, accept.path, { headers, body: accept.body })).status).toBe(403);
  const operator = await rest.login('operator', 'operator-password');
  const { status, body } = await rest.call(accept.method, accept.path, { headers: operator, body: accept.body });
  expect([status, body]).toEqual([200, { ...dispute, status: 'accepted', note: 'operator: by phone' }]);
});

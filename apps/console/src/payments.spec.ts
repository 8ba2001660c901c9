// Payment terminals of a provider over REST, with a stand-in for the bridge.
import type { FinancialAdvice, PaymentTerminal, TerminalTold } from '@evenkeel/contracts';
import { Problem } from '@evenkeel/contracts';
import { paymentPaths } from './api/payment-paths';
import { authenticate, ConsoleUnderTest } from './console-under-test';

const lastUpdated = '2026-03-01T10:00:00.000Z';
const terminal: PaymentTerminal = { partner: 'NL-PTP', terminalId: 'T-1', locationIds: ['LOC-7'], evseUids: [], lastUpdated };
const told: TerminalTold = { partner: 'NL-PTP', terminalId: 'T-1', toldAt: lastUpdated };
const advice: FinancialAdvice = {
  ...{ partner: 'NL-PTP', confirmationId: 'F-1', authorizationReference: 'tap-1', currency: 'EUR', lastUpdated },
  ...{ totalCosts: { beforeTaxes: '12.5' }, eftData: ['Debit'], captureStatus: 'SUCCESS' },
};

let rest: ConsoleUnderTest;
beforeAll(async () => {
  rest = await ConsoleUnderTest.start();
  await rest.standIn('registry', { authenticateOperator: authenticate });
  await rest.standIn('ocpi-bridge', {
    listPaymentTerminals: () => ({ items: [terminal], next: 't-1' }),
    listFinancialAdvice: () => ({ items: [advice] }),
    activatePaymentTerminal: () => told,
    deactivatePaymentTerminal: () => {
      throw new Problem('conflict', 'NL-PTP refused with 2001 it is not active');
    },
    placePaymentTerminal: () => terminal,
    changePaymentTerminal: () => terminal,
  });
});
afterAll(() => rest.stop());
beforeEach(() => {
  rest.asked.length = 0;
});

const asked = () => rest.asked.filter(({ name }) => name !== 'authenticateOperator');
const actor = { operator: 'operator' };
const base = '/api/partners/NL-PTP';

describe('payment terminals', () => {
  it.each([
    ['POST', 'terminals/activate', paymentPaths.activatePaymentTerminal.example, 'activatePaymentTerminal', 'activation', told],
    ['PUT', 'terminals/T-1/places', paymentPaths.placePaymentTerminal.example, 'placePaymentTerminal', 'places', terminal],
    ['PATCH', 'terminals/T-1', paymentPaths.changePaymentTerminal.example, 'changePaymentTerminal', 'change', terminal],
  ])('%s %s is handed on', async (method, path, body, name, wish, answer) => {
    const headers = await rest.login('operator', 'operator-password');
    expect(await rest.call(method, `${base}/${path}`, { headers, body })).toMatchObject({ status: 200, body: answer });
    const named = path.includes('T-1') ? { terminalId: 'T-1' } : {};
    expect(asked()).toEqual([{ name, request: { actor, partner: 'NL-PTP', ...named, [wish]: body } }]);
  });

  it('are seen by a viewer, page by page, and what was captured by its reference', async () => {
    const headers = await rest.login('viewer', 'viewer-password');
    expect((await rest.call('GET', `${base}/terminals?limit=1&after=a`, { headers })).body).toEqual({ items: [terminal], next: 't-1' });
    const found = await rest.call('GET', `${base}/financial-advice?authorizationReference=tap-1`, { headers });
    expect(found.body).toEqual({ items: [advice] });
    expect(asked().map(({ request }) => request)).toEqual([
      { partner: 'NL-PTP', limit: 1, after: 'a' },
      { partner: 'NL-PTP', authorizationReference: 'tap-1' },
    ]);
    expect((await rest.call('POST', `${base}/terminals/T-1/deactivate`, { headers })).status).toBe(403);
  });

  it('are not told what no provider understands, and a refusal of the provider is a conflict', async () => {
    const headers = await rest.login('operator', 'operator-password');
    const places = { locationIds: ['LOC-7'] };
    expect((await rest.call('PUT', `${base}/terminals/T-1/places`, { headers, body: places })).status).toBe(400);
    expect((await rest.call('PATCH', `${base}/terminals/T-1`, { headers, body: { invoiceBaseUrl: 'nowhere' } })).status).toBe(400);
    expect(asked()).toEqual([]);
    expect((await rest.call('POST', `${base}/terminals/T-1/deactivate`, { headers })).status).toBe(409);
  });
});

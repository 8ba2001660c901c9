// Terminals and financial advice confirmations: ours are strict, and those of providers are read in every spelling that the module's own text has.
import { knownFields } from '../wire-schema';
import { financialAdvice, terminal } from './fixtures';
import { FinancialAdviceConfirmation, fromConfirmation, fromTerminal, paymentObjects } from './payments';

const owner = { owner: 'NL-PTP' };
const written = '2026-03-01T10:00:00.000Z';

describe('a terminal', () => {
  it('PAY-1: is read and written as it is', () => {
    const ours = { ...terminal, last_updated: written };
    const read = paymentObjects.terminal.read(ours, owner);
    expect(read).toEqual({ ok: true, value: ours });
    expect(paymentObjects.terminal.write(ours)).toEqual({ ok: true, wire: ours, losses: [] });
  });

  it.each([
    ['is its id at first', { terminal_id: 'T-1' }],
    ['may have an address of invoices without a scheme', { ...terminal, invoice_base_url: 'invoices.example/' }],
    ['may have words that came later', { ...terminal, invoice_creator: 'EMSP', battery: 'full', state: null }],
    ['may name its customer by party', { terminal_id: 'T-1', country_code: 'us', party_id: 'chg', location_ids: [] }],
  ])('PAY-1: %s', (_, sent) => {
    expect(paymentObjects.terminal.read(sent, owner)).toMatchObject({ ok: true, value: { terminal_id: sent.terminal_id } });
  });

  it.each([
    ['no id', { ...terminal, terminal_id: undefined }],
    ['an id that is too long', { ...terminal, terminal_id: 'x'.repeat(37) }],
    ['a date that is none', { ...terminal, last_updated: 'yesterday' }],
    ['one location instead of a list', { ...terminal, location_ids: 'HARBOR' }],
  ])('PAY-1: is not read with %s', (_, sent) => {
    expect(paymentObjects.terminal.read(sent, owner)).toMatchObject({ ok: false });
  });

  it.each([
    ['without a date', { terminal_id: 'T-1' }, /last_updated/],
    ['with a word of its own', { ...terminal, last_updated: written, invoice_creator: 'EMSP' }, /invoice_creator/],
    ['with an address that is none', { ...terminal, last_updated: written, invoice_base_url: 'invoices' }, /invoice_base_url/],
  ])('PAY-3: is not said %s', (_, ours, reason) => {
    expect(paymentObjects.terminal.write(ours)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it('is shown to operators in our words', () => {
    expect(fromTerminal(terminal)).toEqual({
      ...{ terminalId: terminal.terminal_id, customerReference: 'CHARGEM-OAKLAND', place: '12 Harbor Street, 94607, Oakland, USA' },
      ...{ invoiceBaseUrl: 'https://invoices.chargem.example/', invoiceCreator: 'CPO', reference: 'SN-40017' },
      ...{ locationIds: ['HARBOR'], evseUids: ['HARBOR-1'], lastUpdated: written },
    });
    expect(fromTerminal({ terminal_id: 'T-1', last_updated: written })).toEqual({
      ...{ terminalId: 'T-1', locationIds: [], evseUids: [], lastUpdated: written },
    });
  });
});

describe('a financial advice confirmation', () => {
  it('PAY-2: is read as it is, and is what a strict validator takes', () => {
    const read = paymentObjects.confirmation.read(financialAdvice, owner);
    expect(read).toEqual({ ok: true, value: financialAdvice });
    const strict = { ...financialAdvice, last_updated: written };
    expect(paymentObjects.confirmation.write(strict)).toEqual({ ok: true, wire: strict, losses: [] });
    const { eft_data: _, ...without } = strict;
    expect(paymentObjects.confirmation.write(without)).toEqual({ ok: false, reason: expect.stringMatching(/eft_data/) });
  });

  it.each([
    ['with one tax', { excl_vat: 12.5, incl_vat: 15 }, { before_taxes: 12.5, taxes: [{ name: 'VAT', amount: 2.5 }] }],
    ['without any', { excl_vat: 0, incl_vat: 0 }, { before_taxes: 0, taxes: [] }],
    ['of unknown taxes', { excl_vat: 3 }, { before_taxes: 3 }],
  ])('PAY-2: may say its price as OCPI 2.2.1 does, %s', (_, total_costs, canonical) => {
    const read = paymentObjects.confirmation.read({ ...financialAdvice, total_costs }, owner);
    expect(read).toEqual({ ok: true, value: { ...financialAdvice, total_costs: canonical } });
  });

  it('PAY-2: may say of a capture that failed no more than that', () => {
    const { eft_data: _, ...failed } = { ...financialAdvice, capture_status_code: 'FAILED' };
    expect(paymentObjects.confirmation.read(failed, owner)).toEqual({ ok: true, value: failed });
  });

  it.each([
    ['no reference', { ...financialAdvice, authorization_reference: undefined }],
    ['no price', { ...financialAdvice, total_costs: {} }],
    ['a price in words', { ...financialAdvice, total_costs: { before_taxes: 'twelve' } }],
    ['no outcome', { ...financialAdvice, capture_status_code: '' }],
  ])('PAY-2: is not read with %s', (_, sent) => {
    expect(paymentObjects.confirmation.read(sent, owner)).toMatchObject({ ok: false });
  });

  it('is shown to operators in our words, and what we do not know of it is left out where it is kept', () => {
    expect(fromConfirmation(financialAdvice)).toEqual({
      ...{ confirmationId: financialAdvice.id, authorizationReference: 'tap-20260301-0042', currency: 'EUR' },
      totalCosts: { beforeTaxes: '12.5', afterTaxes: '15', taxes: [{ name: 'VAT', percentage: '20', amount: '2.5' }] },
      ...{ eftData: financialAdvice.eft_data, captureStatus: 'SUCCESS', captureMessage: 'captured' },
      lastUpdated: '2026-03-01T11:00:00.000Z',
    });
    expect(knownFields(FinancialAdviceConfirmation, { ...financialAdvice, cardholder: 'Ada' } as never)).toEqual(financialAdvice);
  });
});

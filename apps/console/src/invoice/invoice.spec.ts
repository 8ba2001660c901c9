// Invoices, read back from the bytes of the PDF.
import type { Cdr, CdrView, NumberedDriverBill } from '@evenkeel/contracts';
import { pdfText } from '@evenkeel/testkit';
import { invoiceOf, invoiceOfBill } from './invoice';
import { invoiceDocument } from './invoice-document';

const line = (text: string, beforeTaxes: string) => ({ text, beforeTaxes, rule: 'measured', because: [] });
const issued: Partial<Cdr> = {
  ...{ cdrId: 'c-1', party: 'DE-ABC', currency: 'EUR', energyWh: '30000', credit: false, issuedAt: '2026-03-01T20:00:00.000Z' },
  ...{ startedAt: '2026-03-01T18:00:00.000Z', endedAt: '2026-03-01T18:50:00.000Z' },
  payer: { party: 'DE-ABC', key: 'a'.repeat(32), type: 'RFID', verdict: 'Accepted', authMethod: 'WHITELIST' },
  place: { name: 'Łódź Żabiniec', address: 'Straße 1', city: '東京', timeZone: 'Europe/Berlin' } as Cdr['place'],
  lines: [line('Energy: 30 kWh at 0.56 EUR per kWh', '16.80'), line('Parking time: 8 minutes at 24.00 EUR per hour', '3.20')],
  total: {
    ...{ beforeTaxes: '20.00', afterTaxes: '23.42' },
    taxes: [
      { percentage: '19', amount: '3.20' },
      { percentage: '7', amount: '0.22' },
    ],
  },
};
const viewOf = (change: Partial<Cdr> = {}, number: number | undefined = 17): CdrView => {
  const cdr = { ...issued, ...change } as Cdr;
  return { cdrId: cdr.cdrId, cdr, ...(number === undefined ? {} : { number }) } as CdrView;
};

async function textOf(view: CdrView, sellers: Parameters<typeof invoiceOf>[1] = {}): Promise<string> {
  return pdfText(await invoiceDocument(invoiceOf(view, sellers)));
}

describe('an invoice', () => {
  it('shows what it is for, the taxes by rate, the number and the total', async () => {
    const text = await textOf(viewOf());
    expect(text.split('\n')).toEqual(
      expect.arrayContaining([
        'Invoice DE-ABC-17',
        'Date: 2026-03-01',
        'Energy: 30000 Wh',
        'CDR c-1',
        `Token: RFID, reference ${'a'.repeat(32)}`,
      ]),
    );
    expect(text).toContain('From 2026-03-01 19:00 (Europe/Berlin) to 2026-03-01 19:50 (Europe/Berlin)');
    const figures = text.slice(text.indexOf('For')).split('\n');
    expect(figures).toEqual(expect.arrayContaining(['16.80', 'Energy: 30 kWh at 0.56 EUR per kWh', '3.20', '20.00', 'Before taxes']));
    expect(figures.slice(-6)).toEqual(['3.20', 'Tax at 19 %', '0.22', 'Tax at 7 %', '23.42 EUR', 'Total']);
  });

  it('names its seller, with address and tax number, above what it is for, on a credit note too', async () => {
    const seller = { name: 'Ladestrom GmbH', address: ['Hauptstraße 7', '10115 Berlin', 'Germany'], taxNumber: 'DE 123 456 789' };
    const lines = ['Ladestrom GmbH', 'Hauptstraße 7', '10115 Berlin', 'Germany', 'Tax number: DE 123 456 789'];
    for (const view of [viewOf(), viewOf({ credit: true })]) {
      const text = (await textOf(view, { 'DE-ABC': seller, 'US-CHG': { name: 'Another' } })).split('\n');
      expect(text.slice(2, 7)).toEqual(lines);
      expect(text.slice(0, 2)).toEqual([expect.stringContaining('DE-ABC-17'), 'Date: 2026-03-01']);
      expect(text.join()).not.toContain('Another');
    }
    expect((await textOf(viewOf(), { 'DE-ABC': { name: 'Ladestrom GmbH' } })).split('\n')[3]).toContain('Charging at');
  });

  it('of a party whose seller is not known names the party', async () => {
    const text = (await textOf(viewOf(), { 'US-CHG': { name: 'Another' } })).split('\n');
    expect(text.slice(0, 3)).toEqual(['Invoice DE-ABC-17', 'Date: 2026-03-01', expect.stringContaining('Charging at')]);
  });

  it('shows letters that its fonts do not know as near as it can', async () => {
    expect(await textOf(viewOf())).toContain('Charging at ?ódz Zabiniec, Straße 1, ??');
  });

  it('is the same bytes each time', async () => {
    const [first, second] = await Promise.all([invoiceDocument(invoiceOf(viewOf())), invoiceDocument(invoiceOf(viewOf()))]);
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  });

  it('goes on with another page where one does not hold it', async () => {
    const lines = Array.from({ length: 120 }, (_, index) => line(`Energy of period ${index}`, '1.00'));
    const text = await textOf(viewOf({ lines }));
    expect(lines.filter(({ text: of }) => !text.includes(of))).toEqual([]);
    expect(text).toContain('23.42 EUR');
  });

  it('says where the taxes are not known', async () => {
    const text = await textOf(viewOf({ total: { beforeTaxes: '20.00' } }));
    expect(text.split('\n').slice(-2)).toEqual(['20.00 EUR', 'Total, taxes not included']);
    expect(text).not.toContain('Tax at');
  });

  it('is a credit note for a credit, which names what it takes back', async () => {
    const total = { beforeTaxes: '-20.00', afterTaxes: '-23.42', taxes: [{ percentage: '19', amount: '-3.42' }] };
    const text = await textOf(viewOf({ credit: true, cdrId: 'c-1-CR', creditReferenceId: 'c-1', total }));
    expect(text).toContain('Credit note DE-ABC-17');
    expect(text).toContain('Takes back in full: CDR c-1');
    expect(text.split('\n').slice(-6)).toEqual(['-20.00', 'Before taxes', '-3.42', 'Tax at 19 %', '-23.42 EUR', 'Total']);
  });

  it('is made for drivers of our own only, and once the CDR has its number', () => {
    const roaming = { ...issued.payer, party: 'NL-MYU' } as Cdr['payer'];
    expect(() => invoiceOf(viewOf({ payer: roaming }))).toThrow('is owed by NL-MYU, on its statement');
    expect(() => invoiceOf({ cdrId: 'x' } as CdrView)).toThrow('only its issuer invoices it');
    const { number: _, ...unnumbered } = viewOf();
    expect(() => invoiceOf(unnumbered)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});

describe("an invoice for a driver's bill", () => {
  const { payer: _, place: _place, ...figures } = issued;
  const bill = {
    ...{
      ...figures,
      billId: 'b-1',
      number: 3,
      timeZone: 'America/Los_Angeles',
      payer: { party: 'DE-ABC', key: 'a'.repeat(32), type: 'RFID' },
    },
    partnerCdr: { partnerId: 'p', party: 'US-CHG', cdrId: 'theirs' },
    place: { locationId: 'L1', name: 'Oakland', address: '1 Broadway', city: 'Oakland' },
  } as NumberedDriverBill;

  it('has a number apart from those of CDRs, and names the operator, its CDR and where it was', async () => {
    const text = pdfText(await invoiceDocument(invoiceOfBill(bill, { 'DE-ABC': { name: 'Ladestrom GmbH' } }))).split('\n');
    expect(text.slice(0, 9)).toEqual([
      'Invoice DE-ABC-R3',
      'Date: 2026-03-01',
      'Ladestrom GmbH',
      'Charging at Oakland, 1 Broadway, Oakland',
      'Operator: US-CHG, CDR theirs',
      'From 2026-03-01 10:00 (America/Los_Angeles) to 2026-03-01 10:50 (America/Los_Angeles)',
      'Energy: 30000 Wh',
      'Bill b-1',
      `Token: RFID, reference ${'a'.repeat(32)}`,
    ]);
    expect(text.slice(-2)).toEqual(['23.42 EUR', 'Total']);
  });

  it('is a credit note for a credit, and there is none before the bill has its number', () => {
    const { place: _, ...credit } = { ...bill, billId: 'b-1-CR', credit: true, creditReferenceId: 'b-1' };
    expect(invoiceOfBill(credit)).toMatchObject({
      title: 'Credit note',
      lines: [],
      about: expect.arrayContaining(['Takes back in full: bill b-1']),
    });
    expect(invoiceOfBill(credit).about.join()).not.toContain('Charging at');
    const { number: _number, ...unnumbered } = bill;
    expect(() => invoiceOfBill(unnumbered)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});

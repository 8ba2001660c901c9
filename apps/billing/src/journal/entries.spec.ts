// What each movement of money is in the books.
import type { Cdr, PartnerCdr, SessionSnapshot } from '@evenkeel/contracts';
import { Money } from '@evenkeel/money';
import fc from 'fast-check';
import { creditOf, draftCdr } from '../cdr/draft-cdr';
import { completed } from '../testing/completed-session';
import { debtorOf } from './accounts';
import { claimEntry } from './claim-entry';
import type { JournalEntry } from './journal';
import { captureEntry, feeEntry, holdEntry, refundEntry, releaseEntry } from './payment-entries';
import { condensed, isBalanced } from './posting';
import { purchaseEntry } from './purchase-entry';

const issuedAt = '2026-03-01T20:00:00.000Z';
const eur = (amount: string) => Money.parse(amount, 'EUR');

/** In words: "receivable/... 23.80". */
function inWords(entry: JournalEntry | undefined): string[] {
  return condensed(entry?.postings ?? []).map(({ account, amount }) => `${account} ${amount}`);
}

function cdrOf(changes: Partial<SessionSnapshot> = {}, version = 1): Cdr {
  return draftCdr({ session: completed(changes), policy: { freeWithoutEnergy: true }, version, issuedAt });
}

/** At 19 % on energy and 7 % on parking, for a driver of the partner. */
function roamed(energyWh = '30000', prices = { energy: '0.56', parking: '24.00', minimum: '0' }): Cdr {
  const { terms, periods } = completed();
  const [charging, parking] = periods;
  const tariff: SessionSnapshot['terms']['tariff'] = {
    ...terms.tariff,
    currency: 'EUR',
    taxIncluded: 'NO',
    minPrice: { beforeTaxes: prices.minimum },
    elements: [
      {
        priceComponents: [
          { type: 'ENERGY', price: prices.energy, stepSize: 1, vat: '19' },
          { type: 'PARKING_TIME', price: prices.parking, stepSize: 60, vat: '7' },
        ],
      },
    ],
  };
  const payer = { ...terms.payer, party: 'NL-MYU' } as NonNullable<SessionSnapshot['terms']['payer']>;
  return cdrOf({ energyWh, periods: [{ ...charging, energyWh } as never, parking as never], terms: { ...terms, tariff, payer } });
}

describe('an issued CDR', () => {
  it('of a driver of our own is owed by the token, and is revenue by what it is for', () => {
    const cdr = cdrOf();
    expect(claimEntry(cdr)).toMatchObject({ party: 'US-CHG', kind: 'claim', reference: cdr.cdrId, at: issuedAt });
    expect(inWords(claimEntry(cdr))).toEqual([
      `receivable/driver/RFID/${'a'.repeat(32)} 20.00`,
      'revenue/energy -16.80',
      'revenue/parking -3.20',
    ]);
  });

  it('of a partner is owed by the partner, with the taxes by rate', () => {
    // 30 kWh at 0.56 are 16.80 and 19 % of it 3.192; 8 minutes at 24.00 an hour are 3.20 and 7 % of it 0.224: together 23.416, rounded once.
    expect(inWords(claimEntry(roamed()))).toEqual([
      'receivable/partner/NL-MYU 23.42',
      'revenue/energy -16.80',
      'revenue/parking -3.20',
      'tax-payable/19 -3.20',
      'tax-payable/7 -0.22',
    ]);
  });

  it('that a limit of the tariff has changed shows it as an adjustment', () => {
    expect(inWords(claimEntry(roamed('30000', { energy: '0.56', parking: '24.00', minimum: '25.00' })))).toContain(
      'revenue/adjustment -5.00',
    );
  });

  it('is taken back to the last cent by its credit', () => {
    const cdr = roamed();
    const credited = claimEntry(creditOf(cdr, issuedAt));
    expect(credited).toMatchObject({ kind: 'credit', reference: `${cdr.cdrId}-CR` });
    expect(condensed([...claimEntry(cdr).postings, ...credited.postings])).toEqual([]);
  });

  it('balances, and so does its credit, whatever the energy and the prices', () => {
    const price = fc.integer({ min: 0, max: 99_999 }).map((price) => (price / 1000).toFixed(3));
    const priced = fc.record({ energy: price, parking: price, minimum: price });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200_000_000 }), priced, (milliwattHours, prices) => {
        const cdr = roamed((milliwattHours / 1000).toFixed(3), prices);
        const claimed = claimEntry(cdr).postings;
        expect(isBalanced(claimed)).toBe(true);
        expect(condensed([...claimed, ...claimEntry(creditOf(cdr, issuedAt)).postings])).toEqual([]);
      }),
    );
  });
});

describe("a partner's CDR", () => {
  const claimed = (change: Partial<PartnerCdr> = {}): PartnerCdr => ({
    ...{ partnerId: 'p1', cdrId: 'c1', party: 'NL-MYU', token: { key: 'a'.repeat(32), type: 'RFID' }, buyer: 'US-CHG' },
    ...{ startedAt: issuedAt, endedAt: issuedAt, currency: 'EUR', energyWh: '1', durationSeconds: 1, periods: [], credit: false },
    ...{ total: { beforeTaxes: '10.00', afterTaxes: '11.90', taxes: [{ percentage: '19', amount: '1.90' }] }, lastUpdated: issuedAt },
    ...change,
  });
  const words = (change?: Partial<PartnerCdr>) => inWords(purchaseEntry(claimed(change), 'p', issuedAt));

  it('is owed to the partner, is a cost, and tax that was paid', () => {
    expect(words()).toEqual(['payable/partner/NL-MYU -11.90', 'cost/roaming 10.00', 'tax-receivable/19 1.90']);
    expect(words({ total: { beforeTaxes: '10.00' } })).toEqual(['payable/partner/NL-MYU -10.00', 'cost/roaming 10.00']);
  });

  it('is rounded to what can be paid, with the tax as one amount where its rates do not sum up', () => {
    const total = { beforeTaxes: '10.0049', afterTaxes: '11.9051', taxes: [{ percentage: '19', amount: '1.9002' }] };
    expect(words({ total })).toEqual(['payable/partner/NL-MYU -11.91', 'cost/roaming 10.00', 'tax-receivable/unspecified 1.91']);
  });

  it('that is a credit takes back, whether the partner has negated its total or not', () => {
    const back = ['payable/partner/NL-MYU 10.00', 'cost/roaming -10.00'];
    expect(words({ credit: true, total: { beforeTaxes: '-10.00' } })).toEqual(back);
    expect(words({ credit: true, total: { beforeTaxes: '10.00' } })).toEqual(back);
  });

  it('is not booked without a buyer, and cannot be in a currency that does not exist', () => {
    const { buyer: _, ...bought } = claimed();
    expect(purchaseEntry(bought, 'p', issuedAt)).toBeUndefined();
    expect(() => words({ currency: 'XTS' })).toThrow(RangeError);
  });
});

describe('a payment', () => {
  const debtor = debtorOf({ party: 'DE-ABC', payer: { party: 'DE-ABC', key: 'k', type: 'AD_HOC_USER' } });
  const payment = { party: 'DE-ABC', debtor, reference: 'pi_1', at: issuedAt };
  const hold = holdEntry(payment, eur('50.00'));
  const capture = captureEntry(payment, { held: eur('50.00'), captured: eur('23.41') });

  it('is held without being anybody’s money, and released again', () => {
    expect(inWords(hold)).toEqual(['held/provider 50.00', 'held/driver/AD_HOC_USER/k -50.00']);
    expect(condensed([...hold.postings, ...releaseEntry(payment, eur('50.00')).postings])).toEqual([]);
  });

  it('is captured up to the hold, which ends with it', () => {
    expect(inWords(capture)).toEqual([
      'held/provider -50.00',
      'held/driver/AD_HOC_USER/k 50.00',
      'clearing/provider 23.41',
      'receivable/driver/AD_HOC_USER/k -23.41',
    ]);
    expect(() => captureEntry(payment, { held: eur('50.00'), captured: eur('50.01') })).toThrow('more than the 50.00');
  });

  it('goes back where the bill is corrected, less the fee that the provider keeps', () => {
    const all = [hold, capture, refundEntry(payment, eur('3.41')), feeEntry(payment, eur('0.60'))];
    expect(all.every(({ postings }) => isBalanced(postings))).toBe(true);
    expect(condensed(all.flatMap(({ postings }) => postings)).map(({ account, amount }) => `${account} ${amount}`)).toEqual([
      'clearing/provider 19.40',
      'receivable/driver/AD_HOC_USER/k -20.00',
      'cost/payment-fees 0.60',
    ]);
  });
});

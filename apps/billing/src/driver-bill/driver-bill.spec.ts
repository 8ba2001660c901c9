// What a driver is billed for a partner's CDR, and what is not billed.
import type { Tariff } from '@evenkeel/contracts';
import { fold } from '@evenkeel/decider';
import { bought, provider, retailTariff } from '../testing/retail-tariffs';
import { billIdOf, creditOfBill, draftBill } from './draft-bill';
import { type DriverBillCommand, type DriverBillEvent, driverBill } from './driver-bill';

const issuedAt = '2026-03-01T19:02:00.000Z';
const policy = { freeWithoutEnergy: true };
const tariff = retailTariff('HOME', '0.60');

function drafted(change: Partial<typeof bought> = {}, by: Tariff = tariff) {
  const draft = draftBill({ cdr: { ...bought, ...change }, tariff: by, policy, issuedAt });
  if ('reason' in draft) throw new Error(`not billed: ${draft.reason} ${draft.detail}`);
  return draft;
}
const notBilled = (change: Partial<typeof bought> = {}, by: Tariff | undefined = tariff) =>
  draftBill({ cdr: { ...bought, ...change }, tariff: by, policy, issuedAt });

describe('a bill', () => {
  it('is the energy of the CDR at the prices of the retail tariff, with its lines, the tariff, the token and the CDR', () => {
    // 10 kWh at 0.60 and 10 % of it; the partner claims 4.60.
    const place = { locationId: 'L1', name: 'Site', address: '1 Street', city: 'City' };
    expect(drafted({ place, sessionId: 's1' })).toEqual({
      ...{ billId: billIdOf(bought), party: provider, payer: { party: provider, ...bought.token } },
      ...{ partnerCdr: { partnerId: 'p1', party: 'US-CHG', cdrId: 'c1', sessionId: 's1' }, place, timeZone: 'America/Los_Angeles' },
      ...{ startedAt: bought.startedAt, endedAt: bought.endedAt, periods: bought.periods, tariff, currency: 'USD' },
      ...{ energyWh: '10000', durationSeconds: 3600, parkingSeconds: 0, flags: [], credit: false, issuedAt },
      total: { beforeTaxes: '6.00', afterTaxes: '6.60', taxes: [{ percentage: '10', amount: '0.60' }] },
      lines: [
        expect.objectContaining({
          dimension: 'ENERGY',
          beforeTaxes: '6.00',
          afterTaxes: '6.60',
          unitPrice: '0.60',
          billedQuantity: '10000',
        }),
      ],
    });
  });

  it('of a CDR is one, over whichever connection and in whichever case its id comes', () => {
    expect(billIdOf({ ...bought, cdrId: 'C1' })).toBe(billIdOf(bought));
    expect(billIdOf({ ...bought, party: 'US-ABC' })).not.toBe(billIdOf(bought));
  });

  it('is priced as a whole by the retail tariff, whatever tariff the partner has priced a period by', () => {
    const [period] = bought.periods;
    if (period === undefined) throw new Error('the CDR has a period');
    expect(drafted({ periods: [{ ...period, tariffId: 'THEIRS' }] })).toEqual(drafted());
  });

  it('reads the times of its tariff in the time zone of the location', () => {
    // 18:00 UTC is 10:00 in Los Angeles and 19:00 in Berlin, where it is evening.
    const evening = {
      ...tariff,
      elements: [{ ...priced('0.90'), restrictions: { startTime: '17:00', endTime: '23:00' } }, priced('0.60')],
    };
    expect(drafted({}, evening).total.beforeTaxes).toBe('6.00');
    expect(drafted({ timeZone: 'Europe/Berlin' }, evening).total.beforeTaxes).toBe('9.00');
  });

  it('without energy is free where the party gives such sessions away', () => {
    const elements: Tariff['elements'] = [{ priceComponents: [{ type: 'FLAT', price: '1.00', stepSize: 1 }] }];
    const none = { energyWh: '0', periods: bought.periods.map((period) => ({ ...period, energyWh: '0' })) };
    expect(drafted(none, { ...tariff, taxIncluded: 'N/A', elements }).total.beforeTaxes).toBe('0.00');
    expect(drafted({}, { ...tariff, taxIncluded: 'N/A', elements }).total.beforeTaxes).toBe('1.00');
  });

  it('says where a period of the partner reaches over a change of our price', () => {
    const from = (restrictions: Tariff['elements'][number]['restrictions']) => {
      const elements = [{ ...priced('0.90'), ...(restrictions ? { restrictions } : {}) }, priced('0.60')];
      return drafted({}, { ...tariff, elements }).flags;
    };
    expect(from({ startTime: '10:30' })).toEqual(['period_spans_prices']);
    expect(from({ minDurationSeconds: 1800 })).toEqual(['period_spans_prices']);
    expect(from({ minKwh: '9.999' })).toEqual(['period_spans_prices']);
    for (const restrictions of [{ startTime: '10:00', endTime: '11:00' }, { minKwh: '10' }, { minDurationSeconds: 3600 }])
      expect(from(restrictions)).toEqual([]);
  });
});

describe('nothing is billed', () => {
  it('without a retail tariff', () => {
    expect(draftBill({ cdr: bought, tariff: undefined, policy, issuedAt })).toEqual({ reason: 'no-retail-tariff' });
  });

  it('where the price depends on a local time that is not known', () => {
    const { timeZone: _, ...nowhere } = bought;
    for (const restrictions of [{ startTime: '17:00' }, { startDate: '2026-03-01' }, { dayOfWeek: ['MONDAY' as const] }]) {
      const dependent = { ...tariff, elements: [{ ...priced('0.90'), restrictions }, priced('0.60')] };
      expect(draftBill({ cdr: nowhere, tariff: dependent, policy, issuedAt })).toEqual({ reason: 'no-time-zone' });
    }
    expect(draftBill({ cdr: nowhere, tariff, policy, issuedAt })).toMatchObject({ timeZone: 'UTC', total: { afterTaxes: '6.60' } });
  });

  it('in a currency that does not exist, or where the price before taxes is not said', () => {
    const reason = 'cannot-be-priced';
    expect(notBilled({}, { ...tariff, currency: 'QQQ' })).toEqual({ reason, detail: 'not an ISO 4217 currency: "QQQ"' });
    const elements: Tariff['elements'] = [{ priceComponents: [{ type: 'ENERGY', price: '0.60', stepSize: 1 }] }];
    expect(notBilled({}, { ...tariff, taxIncluded: 'YES', elements })).toEqual({
      ...{ reason, detail: 'the tariff does not determine the price before taxes' },
    });
  });
});

describe('the decider', () => {
  const bill: DriverBillCommand = { kind: 'bill', cdr: bought, tariff, policy, issuedAt };
  const credit: DriverBillCommand = { kind: 'credit', creditCdr: { partnerId: 'p2', cdrId: 'c1-CR' }, at: '2026-03-02T00:00:00.000Z' };
  const decide = (history: readonly DriverBillEvent[], command: DriverBillCommand) => driverBill.decide(fold(driverBill, history), command);
  const issued: DriverBillEvent = { type: 'DriverBillIssued', data: { bill: drafted(), policy } };
  const unbilled: DriverBillEvent = { type: 'DriverNotBilled', data: { reason: 'no-retail-tariff', at: issuedAt } };
  const forgone: DriverBillEvent = { type: 'DriverBillForgone', data: { creditCdrId: 'c1-CR', at: '2026-03-02T00:00:00.000Z' } };
  const nothing = { accepted: true, events: [] };

  it('bills once, at the price of the first time', () => {
    expect(decide([], bill)).toEqual({ accepted: true, events: [issued] });
    expect(decide([issued], { ...bill, tariff: retailTariff('OTHER', '9.00') })).toEqual(nothing);
  });

  it('says once why nothing is billed, and bills when it can', () => {
    const without: DriverBillCommand = { ...bill, tariff: undefined };
    expect(decide([], without)).toEqual({ accepted: true, events: [unbilled] });
    expect(decide([unbilled], without)).toEqual(nothing);
    expect(decide([unbilled], bill)).toEqual({ accepted: true, events: [issued] });
    const refused: DriverBillCommand = { kind: 'refuse', unbilled: { reason: 'names-no-cdr' }, at: issuedAt };
    expect(decide([], refused)).toMatchObject({ events: [{ type: 'DriverNotBilled', data: { reason: 'names-no-cdr' } }] });
  });

  it('credits the whole bill once, and names the bill and the credit of the partner', () => {
    const credited = creditOfBill(drafted(), { partnerId: 'p2', cdrId: 'c1-CR' }, '2026-03-02T00:00:00.000Z');
    expect(credited).toMatchObject({
      ...{ billId: `${billIdOf(bought)}-CR`, creditReferenceId: billIdOf(bought), credit: true, lines: drafted().lines },
      partnerCdr: { partnerId: 'p2', party: 'US-CHG', cdrId: 'c1-CR' },
      total: { beforeTaxes: '-6.00', afterTaxes: '-6.60', taxes: [{ percentage: '10', amount: '-0.60' }] },
    });
    const event: DriverBillEvent = { type: 'DriverBillCredited', data: { bill: credited } };
    expect(decide([issued], credit)).toEqual({ accepted: true, events: [event] });
    expect(decide([issued, event], credit)).toEqual(nothing);
    expect(decide([issued, event], bill)).toEqual(nothing);
  });

  it('bills nothing any more where the credit was faster than the bill', () => {
    for (const history of [[], [unbilled]]) expect(decide(history, credit)).toEqual({ accepted: true, events: [forgone] });
    expect(decide([forgone], bill)).toEqual(nothing);
  });
});

function priced(price: string): Tariff['elements'][number] {
  return { priceComponents: [{ type: 'ENERGY', price, stepSize: 1, vat: '10' }] };
}

import { claimed } from '../testing/claimed-cdr';
import { purchase } from './purchase';

const bookedAt = '2026-03-01T19:02:00.000Z';

describe("a partner's CDR", () => {
  it('is booked as claimed, with what its own tariff says beside it', () => {
    // The partner claims 4.60 for 10 kWh at 0.45.
    const decision = purchase.decide({ booked: false }, { cdr: claimed, bookedAt });
    expect(decision).toEqual({
      accepted: true,
      events: [{ type: 'PartnerCdrBooked', data: { cdr: claimed, checkedBeforeTaxes: '4.50', bookedAt } }],
    });
  });

  it('is booked unchecked without a tariff, and a credit always', () => {
    const { tariff: _, ...bare } = claimed;
    for (const cdr of [bare, { ...claimed, credit: true }]) {
      const decision = purchase.decide({ booked: false }, { cdr, bookedAt });
      expect(decision).toMatchObject({ events: [{ data: expect.not.objectContaining({ checkedBeforeTaxes: expect.anything() }) }] });
    }
  });

  it('is booked once', () => {
    expect(purchase.decide({ booked: true }, { cdr: claimed, bookedAt })).toEqual({ accepted: true, events: [] });
  });
});

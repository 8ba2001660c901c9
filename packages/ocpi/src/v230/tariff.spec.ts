import { mismatch, Tariff } from '@evenkeel/contracts';
import fc from 'fast-check';
import { tariff } from './fixtures';
import { fromTariff, toTariff, type WireTariff } from './tariff';

function written(from: Tariff): { wire: WireTariff; losses: string[] } {
  const result = toTariff(from);
  if (!result.ok) throw new Error(result.reason);
  return result;
}

const amount = (max: number) => fc.integer({ min: 0, max }).map((tenThousandths) => String(tenThousandths / 10_000));
const someTariff: fc.Arbitrary<Tariff> = fc
  .array(
    fc.record(
      {
        priceComponents: fc.array(
          fc.record(
            {
              type: fc.constantFrom('ENERGY' as const, 'TIME' as const, 'PARKING_TIME' as const, 'FLAT' as const),
              price: amount(1_000_000),
              vat: amount(300_000),
              stepSize: fc.integer({ min: 0, max: 3600 }),
            },
            { requiredKeys: ['type', 'price', 'stepSize'] },
          ),
          { minLength: 1, maxLength: 3 },
        ),
        restrictions: fc.record(
          {
            startTime: fc.constantFrom('00:00', '07:30'),
            maxKwh: amount(900_000),
            minCurrentA: amount(320_000),
            maxPowerKw: amount(1_500_000),
            minDurationSeconds: fc.nat(90_000),
            dayOfWeek: fc.subarray(['MONDAY' as const, 'SUNDAY' as const]),
            reservation: fc.constantFrom('RESERVATION' as const, 'RESERVATION_EXPIRES' as const),
          },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: ['priceComponents'] },
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((elements) => ({ ...tariff, elements, maxPrice: { beforeTaxes: '20' }, startsAt: '2026-01-01T00:00:00.000Z' }));

describe('a tariff', () => {
  it('comes back from the wire as it was', () => {
    fc.assert(
      fc.property(someTariff, (any) => {
        const back = fromTariff(JSON.parse(JSON.stringify(written(any).wire)));
        expect(back).toEqual(any);
        expect(mismatch(Tariff, back)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it('says whether its prices include the taxes, and prices bookings', () => {
    const elements = [
      { priceComponents: [{ type: 'ENERGY' as const, price: '0.60', vat: '20', stepSize: 1 }], restrictions: { booking: 'BOOKING' } },
    ];
    const including: Tariff = { ...tariff, taxIncluded: 'YES', elements, minPrice: { beforeTaxes: '1', afterTaxes: '1.2' } };
    const { wire, losses } = written(including);
    expect(wire).toMatchObject({ tax_included: 'YES', min_price: { before_taxes: 1, after_taxes: 1.2 } });
    expect(losses).toEqual([]);
    expect(fromTariff(wire)).toMatchObject({ taxIncluded: 'YES', elements: [{ restrictions: { booking: 'BOOKING' } }] });
  });

  it('without tax_included has prices before taxes; with one that we do not know it cannot be priced', () => {
    const { tax_included: _, ...wire } = written(tariff).wire;
    expect(fromTariff(wire).taxIncluded).toBe('NO');
    expect(() => fromTariff({ ...wire, tax_included: 'SOMETIMES' })).toThrow('SOMETIMES');
  });

  it('with a component that we do not know cannot be priced', () => {
    const { wire } = written(tariff);
    const elements = [{ price_components: [{ type: 'SURGE', price: 1, step_size: 1 }] }];
    expect(() => fromTariff({ ...wire, elements })).toThrow('SURGE');
  });

  it('takes the English text, or the first', () => {
    const { wire } = written(tariff);
    const texts = [
      { language: 'es', text: 'caro' },
      { language: 'en', text: 'dear' },
    ];
    expect(fromTariff({ ...wire, tariff_alt_text: texts }).altText).toBe('dear');
    expect(fromTariff({ ...wire, tariff_alt_text: texts.slice(0, 1) }).altText).toBe('caro');
  });
});

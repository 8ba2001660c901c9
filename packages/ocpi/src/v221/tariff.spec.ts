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

  it('whose prices include VAT is written without it: 0.60 with 20 % is 0.50', () => {
    const elements = [{ priceComponents: [{ type: 'ENERGY' as const, price: '0.60', vat: '20', stepSize: 1 }] }];
    const { wire, losses } = written({ ...tariff, taxIncluded: 'YES', elements });
    expect(wire.elements[0]?.price_components[0]).toEqual({ type: 'ENERGY', price: 0.5, vat: 20, step_size: 1 });
    expect(losses).toEqual([]);
  });

  it('says where a price without VAT has no end: 0.59 with 19 %', () => {
    const elements = [{ priceComponents: [{ type: 'ENERGY' as const, price: '0.59', vat: '19', stepSize: 1 }] }];
    const { wire, losses } = written({ ...tariff, taxIncluded: 'YES', elements });
    expect(wire.elements[0]?.price_components[0]?.price).toBe(0.4958);
    expect(losses).toEqual(['the ENERGY price 0.59 is rounded to 0.4958']);
  });

  it.each([
    ['includes a tax of unknown rate', { taxIncluded: 'YES' as const }],
    ['prices bookings', { elements: [{ ...(tariff.elements[0] as Tariff['elements'][number]), restrictions: { booking: 'BOOKING' } }] }],
  ])('that %s is not published', (_, change) => {
    expect(toTariff({ ...tariff, ...change }).ok).toBe(false);
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

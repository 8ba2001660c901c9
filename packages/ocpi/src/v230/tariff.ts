// Tariff (OCPI 2.3.0 mod_tariffs), as it is read: prices say whether they include the taxes, limits have a side for each.
import type { Tariff } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { decimalTextOf } from '../number';
import { fromTariffFields, tariffFields } from '../v221/tariff';
import { openEnum } from '../wire-schema';

const WirePriceLimit = Type.Object({ before_taxes: Type.Number(), after_taxes: Type.Optional(Type.Number()) });

export const WireTariff = Type.Object({
  ...tariffFields,
  min_price: Type.Optional(WirePriceLimit),
  max_price: Type.Optional(WirePriceLimit),
  // Required, and yet missing in tariffs that were copied from 2.2.1, where all prices are without taxes.
  tax_included: Type.Optional(openEnum('YES', 'NO', 'N/A')),
});
export type WireTariff = Static<typeof WireTariff>;

/** @throws RangeError for a value that decides the price and that we do not know. */
export function fromTariff({ min_price: least, max_price: most, tax_included: taxes = 'NO', ...wire }: WireTariff): Tariff {
  const taxIncluded = (['YES', 'NO', 'N/A'] as const).find((known) => known === taxes);
  if (taxIncluded === undefined) throw new RangeError(`${taxes} is no tax_included that we know`);
  const tariff: Tariff = {
    ...fromTariffFields(wire),
    ...(least === undefined ? {} : { minPrice: fromLimit(least) }),
    ...(most === undefined ? {} : { maxPrice: fromLimit(most) }),
    taxIncluded,
  };
  return { ...tariff, elements: tariff.elements.map((element, index) => withBooking(element, wire.elements[index])) };
}

function fromLimit({ before_taxes: before, after_taxes: after }: Static<typeof WirePriceLimit>): NonNullable<Tariff['minPrice']> {
  return { beforeTaxes: decimalTextOf(before), ...(after === undefined ? {} : { afterTaxes: decimalTextOf(after) }) };
}

/** A price for bookings must not be taken for one that always holds. */
function withBooking(element: Tariff['elements'][number], wire: object | undefined): Tariff['elements'][number] {
  const { restrictions } = (wire ?? {}) as { restrictions?: { booking?: unknown } };
  if (typeof restrictions?.booking !== 'string') return element;
  return { ...element, restrictions: { ...element.restrictions, booking: restrictions.booking } };
}

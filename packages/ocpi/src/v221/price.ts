// Price (OCPI 2.2.1 types, Price): without VAT always, with VAT where it is known. It knows one tax only, and no name for it.
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { wireNumber } from '../number';
import type { WirePrice } from '../v230/price';

export const WirePrice221 = Type.Object({ excl_vat: Type.Number(), incl_vat: Type.Optional(Type.Number()) });
export type WirePrice221 = Static<typeof WirePrice221>;

export function priceDown({ before_taxes, taxes }: WirePrice): WirePrice221 {
  const before = Decimal.fromJsonNumber(before_taxes);
  const after = taxes?.reduce((sum, { amount }) => sum.add(Decimal.fromJsonNumber(amount)), before);
  return { excl_vat: before_taxes, ...(after === undefined ? {} : { incl_vat: wireNumber(after) }) };
}

/** One tax called VAT; none at all where both sums are the same. */
export function priceUp({ excl_vat, incl_vat }: WirePrice221): WirePrice {
  if (incl_vat === undefined) return { before_taxes: excl_vat };
  const vat = Decimal.fromJsonNumber(incl_vat).subtract(Decimal.fromJsonNumber(excl_vat));
  return { before_taxes: excl_vat, taxes: vat.isZero ? [] : [{ name: 'VAT', amount: wireNumber(vat) }] };
}

/** The fields of an object that hold a price, in the other words. */
export function pricesIn<From, To, N extends string>(
  object: { readonly [name in N]?: From },
  names: readonly N[],
  convert: (price: From) => To,
): { [name in N]?: To } {
  const prices: { [name in N]?: To } = {};
  for (const name of names) {
    const price = object[name];
    if (price !== undefined) prices[name] = convert(price);
  }
  return prices;
}

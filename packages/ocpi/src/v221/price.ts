// Price (OCPI 2.2.1 types, Price): without VAT always, with VAT where it is known.
import type { Price } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { decimalTextOf, trimmed, wireNumber } from '../number';

export const WirePrice = Type.Object({ excl_vat: Type.Number(), incl_vat: Type.Optional(Type.Number()) });
export type WirePrice = Static<typeof WirePrice>;

export function toPrice({ beforeTaxes, afterTaxes, taxes }: Price): WirePrice {
  const before = Decimal.parse(beforeTaxes);
  const after =
    afterTaxes === undefined ? taxes?.reduce((sum, tax) => sum.add(Decimal.parse(tax.amount)), before) : Decimal.parse(afterTaxes);
  return { excl_vat: wireNumber(before), ...(after === undefined ? {} : { incl_vat: wireNumber(after) }) };
}

/** One tax called VAT: this version knows no other. No tax at all where both sums are the same. */
export function fromPrice({ excl_vat, incl_vat }: WirePrice): Price {
  const beforeTaxes = decimalTextOf(excl_vat);
  if (incl_vat === undefined) return { beforeTaxes };
  const vat = Decimal.fromJsonNumber(incl_vat).subtract(Decimal.fromJsonNumber(excl_vat));
  return { beforeTaxes, afterTaxes: decimalTextOf(incl_vat), taxes: vat.isZero ? [] : [{ name: 'VAT', amount: trimmed(vat) }] };
}

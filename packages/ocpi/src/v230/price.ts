// Price (OCPI 2.3.0 types, Price): before taxes always, and the taxes by name where they are known. An empty list says that none is due.
import type { Price } from '@evenkeel/contracts';
import { Decimal } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { decimalTextOf, trimmed, wireNumber } from '../number';
import { text } from '../wire-schema';

const WireTax = Type.Object({
  name: text(64),
  account_number: Type.Optional(text(255)),
  percentage: Type.Optional(Type.Number()),
  amount: Type.Number(),
});
export const WirePrice = Type.Object({ before_taxes: Type.Number(), taxes: Type.Optional(Type.Array(WireTax)) });
export type WirePrice = Static<typeof WirePrice>;

/** A tax that has no name of its own is called VAT, as OCPI 2.2.1 calls every tax. */
const UNNAMED = 'VAT';

export function toPrice({ beforeTaxes, afterTaxes, taxes }: Price): WirePrice {
  const before = Decimal.parse(beforeTaxes);
  const unnamed = afterTaxes === undefined ? undefined : Decimal.parse(afterTaxes).subtract(before);
  const named = taxes?.map(({ name = UNNAMED, percentage, amount }) => ({
    name,
    ...(percentage === undefined ? {} : { percentage: wireNumber(Decimal.parse(percentage)) }),
    amount: wireNumber(Decimal.parse(amount)),
  }));
  const told = named ?? (unnamed && (unnamed.isZero ? [] : [{ name: UNNAMED, amount: wireNumber(unnamed) }]));
  return { before_taxes: wireNumber(before), ...(told === undefined ? {} : { taxes: told }) };
}

export function fromPrice({ before_taxes, taxes }: WirePrice): Price {
  const beforeTaxes = decimalTextOf(before_taxes);
  if (taxes === undefined) return { beforeTaxes };
  const before = Decimal.fromJsonNumber(before_taxes);
  const after = taxes.reduce((sum, { amount }) => sum.add(Decimal.fromJsonNumber(amount)), before);
  return {
    beforeTaxes,
    afterTaxes: trimmed(after),
    taxes: taxes.map(({ name, percentage, amount }) => ({
      name,
      ...(percentage === undefined ? {} : { percentage: decimalTextOf(percentage) }),
      amount: decimalTextOf(amount),
    })),
  };
}

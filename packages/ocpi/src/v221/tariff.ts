// Tariff (OCPI 2.2.1 mod_tariffs). Its prices are without VAT. What this version cannot express is not published: a silently wrong tariff
// is worse than none.
import { Decimal, Rational } from '@evenkeel/money';
import { type Static, Type } from '@sinclair/typebox';
import { wireNumber } from '../number';
import { WireElement, WireRestrictions, WireTariff } from '../v230/tariff';
import { type Translated, translated } from '../version';
import { WirePrice221 } from './price';

const { tax_included: _tax, ...fields } = WireTariff.properties;
const { booking: _booking, ...restrictions } = WireRestrictions.properties;
const WireElement221 = Type.Object({ ...WireElement.properties, restrictions: Type.Optional(Type.Object(restrictions)) });
export const WireTariff221 = Type.Object({
  ...fields,
  elements: Type.Array(WireElement221, { minItems: 1 }),
  min_price: Type.Optional(WirePrice221),
  max_price: Type.Optional(WirePrice221),
});
export type WireTariff221 = Static<typeof WireTariff221>;

export const tariff = translated(WireTariff221, tariffUp, tariffDown);

/** Taxes that it does not name are taken as unknown, not as absent: outside the EU this version has no place for them. */
export function tariffUp({ min_price: least, max_price: most, ...wire }: WireTariff221): WireTariff {
  return {
    ...wire,
    tax_included: 'NO',
    ...(least === undefined ? {} : { min_price: limitUp(least) }),
    ...(most === undefined ? {} : { max_price: limitUp(most) }),
  };
}

export function tariffDown({ min_price: least, max_price: most, tax_included: taxes, ...wire }: WireTariff): Translated<WireTariff221> {
  const reason = reasonNotToPublish(wire, taxes, least ?? most);
  if (reason !== undefined) return { reason };
  const losses: string[] = [];
  return {
    wire: {
      ...wire,
      elements: taxes === 'YES' ? wire.elements.map((element) => withoutTax(element, losses)) : wire.elements,
      ...(least === undefined ? {} : { min_price: limitDown(least) }),
      ...(most === undefined ? {} : { max_price: limitDown(most) }),
    },
    losses,
  };
}

type Limit = NonNullable<WireTariff['min_price']>;

function limitUp({ excl_vat, incl_vat }: WirePrice221): Limit {
  return { before_taxes: excl_vat, ...(incl_vat === undefined ? {} : { after_taxes: incl_vat }) };
}

function limitDown({ before_taxes, after_taxes }: Limit): WirePrice221 {
  return { excl_vat: before_taxes, ...(after_taxes === undefined ? {} : { incl_vat: after_taxes }) };
}

function reasonNotToPublish(
  { elements }: Pick<WireTariff, 'elements'>,
  taxes: string | undefined,
  limit: Limit | undefined,
): string | undefined {
  if (elements.some((element) => element.restrictions?.booking !== undefined)) return 'a price for bookings has no place in this version';
  if (taxes !== 'YES') return undefined;
  const withoutRate = elements.some((element) => element.price_components.some(({ vat }) => vat === undefined));
  if (withoutRate) return 'prices include taxes whose rate is not given; this version wants them without';
  return limit === undefined ? undefined : 'price limits that include taxes cannot be taken apart';
}

function withoutTax(element: WireTariff['elements'][number], losses: string[]): WireTariff['elements'][number] {
  const price_components = element.price_components.map((component) => {
    const { type, price, vat = 0 } = component;
    const rate = Rational.fromDecimal(Decimal.fromJsonNumber(vat)).divide(Rational.of(100n)).add(Rational.of(1n));
    const exact = Rational.fromDecimal(Decimal.fromJsonNumber(price)).divide(rate);
    const rounded = exact.toDecimal(4, 'half-away-from-zero');
    if (!Rational.fromDecimal(rounded).equals(exact)) losses.push(`the ${type} price ${price} is rounded to ${rounded}`);
    return { ...component, price: wireNumber(rounded) };
  });
  return { ...element, price_components };
}

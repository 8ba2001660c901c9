// Tariff (OCPI 2.1.1 mod_tariffs). It names no owner, no taxes, no limits and no validity. Whole elements are selected by its text, which we read
// per dimension as the later versions do: the README says why.
import { type Static, Type } from '@sinclair/typebox';
import { tariffDown as tariffDown221, WireTariff221 } from '../v221/tariff';
import { WirePriceComponent, WireRestrictions, type WireTariff } from '../v230/tariff';
import { type Surroundings, type Translated, translated } from '../version';
import { ownedBy } from '../wire-schema';

const { vat: _vat, ...component } = WirePriceComponent.properties;
const { min_current: _1, max_current: _2, reservation: _3, booking: _4, ...restrictions } = WireRestrictions.properties;
const { id, currency, tariff_alt_text, last_updated } = WireTariff221.properties;
export const WireTariff211 = Type.Object({
  ...{ id, currency, tariff_alt_text, last_updated },
  elements: Type.Array(
    Type.Object({
      price_components: Type.Array(Type.Object(component), { minItems: 1 }),
      restrictions: Type.Optional(Type.Object(restrictions)),
    }),
    { minItems: 1 },
  ),
});
export type WireTariff211 = Static<typeof WireTariff211>;

export const tariff = translated(WireTariff211, tariffUp, tariffDown);

export function tariffUp(wire: WireTariff211, { owner }: Pick<Surroundings, 'owner'>): WireTariff {
  return { ...ownedBy(owner), ...wire, tax_included: 'NO' };
}

export function tariffDown(canonical: WireTariff): Translated<WireTariff211> {
  const said = tariffDown221(canonical);
  if ('reason' in said) return said;
  const { wire } = said;
  if (wire.min_price !== undefined || wire.max_price !== undefined)
    return { reason: 'a least or highest price has no place in this version' };
  const others = ['min_current', 'max_current', 'reservation'] as const;
  const unknown = others.find((name) => wire.elements.some((element) => element.restrictions?.[name] !== undefined));
  if (unknown !== undefined) return { reason: `the restriction ${unknown} has no place in this version` };
  const losses = [...said.losses];
  if (wire.elements.some((element) => element.price_components.some(({ vat }) => vat !== undefined)))
    losses.push('the rates of tax are not said');
  if (wire.start_date_time !== undefined || wire.end_date_time !== undefined) losses.push('when the tariff is valid is not said');
  const { id, currency, tariff_alt_text, last_updated } = wire;
  const elements = wire.elements.map(({ price_components, restrictions }) => ({
    price_components: price_components.map(({ type, price, step_size }) => ({ type, price, step_size })),
    ...(restrictions === undefined ? {} : { restrictions }),
  }));
  return { wire: { id, currency, ...(tariff_alt_text === undefined ? {} : { tariff_alt_text }), elements, last_updated }, losses };
}

// A tariff as the regimes of law see it: what is charged per kWh, what else is charged, and whether the price of energy can change within a
// session.
import { Decimal } from '@evenkeel/money';
import type { ComponentType, Tariff, TariffRestrictions } from '../../tariff';
import { componentPath, type Finding, type TariffToCheck } from '../finding';
import { momentWithout, reachableComponents } from '../reach';

export interface PricePart {
  readonly type: ComponentType;
  readonly price: Decimal;
  readonly vat: string | undefined;
  readonly restrictions: TariffRestrictions;
  readonly stepSize: number;
  readonly path: string;
}

/** The components of a type that charging or parking can cost, without those of price 0. */
export function chargedParts(tariff: Tariff, type: ComponentType): PricePart[] {
  return partsOf(tariff, type).filter(({ price }) => !price.isZero);
}

function partsOf(tariff: Tariff, type: ComponentType): PricePart[] {
  return reachableComponents(tariff, type).flatMap(({ elementIndex, componentIndex }) => {
    const element = tariff.elements[elementIndex];
    const component = element?.priceComponents[componentIndex];
    if (component === undefined) return [];
    const { price, vat, stepSize } = component;
    const path = componentPath(elementIndex, componentIndex);
    return [{ type, price: Decimal.parse(price), vat, stepSize, restrictions: element?.restrictions ?? {}, path }];
  });
}

/** Everything that a driver can be asked for beside the price per kWh, as paths. */
export function otherFees(tariff: Tariff): { what: string; path: string }[] {
  const named = { TIME: 'charging time', PARKING_TIME: 'parking', FLAT: 'each session' } as const;
  const ofCharging = (['TIME', 'PARKING_TIME', 'FLAT'] as const).flatMap((type) =>
    chargedParts(tariff, type).map(({ path }) => ({ what: named[type], path })),
  );
  const ofReservation = tariff.elements.flatMap(({ restrictions, priceComponents }, elementIndex) =>
    restrictions?.reservation === undefined
      ? []
      : priceComponents.flatMap(({ type, price }, componentIndex) => {
          const isCharged = (type === 'TIME' || type === 'FLAT') && !Decimal.parse(price).isZero;
          return isCharged ? [{ what: 'reservations', path: componentPath(elementIndex, componentIndex) }] : [];
        }),
  );
  const minimum = tariff.minPrice !== undefined && !Decimal.parse(tariff.minPrice.beforeTaxes).isZero;
  return [...ofCharging, ...ofReservation, ...(minimum ? [{ what: 'a minimum price', path: 'minPrice' }] : [])];
}

/** @returns a warning where fees are charged and the tariff has no text in which drivers could read of them. */
export function notDisclosed(tariff: TariffToCheck, rule: string): Finding[] {
  const [first, ...more] = otherFees(tariff);
  if (first === undefined || (tariff.altText ?? '').trim() !== '') return [];
  const fees = [...new Set([first, ...more].map(({ what }) => what))].join(', ');
  const message = `Fees beside the price per kWh (${fees}) must be displayed and explained before the session. Set altText to a text that names them.`;
  return [{ code: 'fees_not_disclosed', severity: 'warning', path: 'altText', message, rule }];
}

/** The charged energy prices if a session can go from one to another, or to free energy and back; otherwise none. */
export function changingEnergyPrices(tariff: Tariff): PricePart[] {
  const parts = partsOf(tariff, 'ENERGY');
  const prices = new Set(parts.map(({ price, vat }) => `${plain(price)} ${vat ?? ''}`));
  const isFreeAtTimes = momentWithout(tariff, 'ENERGY', {}) !== undefined;
  return prices.size + (isFreeAtTimes ? 1 : 0) > 1 ? parts : [];
}

/** "1.50" and "1.5" are one price. */
function plain(price: Decimal): string {
  return price.scale === 0 ? price.toString() : price.toString().replace(/\.?0+$/, '');
}

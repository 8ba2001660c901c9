// Which price component applies to a dimension of a period: the one of that type in the first matching element that has one
// (OCPI mod_tariffs TariffElement). Elements are searched per dimension, so one period can take its energy price from one element and its
// time price from another.
import { Decimal, Rational } from '@evenkeel/money';
import { onceForEach } from './of-tariff';
import { type PeriodState, prepareRestrictions, type RestrictionTest } from './restrictions';
import type { ComponentType, PriceComponent, Tariff } from './tariff';

export interface SelectedComponent {
  readonly tariff: Tariff;
  readonly elementIndex: number;
  readonly componentIndex: number;
  readonly component: PriceComponent;
  /** Per Wh, per second, or once. */
  readonly exactPrice: Rational;
  /** 1 plus the rate; absent where the tariff tells none, or none is due. */
  readonly taxFactor?: Rational;
}

/** What a period is for, as elements distinguish it. An expired reservation prefers its own elements and falls back to those of a used one. */
export type Purpose = 'charging' | 'reservation' | 'expired-reservation';

export interface PreparedTariff {
  readonly pricesEnergy: boolean;
  readonly asksForPower: boolean;
  readonly asksForCurrent: boolean;
  select(type: ComponentType, purpose: Purpose, state: PeriodState): SelectedComponent | undefined;
}

interface PreparedElement {
  readonly candidates: readonly SelectedComponent[];
  readonly matches: RestrictionTest;
}

export const prepareTariff = onceForEach(prepare);

function prepare(tariff: Tariff): PreparedTariff {
  const charging: PreparedElement[] = [];
  const reservation: PreparedElement[] = [];
  const expired: PreparedElement[] = [];
  tariff.elements.forEach(({ priceComponents, restrictions = {} }, elementIndex) => {
    // Bookings (OCPI 2.3.0) are not known to sessions here, so an element for booked time never applies.
    if (restrictions.booking !== undefined) return;
    const candidates = priceComponents.map((component, componentIndex) => selectable(tariff, elementIndex, componentIndex, component));
    const element = { candidates, matches: prepareRestrictions(restrictions) };
    if (restrictions.reservation === undefined) charging.push(element);
    else if (restrictions.reservation === 'RESERVATION') reservation.push(element);
    else expired.push(element);
  });
  const searched = { charging, reservation, 'expired-reservation': [...expired, ...reservation] };
  const restrictions = tariff.elements.flatMap((element) => element.restrictions ?? []);
  return {
    pricesEnergy: charging.some(({ candidates }) => candidates.some(({ component }) => component.type === 'ENERGY')),
    asksForPower: restrictions.some(({ minPowerKw, maxPowerKw }) => (minPowerKw ?? maxPowerKw) !== undefined),
    asksForCurrent: restrictions.some(({ minCurrentA, maxCurrentA }) => (minCurrentA ?? maxCurrentA) !== undefined),
    select(type, purpose, state) {
      for (const { candidates, matches } of searched[purpose]) {
        const found = candidates.find(({ component }) => component.type === type);
        if (found !== undefined && matches(state)) return found;
      }
      return undefined;
    },
  };
}

const HUNDRED_PERCENT = Rational.of(100n);

// Prices are per kWh and per hour, volumes are Wh and seconds.
const PER_UNIT: Readonly<Record<ComponentType, Rational>> = {
  ENERGY: Rational.of(1n, 1000n),
  TIME: Rational.of(1n, 3600n),
  PARKING_TIME: Rational.of(1n, 3600n),
  FLAT: Rational.of(1n),
};

function selectable(tariff: Tariff, elementIndex: number, componentIndex: number, component: PriceComponent): SelectedComponent {
  const { type, price, vat } = component;
  const exactPrice = Rational.fromDecimal(Decimal.parse(price)).multiply(PER_UNIT[type]);
  const selected = { tariff, elementIndex, componentIndex, component, exactPrice };
  if (vat === undefined || tariff.taxIncluded === 'N/A') return selected;
  return { ...selected, taxFactor: HUNDRED_PERCENT.add(Rational.fromDecimal(Decimal.parse(vat))).divide(HUNDRED_PERCENT) };
}

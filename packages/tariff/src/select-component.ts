// Which price component applies to a dimension of a period: the one of that type in the first matching element that has one
// (OCPI mod_tariffs TariffElement). Elements are searched per dimension, so one period can take its energy price from one element and its
// time price from another.
import { Decimal, Rational } from '@evenkeel/money';
import { onceForEach } from './of-tariff';
import { type PeriodState, prepareRestrictions, type RestrictionTest } from './restrictions';
import type { Sides } from './sides';
import type { ComponentType, PriceComponent, Tariff } from './tariff';

export interface SelectedComponent {
  readonly tariff: Tariff;
  readonly elementIndex: number;
  readonly componentIndex: number;
  readonly component: PriceComponent;
  /** Per Wh, per second, or once, on both sides of tax; they are equal where the component tells no rate, or no tax is due. */
  readonly exactPrice: Required<Sides<Rational>>;
  /** The component's rate in the one form that equal rates share. */
  readonly taxPercent?: string;
}

/** What a period is for, as elements distinguish it. An expired reservation prefers its own elements and falls back to those of a used one. */
export type Purpose = 'charging' | 'reservation' | 'expired-reservation';

export interface PreparedTariff {
  readonly id: string;
  readonly pricesEnergy: boolean;
  readonly asksForPower: boolean;
  readonly asksForCurrent: boolean;
  select(type: ComponentType, purpose: Purpose, state: PeriodState): SelectedComponent | undefined;
}

interface PreparedElement {
  readonly components: readonly SelectedComponent[];
  readonly matches: RestrictionTest;
}

/** Of each type, in the order in which they are asked whether they match. */
type Candidates = Readonly<Record<ComponentType, readonly Candidate[]>>;

interface Candidate {
  readonly selected: SelectedComponent;
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
    const components = priceComponents.map((component, componentIndex) => selectable(tariff, elementIndex, componentIndex, component));
    const element = { components, matches: prepareRestrictions(restrictions) };
    if (restrictions.reservation === undefined) charging.push(element);
    else if (restrictions.reservation === 'RESERVATION') reservation.push(element);
    else expired.push(element);
  });
  const candidates: Readonly<Record<Purpose, Candidates>> = {
    charging: candidatesOf(charging),
    reservation: candidatesOf(reservation),
    'expired-reservation': candidatesOf([...expired, ...reservation]),
  };
  const restrictions = tariff.elements.flatMap((element) => element.restrictions ?? []);
  return {
    id: tariff.id,
    pricesEnergy: candidates.charging.ENERGY.length > 0,
    asksForPower: restrictions.some(({ minPowerKw, maxPowerKw }) => (minPowerKw ?? maxPowerKw) !== undefined),
    asksForCurrent: restrictions.some(({ minCurrentA, maxCurrentA }) => (minCurrentA ?? maxCurrentA) !== undefined),
    select: (type, purpose, state) => candidates[purpose][type].find(({ matches }) => matches(state))?.selected,
  };
}

function candidatesOf(elements: readonly PreparedElement[]): Candidates {
  const ofType = (type: ComponentType) =>
    elements.flatMap(({ components, matches }): Candidate[] => {
      const selected = components.find(({ component }) => component.type === type);
      return selected === undefined ? [] : [{ selected, matches }];
    });
  return { ENERGY: ofType('ENERGY'), TIME: ofType('TIME'), PARKING_TIME: ofType('PARKING_TIME'), FLAT: ofType('FLAT') };
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
  const quoted = Rational.fromDecimal(Decimal.parse(price)).multiply(PER_UNIT[type]);
  const selected = { tariff, elementIndex, componentIndex, component, exactPrice: { before: quoted, after: quoted } };
  if (vat === undefined) return selected;
  const percent = Rational.fromDecimal(Decimal.parse(vat));
  return { ...selected, exactPrice: onBothSides(quoted, percent, tariff.taxIncluded), taxPercent: percent.toString() };
}

function onBothSides(quoted: Rational, percent: Rational, taxIncluded: Tariff['taxIncluded']): Required<Sides<Rational>> {
  const factor = HUNDRED_PERCENT.add(percent).divide(HUNDRED_PERCENT);
  switch (taxIncluded) {
    case 'YES':
      return { before: quoted.divide(factor), after: quoted };
    case 'NO':
      return { before: quoted, after: quoted.multiply(factor) };
    case 'N/A':
      return { before: quoted, after: quoted };
  }
}

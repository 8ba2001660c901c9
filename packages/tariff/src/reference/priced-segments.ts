// The stretches of a session that have a price, one for each period and dimension, in the order of time, and what a step size adds to them
// (OCPI mod_tariffs TariffElement, mod_cdrs `step_size`).
import type { ChargingPeriod } from '../charging-period';
import type { UsageDimension } from '../priced-session';
import type { ComponentType, PriceComponent, Tariff, TariffElement } from '../tariff';
import { Fraction } from './fraction';
import { localClock } from './local-clock';
import { matches, type StateAtStart } from './match-restrictions';
import type { PricingQuestion } from './pricing-question';

export interface PricedSegment {
  readonly dimension: UsageDimension;
  readonly component: PriceComponent;
  /** Wh, seconds, or 1 for a fee. */
  readonly quantity: Fraction;
}

export interface SessionSegments {
  readonly segments: readonly PricedSegment[];
  readonly measured: MeasuredSums;
}

export interface MeasuredSums {
  readonly energyWh: Fraction;
  readonly chargingSeconds: number;
  readonly parkingSeconds: number;
  readonly reservationSeconds: number;
}

export function pricedSegments({ tariff, timeZone, session }: PricingQuestion): SessionSegments {
  const { periods } = session;
  const start = (index: number) => wholeSeconds(periods[index]?.startedAt ?? session.endedAt);
  const chargingStart = start(periods.findIndex(({ kind }) => kind !== 'reservation'));
  const secondsOf = (period: ChargingPeriod, index: number) => period.reportedSeconds ?? start(index + 1) - start(index);
  const energyBefore = (end: number) => sum(periods.slice(0, end).map(({ energyWh }) => Fraction.parse(energyWh)));
  const secondsOfKind = (kind: ChargingPeriod['kind']) =>
    periods.reduce((total, period, index) => total + (period.kind === kind ? secondsOf(period, index) : 0), 0);

  const segments: PricedSegment[] = [];
  periods.forEach((period, index) => {
    if (period.billable === false) return;
    const state: StateAtStart = {
      period,
      clock: localClock(timeZone, start(index)),
      kwh: energyBefore(index).over(Fraction.of(1000)),
      durationSeconds: period.kind === 'reservation' ? 0 : start(index) - chargingStart,
    };
    const elements = elementsFor(tariff, period, session.reservationExpired === true).filter((element) => matches(element, state));
    const add = (dimension: UsageDimension, type: ComponentType, quantity: Fraction) => {
      const component = firstComponent(elements, type);
      if (component !== undefined && !quantity.isZero()) segments.push({ dimension, component, quantity });
    };
    const isReservation = period.kind === 'reservation';
    const flat = isReservation ? 'RESERVATION_FLAT' : 'FLAT';
    const seconds = Fraction.of(secondsOf(period, index));
    if (!segments.some(({ dimension }) => dimension === flat)) add(flat, 'FLAT', Fraction.ONE);
    if (isReservation) add('RESERVATION_TIME', 'TIME', seconds);
    else if (period.kind === 'parking') add('PARKING_TIME', 'PARKING_TIME', seconds);
    else add('TIME', 'TIME', seconds);
    if (!isReservation) add('ENERGY', 'ENERGY', Fraction.parse(period.energyWh));
  });
  const measured = {
    energyWh: energyBefore(periods.length),
    chargingSeconds: secondsOfKind('charging'),
    parkingSeconds: secondsOfKind('parking'),
    reservationSeconds: secondsOfKind('reservation'),
  };
  return { segments, measured };
}

/** The same segments with the surplus of each step size in the last segment of its dimension. */
export function inWholeSteps(segments: readonly PricedSegment[]): PricedSegment[] {
  const hasParking = segments.some(({ dimension }) => dimension === 'PARKING_TIME');
  const rounded: readonly UsageDimension[] = ['ENERGY', hasParking ? 'PARKING_TIME' : 'TIME', 'RESERVATION_TIME'];
  return segments.map((segment, index) => {
    const { dimension, component, quantity } = segment;
    const isLast = !segments.slice(index + 1).some((later) => later.dimension === dimension);
    if (!isLast || !rounded.includes(dimension) || component.stepSize === 0) return segment;
    const total = sum(segments.filter((each) => each.dimension === dimension).map((each) => each.quantity));
    const step = Fraction.of(component.stepSize);
    return { ...segment, quantity: quantity.plus(total.over(step).ceiling().times(step)).minus(total) };
  });
}

export function sum(fractions: readonly Fraction[]): Fraction {
  return fractions.reduce((total, each) => total.plus(each), Fraction.ZERO);
}

function elementsFor(tariff: Tariff, { kind }: ChargingPeriod, isExpired: boolean): readonly TariffElement[] {
  const withReservation = (value: 'RESERVATION' | 'RESERVATION_EXPIRES' | undefined) =>
    tariff.elements.filter(({ restrictions }) => restrictions?.reservation === value);
  if (kind !== 'reservation') return withReservation(undefined);
  return isExpired ? [...withReservation('RESERVATION_EXPIRES'), ...withReservation('RESERVATION')] : withReservation('RESERVATION');
}

function firstComponent(elements: readonly TariffElement[], type: ComponentType): PriceComponent | undefined {
  return elements.flatMap(({ priceComponents }) => priceComponents).find((component) => component.type === type);
}

function wholeSeconds(instant: string): number {
  return Math.round(Date.parse(instant) / 1000);
}

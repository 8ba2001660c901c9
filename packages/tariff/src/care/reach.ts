// Which elements and components of a tariff can ever give a price, and at which moments a dimension has none
// (OCPI 2.2.1 mod_tariffs TariffElement: the first matching element that has a component of the dimension gives its price).
import { epochSeconds, offsetSeconds, SECONDS_PER_DAY } from '../local-time';
import type { ComponentType, Tariff, TariffElement, TariffRestrictions } from '../tariff';
import { type Days, type Effort, neverMatches, uncoveredMoment } from './coverage';
import { type CareContext, componentPath, elementPath, type Finding } from './finding';
import { momentInWords } from './in-words';

/** What a search over a tariff may cost: a part of a second. Tariffs of the field need a thousandth of it. */
const MOST_TESTS = 100_000;
const MOST_ELEMENTS = 100;

export function reachFindings(tariff: Tariff, context: CareContext): Finding[] {
  const { hiding, isComplete } = reachOf(tariff);
  const effort = effortFor(tariff);
  const found = [
    ...tariff.elements.flatMap((element, index) => hidden(element, index, hiding[index] ?? [])),
    ...gaps(tariff, context, effort),
  ];
  if (isComplete && effort.testsLeft > 0) return found;
  const message =
    'The restrictions have too many combinations to look at all of them: elements that never apply and moments without a price may have been ' +
    'missed. Use fewer elements.';
  return [...found, { code: 'not_fully_checked', severity: 'notice', path: 'elements', message }];
}

/** The components of a type that can give a price to charging or parking. What was not fully checked counts as reachable. */
export function reachableComponents(tariff: Tariff, type: ComponentType): { elementIndex: number; componentIndex: number }[] {
  const { hiding } = reachOf(tariff);
  return tariff.elements.flatMap((element, elementIndex) => {
    const componentIndex = indexOfType(element, type);
    const isForCharging = element.restrictions?.reservation === undefined;
    if (!isForCharging || componentIndex < 0 || hiding[elementIndex]?.[componentIndex] !== undefined) return [];
    return [{ elementIndex, componentIndex }];
  });
}

/** A moment at which the dimension has no price, in words; undefined if there is none, or if it is not priced at all. */
export function momentWithout(tariff: Tariff, type: ComponentType, context: CareContext, effort = effortFor(tariff)): string | undefined {
  const restrictions = tariff.elements.flatMap((element): TariffRestrictions[] => {
    const { restrictions = {} } = element;
    const isForCharging = restrictions.reservation === undefined && restrictions.booking === undefined;
    return isForCharging && indexOfType(element, type) >= 0 ? [restrictions] : [];
  });
  if (restrictions.length === 0) return undefined;
  const moment = uncoveredMoment({}, restrictions, effort, daysOf(tariff, context));
  return typeof moment === 'string' ? undefined : momentInWords(moment, restrictions);
}

function effortFor({ elements }: Tariff): Effort {
  return { testsLeft: elements.length > MOST_ELEMENTS ? 0 : MOST_TESTS };
}

interface Reach {
  /**
   * For each component of each element, the elements that always match before it: its own index stands for another component of the same
   * type in the element, no index for an element that itself never matches. Undefined: it can give a price.
   */
  readonly hiding: readonly (readonly Hiding[])[];
  readonly isComplete: boolean;
}
type Hiding = readonly number[] | undefined;

// Every check asks this of the same tariff, and it is by far the most expensive question.
const known = new WeakMap<Tariff, Reach>();

function reachOf(tariff: Tariff): Reach {
  let reach = known.get(tariff);
  if (reach === undefined) {
    const effort = effortFor(tariff);
    const hiding = tariff.elements.map((element, elementIndex) => {
      const { restrictions = {}, priceComponents } = element;
      const isNever = restrictions.booking !== undefined || neverMatches(restrictions);
      return priceComponents.map(({ type }, componentIndex): Hiding => {
        if (isNever) return [];
        return indexOfType(element, type) === componentIndex ? hiddenBehind(tariff, elementIndex, type, effort) : [elementIndex];
      });
    });
    reach = { hiding, isComplete: effort.testsLeft > 0 };
    known.set(tariff, reach);
  }
  return reach;
}

function hidden({ priceComponents }: TariffElement, elementIndex: number, hiding: readonly Hiding[]): Finding[] {
  const isWhole = hiding.every((behind) => behind !== undefined && behind.length > 0 && !behind.includes(elementIndex));
  if (isWhole) {
    const behind = [...new Set(hiding.flatMap((each) => each ?? []))].sort((left, right) => left - right);
    const message = `This element never applies: ${listed(behind)} always before it. Move it up, or remove it.`;
    return [{ code: 'unreachable_element', severity: 'warning', path: elementPath(elementIndex), message }];
  }
  return hiding.flatMap((behind, componentIndex): Finding[] => {
    if (behind === undefined || behind.length === 0) return [];
    const type = priceComponents[componentIndex]?.type;
    const message = behind.includes(elementIndex)
      ? `The element has several ${type} components, of which only the first counts. Remove this one.`
      : `This ${type} price never applies: ${listed(behind)} always before it. Move the element up, or remove the component.`;
    return [{ code: 'unreachable_component', severity: 'warning', path: componentPath(elementIndex, componentIndex), message }];
  });
}

/** @returns the earlier elements that together match whenever this one does, or undefined if they do not. One that does so alone comes alone. */
function hiddenBehind(tariff: Tariff, elementIndex: number, type: ComponentType, effort: Effort): Hiding {
  const target = tariff.elements[elementIndex]?.restrictions ?? {};
  const earlier = tariff.elements.slice(0, elementIndex).flatMap((other, index) => {
    const { reservation, booking } = other.restrictions ?? {};
    const isSearchedWith = booking === undefined && reservation === target.reservation;
    return isSearchedWith && indexOfType(other, type) >= 0 ? [index] : [];
  });
  const covers = (indices: readonly number[]) => {
    const others = indices.map((index): TariffRestrictions => tariff.elements[index]?.restrictions ?? {});
    return uncoveredMoment(target, others, effort) === 'covered';
  };
  if (earlier.length === 0 || !covers(earlier)) return undefined;
  const alone = earlier.find((index) => covers([index]));
  return alone === undefined ? earlier : [alone];
}

const DIMENSIONS: readonly { type: ComponentType; name: string }[] = [
  { type: 'ENERGY', name: 'Energy' },
  { type: 'TIME', name: 'Charging time' },
  { type: 'PARKING_TIME', name: 'Parking time' },
  { type: 'FLAT', name: 'The session fee' },
];

function gaps(tariff: Tariff, context: CareContext, effort: Effort): Finding[] {
  return DIMENSIONS.flatMap(({ type, name }): Finding[] => {
    const moment = momentWithout(tariff, type, context, effort);
    if (moment === undefined) return [];
    const message =
      `${name} has a price under restrictions only: there is none ${moment}. Add an element without restrictions at the end; ` +
      'if it is meant to be free then, with the price 0.';
    // A fee that is due at some moments only is usual; energy that is free at some is not.
    return [{ code: 'gap_without_default', severity: type === 'ENERGY' ? 'warning' : 'notice', path: 'elements', message }];
  });
}

const EARTHS_EARLIEST_OFFSET = -12 * 3600;
const EARTHS_LATEST_OFFSET = 14 * 3600;

/** The local days that lie wholly within the tariff's validity, and are not over: wherever it is used, unless the zone is known. */
function daysOf({ startsAt, endsAt }: Tariff, { now, timeZone }: CareContext): Days {
  const from = [startsAt, now].filter((instant) => instant !== undefined).map(epochSeconds);
  const first = from.map((start) => {
    const offset = timeZone === undefined ? EARTHS_LATEST_OFFSET : offsetSeconds(timeZone, start);
    return Math.ceil((start + offset) / SECONDS_PER_DAY);
  });
  if (endsAt === undefined) return first.length === 0 ? {} : { first: Math.max(...first) };
  const last = epochSeconds(endsAt);
  const end = Math.floor((last + (timeZone === undefined ? EARTHS_EARLIEST_OFFSET : offsetSeconds(timeZone, last))) / SECONDS_PER_DAY);
  return first.length === 0 ? { end } : { first: Math.max(...first), end };
}

function indexOfType({ priceComponents }: TariffElement, type: ComponentType): number {
  return priceComponents.findIndex((component) => component.type === type);
}

/** "elements[0] matches", "elements[0] and elements[1] together match" */
function listed(indices: readonly number[]): string {
  const paths = indices.map(elementPath);
  const last = paths.pop();
  return paths.length === 0 ? `${last} matches` : `${paths.join(', ')} and ${last} together match`;
}

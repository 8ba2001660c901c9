// The costs of a session in the groups that a CDR reports (total_energy_cost and its siblings, OCPI mod_cdrs), and the lines of each group.
import { type Costing, type ExactCost, exactTax, type RoundedCost, taxOf } from './costing';
import type { Cost, CostGroup, UsageDimension, UsageLine } from './priced-session';
import type { PricedVolume } from './priced-volumes';
import { mapSides } from './sides';
import { type TaxedPart, taxesByRate } from './taxes';

export interface PricedGroup {
  readonly group: CostGroup;
  readonly exact: ExactCost;
  readonly rounded: RoundedCost;
  readonly lines: readonly UsageLine[];
  readonly taxedParts: readonly TaxedPart[];
}

/**
 * The groups in which something was priced, in the order of an invoice. The lines of each sum to its rounded cost.
 * @param areNamed whether the lines say whose component they are billed on.
 */
export function costGroups(volumes: readonly PricedVolume[], costing: Costing, areNamed: boolean): PricedGroup[] {
  const groups: PricedGroup[] = [];
  for (const group of GROUPS) {
    const members = volumes.filter(({ dimension }) => FACTS[dimension].group === group);
    if (members.length > 0) groups.push(pricedGroup(group, members, costing, areNamed));
  }
  return groups;
}

function pricedGroup(group: CostGroup, members: readonly PricedVolume[], costing: Costing, areNamed: boolean): PricedGroup {
  const parts = members.map((volume) => costing.ofVolume(volume));
  const exact = costing.sum(parts);
  const rounded = costing.round(exact);
  const amounts = costing.spread(parts, rounded);
  const lines = members.map((volume, index) => usageLine(volume, amounts[index] ?? {}, areNamed));
  return { group, exact, rounded, lines, taxedParts: taxedPartsOf(members, parts) };
}

/** Those with a rate: what has none is not taxed. */
function taxedPartsOf(members: readonly PricedVolume[], parts: readonly ExactCost[]): TaxedPart[] {
  const taxed: TaxedPart[] = [];
  members.forEach(({ selected: { taxPercent } }, index) => {
    const tax = taxPercent === undefined ? undefined : exactTax(parts[index] ?? {});
    if (taxPercent !== undefined && tax !== undefined) taxed.push({ percent: taxPercent, tax });
  });
  return taxed;
}

/** A cost as it leaves this package. The taxed parts are the usage that its tax comes from. */
export function costOf(exactCost: ExactCost, rounded: RoundedCost, taxedParts: readonly TaxedPart[], isTaxable: boolean): Cost {
  const { beforeTaxes, afterTaxes } = amountText(rounded);
  const exact = amountText(exactCost);
  const tax = taxOf(rounded);
  // Written out case by case: spreading these objects was a fifth of the whole calculation.
  if (beforeTaxes === undefined) return afterTaxes === undefined ? { exact } : { afterTaxes, exact };
  if (afterTaxes === undefined || tax === undefined) return { beforeTaxes, exact };
  return { beforeTaxes, afterTaxes, taxes: isTaxable ? taxesByRate(taxedParts, tax) : [], exact };
}

/** The sides that are known, as text: absent rather than undefined, because costs are stored. */
export function amountText(amount: RoundedCost | ExactCost): { beforeTaxes?: string; afterTaxes?: string } {
  const { before, after } = mapSides<{ toString(): string }, string>(amount, (side) => side.toString());
  const text: { beforeTaxes?: string; afterTaxes?: string } = {};
  if (before !== undefined) text.beforeTaxes = before;
  if (after !== undefined) text.afterTaxes = after;
  return text;
}

const GROUPS: readonly CostGroup[] = ['energy', 'time', 'parking', 'fixed', 'reservation'];

const FACTS: Readonly<Record<UsageDimension, Pick<UsageLine, 'group' | 'unit'>>> = {
  ENERGY: { group: 'energy', unit: 'Wh' },
  TIME: { group: 'time', unit: 's' },
  PARKING_TIME: { group: 'parking', unit: 's' },
  FLAT: { group: 'fixed', unit: 'fee' },
  RESERVATION_TIME: { group: 'reservation', unit: 's' },
  RESERVATION_FLAT: { group: 'reservation', unit: 'fee' },
};

function usageLine(volume: PricedVolume, amount: RoundedCost, isNamed: boolean): UsageLine {
  const { dimension, selected, periods, rawQuantity, billedQuantity, evidence } = volume;
  const { tariff, elementIndex, componentIndex, component } = selected;
  const { group, unit } = FACTS[dimension];
  const isRoundedUp = !billedQuantity.equals(rawQuantity);
  return {
    kind: 'usage',
    dimension,
    group,
    rule: unit === 'fee' ? 'flat_fee' : isRoundedUp ? 'step_size' : 'measured',
    periods,
    ...(isNamed && { tariffId: tariff.id }),
    elementIndex,
    componentIndex,
    unit,
    rawQuantity: rawQuantity.toString(),
    billedQuantity: billedQuantity.toString(),
    stepSize: component.stepSize,
    unitPrice: component.price,
    ...(component.vat !== undefined && { vat: component.vat }),
    ...amountText(amount),
    because: [...evidence],
  };
}

// What a session costs. The whole calculation of OCPI mod_tariffs and mod_cdrs in the order of its steps: volumes per price component, whole
// steps, exact money, price limits, and one rounding at the end. README.md lists what was decided where OCPI is silent.
// Next: apps/billing/src/cdr/cdr.ts
import { Money } from '@evenkeel/money';
import type { SessionToPrice } from './charging-period';
import { amountText, costGroups, costOf } from './cost-groups';
import { Costing, type ExactCost, type RoundedCost } from './costing';
import { lowerToMaximum, raiseToMinimum } from './price-limits';
import type { AdjustmentLine, Cost, CostGroup, PricedLine, PricedSession } from './priced-session';
import { collectVolumes } from './priced-volumes';
import { combineSides } from './sides';
import { applyStepSizes } from './step-size';
import type { Tariff } from './tariff';
import { tariffWarnings } from './tariff-warnings';
import type { TaxedPart } from './taxes';

export interface PricingRequest {
  /** The one that the session began with. */
  readonly tariff: Tariff;
  /** Those that it was switched to; its periods name them (OCPI mod_sessions, charging preferences). */
  readonly otherTariffs?: readonly Tariff[];
  /** IANA name of the location's time zone. */
  readonly timeZone: string;
  readonly session: SessionToPrice;
  /** The party charges nothing for a session in which no energy flowed, not even the minimum price. A reservation is charged all the same. */
  readonly freeWithoutEnergy?: boolean;
}

/** Throws a RangeError if the tariff or the session is not well-formed: both were validated when they entered the system. */
export function priceSession(request: PricingRequest): PricedSession {
  const { tariff, otherTariffs = [], timeZone, session, freeWithoutEnergy = false } = request;
  const tariffs = [tariff, ...otherTariffs] as const;
  const collected = collectVolumes(tariffs, timeZone, session);
  applyStepSizes(collected);

  const costing = new Costing(tariffs);
  const last = lastTariff(request);
  const groups = costGroups(collected.volumes, costing, otherTariffs.length > 0);
  const sum = costing.sum(groups.map(({ exact }) => exact));

  const isWaived = freeWithoutEnergy && collected.measured.energyWh.isZero;
  const charged = isWaived ? costing.sum(groups.filter(({ group }) => group === 'reservation').map(({ exact }) => exact)) : sum;
  const raised = isWaived ? charged : raiseToMinimum(charged, last);
  const due = lowerToMaximum(raised, last);
  const rounded = costing.round(due);
  const usage = costing.sumRounded(groups.map((group) => group.rounded));

  const lines: PricedLine[] = [];
  const taxedParts: TaxedPart[] = [];
  for (const group of groups) {
    lines.push(...group.lines);
    taxedParts.push(...group.taxedParts);
  }
  const steps: readonly Step[] = [
    ['rounding', sum],
    ['free_without_energy', charged],
    ['min_price', raised],
    ['max_price', due],
  ];
  lines.push(...adjustments(costing, usage, steps));
  assertLinesSumTo(rounded, lines, tariff.currency);

  const isTaxable = tariffs.some(({ taxIncluded }) => taxIncluded !== 'N/A');
  const total = costOf(due, rounded, taxedParts, isTaxable);
  const costs: { [group in CostGroup]?: Cost } = {};
  for (const each of groups) costs[each.group] = costOf(each.exact, each.rounded, each.taxedParts, isTaxable);
  return {
    currency: tariff.currency,
    taxIncluded: tariff.taxIncluded,
    total,
    costs,
    lines,
    measured: { ...collected.measured, energyWh: collected.measured.energyWh.toString() },
    warnings: [...tariffWarnings(tariffs, last, session, total), ...collected.warnings],
  };
}

/** The limits of a price are those of the tariff that the session ended with, as are the steps. */
function lastTariff({ tariff, otherTariffs = [], session }: PricingRequest): Tariff {
  const tariffId = session.periods.at(-1)?.tariffId;
  return tariffId === undefined || tariffId === tariff.id ? tariff : (otherTariffs.find(({ id }) => id === tariffId) ?? tariff);
}

type Step = readonly [rule: AdjustmentLine['rule'], exact: ExactCost];

/** From the sum of the usage lines, one line for every step on the way to the total that changed the amount. */
function adjustments(costing: Costing, usage: RoundedCost, steps: readonly Step[]): AdjustmentLine[] {
  const lines: AdjustmentLine[] = [];
  let reached = usage;
  let reachedExactly: ExactCost | undefined;
  for (const [rule, exact] of steps) {
    // Most sessions reach no limit: then the step hands on the very cost that it was given.
    if (exact === reachedExactly) continue;
    const amount = costing.round(exact);
    const change = combineSides(amount, reached, (left, right) => left.subtract(right));
    if (isOtherThanZero(change.before) || isOtherThanZero(change.after)) lines.push({ kind: 'adjustment', rule, ...amountText(change) });
    reached = amount;
    reachedExactly = exact;
  }
  return lines;
}

function isOtherThanZero(amount: Money | undefined): boolean {
  return amount !== undefined && !amount.isZero;
}

/** Reads the amounts back from the lines' text, so that it holds for what leaves this package and not only for what was meant. */
function assertLinesSumTo(total: RoundedCost, lines: readonly PricedLine[], currency: string): void {
  const sum = (side: 'beforeTaxes' | 'afterTaxes') =>
    Money.sum(
      lines.map((line) => Money.parse(line[side] ?? '0', currency)),
      currency,
    );
  for (const [due, billed] of [
    [total.before, sum('beforeTaxes')],
    [total.after, sum('afterTaxes')],
  ] as const) {
    if (due !== undefined && !due.equals(billed)) throw new Error(`lines sum to ${billed} and not to the total of ${due} ${currency}`);
  }
}

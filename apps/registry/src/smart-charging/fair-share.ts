// How what a site has is shared between the vehicles that charge there. Pure: demands in, amounts out, in the unit of the budget.
//
// First a vehicle gets the minimum with which it charges at all, or nothing; then priority fills up, then what leaves soon gets the rate that
// it needs until then, and the rest is shared equally.
import { withOneDecimal } from './charging-rate';

export interface Demand {
  readonly slot: string;
  /** Below this a vehicle does not charge (IEC 61851-1: 6 A). */
  readonly minimum: number;
  readonly most: number;
  /** What it needs from now until it leaves. */
  readonly needed?: number | undefined;
  readonly hasPriority: boolean;
  readonly departureAt?: string | undefined;
  readonly startedAt: string;
}

/** @returns an amount for each demand: at least its minimum or 0, at most its most; together at most what there is. */
export function fairShares(available: number, demands: readonly Demand[]): ReadonlyMap<string, number> {
  const amounts = new Map<string, number>(demands.map(({ slot }) => [slot, 0]));
  let left = Math.max(0, available);
  const inOrder = [...demands].sort(byUrgency);
  const raise = ({ slot }: Demand, to: number) => {
    const has = amounts.get(slot) ?? 0;
    const more = Math.min(Math.max(0, to - has), left);
    amounts.set(slot, has + more);
    left -= more;
  };
  const charging = inOrder.filter((demand) => {
    const least = Math.min(demand.minimum, demand.most);
    const fits = least > 0 && least <= left;
    if (fits) raise(demand, least);
    return fits;
  });
  for (const demand of charging) if (demand.hasPriority) raise(demand, demand.most);
  for (const demand of charging) raise(demand, Math.min(demand.needed ?? 0, demand.most));
  shareEqually(charging, amounts, left);
  for (const [slot, amount] of amounts) amounts.set(slot, withOneDecimal(amount));
  return amounts;
}

/** Whoever has least is raised first, until all have the same or as much as they can take. */
function shareEqually(demands: readonly Demand[], amounts: Map<string, number>, available: number): void {
  let left = available;
  let open = demands.filter(({ slot, most }) => (amounts.get(slot) ?? 0) < most);
  while (open.length > 0 && left > 1e-9) {
    const levels = open.flatMap(({ slot, most }) => [amounts.get(slot) ?? 0, most]);
    const lowest = Math.min(...open.map(({ slot }) => amounts.get(slot) ?? 0));
    const next = Math.min(...levels.filter((level) => level > lowest));
    const raised = open.filter(({ slot }) => amounts.get(slot) === lowest);
    const step = Math.min(next - lowest, left / raised.length);
    for (const { slot } of raised) amounts.set(slot, lowest + step);
    left -= step * raised.length;
    if (step < next - lowest) return;
    open = open.filter(({ slot, most }) => (amounts.get(slot) ?? 0) < most);
  }
}

function byUrgency(one: Demand, other: Demand): number {
  if (one.hasPriority !== other.hasPriority) return one.hasPriority ? -1 : 1;
  const [leaves, otherLeaves] = [one.departureAt ?? '9', other.departureAt ?? '9'];
  if (leaves !== otherLeaves) return leaves < otherLeaves ? -1 : 1;
  if (one.startedAt !== other.startedAt) return one.startedAt < other.startedAt ? -1 : 1;
  return one.slot < other.slot ? -1 : 1;
}

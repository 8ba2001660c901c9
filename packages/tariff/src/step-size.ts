// Bills volumes in whole steps (OCPI mod_cdrs `step_size`). A step rounds the session's total, never a period, and only the last component of
// a dimension decides the step and carries the surplus: switching between components costs the driver nothing.
import { Decimal, Rational } from '@evenkeel/money';
import type { UsageDimension } from './priced-session';
import type { CollectedVolumes, PricedVolume } from './priced-volumes';

export function applyStepSizes(collected: CollectedVolumes): void {
  roundUp('ENERGY', collected);
  // Time that flows on into parking is not rounded: the driver would pay the surplus of charging on top of the parking that follows it.
  roundUp(collected.last.has('PARKING_TIME') ? 'PARKING_TIME' : 'TIME', collected);
  roundUp('RESERVATION_TIME', collected);
}

function roundUp(dimension: UsageDimension, { volumes, last }: CollectedVolumes): void {
  const carrier = last.get(dimension);
  if (carrier === undefined || carrier.selected.component.stepSize === 0) return;
  const total = totalOf(volumes.filter((volume) => volume.dimension === dimension));
  const step = BigInt(carrier.selected.component.stepSize);
  const steps = Rational.fromDecimal(total).divide(Rational.of(step)).toDecimal(0, 'ceiling');
  const billed = steps.multiply(Decimal.of(step));
  carrier.billedQuantity = carrier.rawQuantity.add(billed.subtract(total));
}

function totalOf(volumes: readonly PricedVolume[]): Decimal {
  return volumes.reduce((sum, { rawQuantity }) => sum.add(rawQuantity), Decimal.ZERO);
}

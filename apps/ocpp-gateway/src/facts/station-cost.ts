// The cost that a station has calculated, out of the end of its transaction (OCPP 2.1 I07 to I12). Pure.
import type { StationCost } from '@evenkeel/contracts';
import type { StationRequest } from '@evenkeel/ocpp';
import { decimalText } from './decimal-text';
import { numberOrNone } from './fact-origin';

type CostDetails = NonNullable<StationRequest<'2.1', 'TransactionEvent'>['costDetails']>;

/** @returns undefined for what is no cost: one that failed, and one that cannot be read, which is no reason to refuse the end. */
export function stationCostOf({ failureToCalculate, totalCost, totalUsage }: Readonly<CostDetails>): StationCost | undefined {
  const { exclTax, inclTax } = totalCost?.total ?? {};
  if (failureToCalculate === true || !/^[A-Z]{3}$/.test(totalCost?.currency ?? '')) return undefined;
  const [beforeTaxes, afterTaxes] = [exclTax, inclTax].map((amount) => (amount === undefined ? undefined : decimalText(amount)));
  if (beforeTaxes === undefined && afterTaxes === undefined) return undefined;
  return {
    currency: totalCost.currency,
    ...(beforeTaxes === undefined ? {} : { beforeTaxes }),
    ...(afterTaxes === undefined ? {} : { afterTaxes }),
    durationSeconds: numberOrNone(totalUsage?.chargingTime) ?? 0,
    idleSeconds: numberOrNone(totalUsage?.idleTime) ?? 0,
  };
}

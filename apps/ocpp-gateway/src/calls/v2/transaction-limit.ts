// How far a transaction may go, said in the answer to the event that brings the token (OCPP 2.1 E16). Once the station has confirmed it, or
// has set limits itself, it is not repeated.
import type { TransactionLimits } from '@evenkeel/contracts';
import type { Response, StationRequest } from '@evenkeel/ocpp';

type TransactionEvent = StationRequest<'2.1', 'TransactionEvent'>;
type TransactionLimit = NonNullable<Response<'2.1', 'TransactionEvent'>['transactionLimit']>;

/** @returns undefined for an event that is no occasion to set a limit. */
export function transactionLimit(
  { eventType, triggerReason, transactionInfo }: TransactionEvent,
  limits: TransactionLimits | undefined,
): TransactionLimit | undefined {
  const isOccasion = eventType !== 'Ended' && triggerReason !== 'StopAuthorized' && triggerReason !== 'LimitSet';
  if (limits === undefined || !isOccasion || transactionInfo.transactionLimit !== undefined) return undefined;
  const { maxCost, maxEnergyWh, maxTimeSeconds } = limits;
  return {
    ...(maxCost === undefined ? {} : { maxCost: Number(maxCost) }),
    ...(maxEnergyWh === undefined ? {} : { maxEnergy: Number(maxEnergyWh) }),
    ...(maxTimeSeconds === undefined ? {} : { maxTime: maxTimeSeconds }),
  };
}

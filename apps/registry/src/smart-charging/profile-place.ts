// Where a charging profile stands among others: two that are at the same place and hold at the same time cannot both be.
interface Placed {
  readonly chargingProfilePurpose?: unknown;
  readonly stackLevel?: unknown;
  readonly transactionId?: unknown;
  readonly validFrom?: unknown;
  readonly validTo?: unknown;
}

/** Of one EVSE (OCPP 2.0.1 K01.FR.06, K01.FR.39). */
export function isSamePlace(one: Placed, other: Placed): boolean {
  const overlaps = startOf(one) < endOf(other) && startOf(other) < endOf(one);
  const isSameTransaction = one.chargingProfilePurpose !== 'TxProfile' || one.transactionId === other.transactionId;
  return (
    overlaps && isSameTransaction && one.chargingProfilePurpose === other.chargingProfilePurpose && one.stackLevel === other.stackLevel
  );
}

function startOf({ validFrom }: Placed): number {
  return typeof validFrom === 'string' ? Date.parse(validFrom) : Number.NEGATIVE_INFINITY;
}

function endOf({ validTo }: Placed): number {
  return typeof validTo === 'string' ? Date.parse(validTo) : Number.POSITIVE_INFINITY;
}

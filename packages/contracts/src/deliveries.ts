// What the OCPI bridge says of the CDRs that it owes to partners: what became of each delivery. A credit CDR is a CDR of its own to OCPI,
// with an id of its own, and is delivered on its own (OCPI 2.2.1 mod_cdrs, credit CDRs).
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { DecimalText, Instant } from './values';

const deliveredObject = {
  /** Whose CDR it is, and the party that owes it. */
  party: PartyKey,
  partner: PartyKey,
  cdrId: Type.String({ maxLength: 39 }),
  sessionId: Type.String(),
  credit: Type.Boolean(),
  creditReferenceId: Type.Optional(Type.String({ maxLength: 39 })),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  /** As in the object that was pushed; negative for a credit. */
  totalBeforeTaxes: DecimalText,
  totalAfterTaxes: Type.Optional(DecimalText),
};

/** The partner has acknowledged it. */
export const CdrDelivered = Type.Object({ ...deliveredObject, deliveredAt: Instant });
export type CdrDelivered = Static<typeof CdrDelivered>;

/** It is not tried again by itself: the partner refused it for good, nobody took it in time, or it cannot be expressed. */
export const CdrDeliveryParked = Type.Object({ ...deliveredObject, parkedAt: Instant, reason: Type.String() });
export type CdrDeliveryParked = Static<typeof CdrDeliveryParked>;

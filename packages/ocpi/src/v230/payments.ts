// Terminal and FinancialAdviceConfirmation (OCPI 2.3.0, extension release with mod_payments): which payment terminal stands for which locations
// and EVSEs, and what its provider has captured for a session. No other version has them.
import type { FinancialAdvice, PaymentTerminal } from '@evenkeel/contracts';
import { type Static, Type } from '@sinclair/typebox';
import { instantOf } from '../date-time';
import { priceUp, WirePrice221 } from '../v221/price';
import { unchanged, understood, type VersionObject } from '../version';
import { ciString, countryCode, dateTime, openEnum, partyId, readWire } from '../wire-schema';
import { GeoLocation } from './location';
import { fromPrice, WirePrice } from './price';

/** When a terminal is first told of, its id alone may be said (POST Terminal): everything else is required of us only. */
export const Terminal = Type.Object(
  {
    terminal_id: ciString(36),
    customer_reference: Type.Optional(ciString(36)),
    /** Not of its owner, but of the CPO: another way to name its customer. */
    party_id: Type.Optional(partyId),
    country_code: Type.Optional(countryCode),
    address: Type.Optional(ciString(45)),
    city: Type.Optional(ciString(45)),
    postal_code: Type.Optional(ciString(10)),
    state: Type.Optional(ciString(20)),
    country: Type.Optional(Type.String({ strictly: { pattern: '^[A-Z]{3}$' } })),
    coordinates: Type.Optional(GeoLocation),
    // Providers write it without a scheme, too.
    invoice_base_url: Type.Optional(Type.String({ minLength: 1, maxLength: 2048, strictly: { maxLength: 255, pattern: '^https?://' } })),
    invoice_creator: Type.Optional(openEnum('CPO', 'PTP')),
    reference: Type.Optional(ciString(36)),
    location_ids: Type.Optional(Type.Array(ciString(36))),
    evse_uids: Type.Optional(Type.Array(ciString(36))),
    last_updated: Type.Optional(dateTime),
  },
  { strictly: { required: ['terminal_id', 'last_updated'] } },
);
export type Terminal = Static<typeof Terminal>;

const captureStatuses = ['SUCCESS', 'PARTIAL_SUCCESS', 'FAILED'] as const;

export const FinancialAdviceConfirmation = Type.Object(
  {
    id: ciString(36),
    authorization_reference: ciString(36),
    total_costs: WirePrice,
    currency: ciString(3),
    // Left out where nothing was captured, though it is required.
    eft_data: Type.Optional(Type.Array(ciString(255), { strictly: { minItems: 1 } })),
    capture_status_code: openEnum(...captureStatuses),
    capture_status_message: Type.Optional(ciString(255)),
    last_updated: dateTime,
  },
  {
    strictly: {
      required: ['id', 'authorization_reference', 'total_costs', 'currency', 'eft_data', 'capture_status_code', 'last_updated'],
    },
  },
);
export type FinancialAdviceConfirmation = Static<typeof FinancialAdviceConfirmation>;

/** The module's own examples say prices as OCPI 2.2.1 does, and so do providers. */
const Received = Type.Object({ ...FinancialAdviceConfirmation.properties, total_costs: Type.Union([WirePrice, WirePrice221]) });

// A date or a sum that there is not is found when it is read, while its sender listens.
const terminal: VersionObject<Terminal> = {
  ...unchanged(Terminal),
  read: (received) =>
    understood(readWire(Terminal, received), (wire) => {
      if (wire.last_updated !== undefined) instantOf(wire.last_updated);
      return wire;
    }),
};
const confirmation: VersionObject<FinancialAdviceConfirmation> = {
  ...unchanged(FinancialAdviceConfirmation),
  read: (received) =>
    understood(readWire(Received, received), (wire) => {
      const { total_costs } = wire;
      const read = { ...wire, total_costs: 'before_taxes' in total_costs ? total_costs : priceUp(total_costs) };
      fromConfirmation(read);
      return read;
    }),
};

export const paymentObjects = { terminal, confirmation } as const;
export type PaymentObjects = typeof paymentObjects;

/** A terminal as operators see it. */
export function fromTerminal(wire: Terminal & { last_updated: string }): Omit<PaymentTerminal, 'partner'> {
  const { terminal_id, customer_reference, invoice_base_url, invoice_creator, reference } = wire;
  const place = [wire.address, wire.postal_code, wire.city, wire.state, wire.country].filter((part) => part !== undefined).join(', ');
  return {
    terminalId: terminal_id,
    ...(customer_reference === undefined ? {} : { customerReference: customer_reference }),
    ...(place === '' ? {} : { place }),
    ...(invoice_base_url === undefined ? {} : { invoiceBaseUrl: invoice_base_url }),
    ...(invoice_creator === undefined ? {} : { invoiceCreator: invoice_creator }),
    ...(reference === undefined ? {} : { reference }),
    locationIds: wire.location_ids ?? [],
    evseUids: wire.evse_uids ?? [],
    lastUpdated: instantOf(wire.last_updated),
  };
}

/** A confirmation as operators see it. */
export function fromConfirmation(wire: FinancialAdviceConfirmation): Omit<FinancialAdvice, 'partner'> {
  return {
    confirmationId: wire.id,
    authorizationReference: wire.authorization_reference,
    totalCosts: fromPrice(wire.total_costs),
    currency: wire.currency,
    eftData: wire.eft_data ?? [],
    captureStatus: wire.capture_status_code,
    ...(wire.capture_status_message === undefined ? {} : { captureMessage: wire.capture_status_message }),
    lastUpdated: instantOf(wire.last_updated),
  };
}

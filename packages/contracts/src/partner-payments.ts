// Payment terminals of a provider (PTP) and what it has captured for sessions at them, as operators of a CPO see and change them (OCPI 2.3.0,
// extension release with mod_payments, from the receiver's side).
import { type Static, Type } from '@sinclair/typebox';
import { Price } from './cdrs';
import { request, write } from './flow-declarations';
import { PartyKey } from './party';
import { Instant, PageRequest, pageOf, Text } from './values';

const ascii = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[\\x20-\\x7e]+$' });
export const TerminalId = ascii(36);
const places = { locationIds: Type.Array(ascii(36), { maxItems: 1000 }), evseUids: Type.Array(ascii(36), { maxItems: 1000 }) };
const address = Type.String({
  pattern: '^https?://',
  maxLength: 255,
  description: 'What an invoice is found at, followed by its reference',
});

export const PaymentTerminal = Type.Object({
  /** The provider. */
  partner: PartyKey,
  terminalId: Type.String(),
  /** By which the provider knows us. */
  customerReference: Type.Optional(Type.String()),
  place: Type.Optional(Type.String()),
  invoiceBaseUrl: Type.Optional(Type.String()),
  /** CPO or PTP. */
  invoiceCreator: Type.Optional(Type.String()),
  /** Of the provider, e.g. the serial number. */
  reference: Type.Optional(Type.String()),
  locationIds: Type.Array(Type.String()),
  evseUids: Type.Array(Type.String()),
  lastUpdated: Instant,
});
export type PaymentTerminal = Static<typeof PaymentTerminal>;
export const PaymentTerminalPage = pageOf(PaymentTerminal);

/** What stands in a station: its provider is told where it is, and makes a terminal of it. */
export const TerminalActivation = Type.Object({
  terminalId: TerminalId,
  reference: Type.Optional(ascii(36)),
  locationIds: Type.Optional(places.locationIds),
  evseUids: Type.Optional(places.evseUids),
});
/** All of what it stands for; what is not in it, it does not stand for any more. */
export const TerminalPlaces = Type.Object(places);
export const TerminalChange = Type.Object({ customerReference: Type.Optional(ascii(36)), invoiceBaseUrl: Type.Optional(address) });

/** What the provider has acknowledged. The terminal itself comes from the provider. */
export const TerminalTold = Type.Object({ partner: PartyKey, terminalId: Type.String(), toldAt: Instant });
export type TerminalTold = Static<typeof TerminalTold>;

/** What was captured for a session, so that its invoice can say so. */
export const FinancialAdvice = Type.Object({
  partner: PartyKey,
  confirmationId: Type.String(),
  /** That of the START_SESSION, of the session and of its CDR. */
  authorizationReference: Type.String(),
  totalCosts: Price,
  currency: Type.String(),
  /** Lines for the invoice. */
  eftData: Type.Array(Type.String()),
  /** SUCCESS, PARTIAL_SUCCESS or FAILED. */
  captureStatus: Type.String(),
  captureMessage: Type.Optional(Type.String()),
  lastUpdated: Instant,
});
export type FinancialAdvice = Static<typeof FinancialAdvice>;
export const FinancialAdvicePage = pageOf(FinancialAdvice);
export const FinancialAdviceQuery = Type.Object({ ...PageRequest, authorizationReference: Type.Optional(Text(36)) });

const toBridge = { answeredBy: 'ocpi-bridge', askedBy: ['console'] } as const;
/** The provider is asked while the operator waits. */
const deadlineMs = 25_000;

export const paymentRequests = {
  listPaymentTerminals: request({
    ...toBridge,
    subject: 'bridge.list-payment-terminals',
    request: Type.Object({ partner: PartyKey, ...PageRequest }),
    reply: PaymentTerminalPage,
    deadlineMs: 5_000,
  }),
  listFinancialAdvice: request({
    ...toBridge,
    subject: 'bridge.list-financial-advice',
    request: Type.Object({ partner: PartyKey, ...FinancialAdviceQuery.properties }),
    reply: FinancialAdvicePage,
    deadlineMs: 5_000,
  }),
  activatePaymentTerminal: request({
    ...toBridge,
    subject: 'bridge.activate-payment-terminal',
    request: write({ partner: PartyKey, activation: TerminalActivation }),
    reply: TerminalTold,
    deadlineMs,
  }),
  deactivatePaymentTerminal: request({
    ...toBridge,
    subject: 'bridge.deactivate-payment-terminal',
    request: write({ partner: PartyKey, terminalId: TerminalId }),
    reply: TerminalTold,
    deadlineMs,
  }),
  placePaymentTerminal: request({
    ...toBridge,
    subject: 'bridge.place-payment-terminal',
    request: write({ partner: PartyKey, terminalId: TerminalId, places: TerminalPlaces }),
    reply: PaymentTerminal,
    deadlineMs,
  }),
  changePaymentTerminal: request({
    ...toBridge,
    subject: 'bridge.change-payment-terminal',
    request: write({ partner: PartyKey, terminalId: TerminalId, change: TerminalChange }),
    reply: PaymentTerminal,
    deadlineMs,
  }),
};

// What a mobility provider bills its own drivers for charging at partners' stations: by its own retail tariff, whatever the partner asks. A bill
// is immutable and snapshots the tariff, as a CDR does; the energy and the times are those of the partner's CDR.
import { type Static, Type } from '@sinclair/typebox';
import { Cdr, CdrExplanation, CdrSummary, PartnerCdr } from './cdrs';
import { PartyKey } from './party';
import { IssuedToken } from './registry';
import { Tariff } from './tariff';
import { AskedInstant, Instant, PageRequest, pageOf } from './values';

/** At whose stations a retail tariff counts: one operator's, or those of every operator that has none of its own. */
export const RetailScope = Type.String({
  pattern: '^(default|[A-Z]{2}-[A-Z0-9]{3})$',
  description: 'The party of an operator, or "default" for every operator without a retail tariff of its own',
});
export type RetailScope = Static<typeof RetailScope>;

export const RetailTariffChoice = Type.Object({ tariffId: Tariff.properties.id });
export const RetailTariff = Type.Object({ scope: RetailScope, tariffId: Tariff.properties.id, since: Instant });
export type RetailTariff = Static<typeof RetailTariff>;
export const RetailTariffList = Type.Object({ items: Type.Array(RetailTariff) });

const { startedAt, endedAt, currency, periods, energyWh, durationSeconds, parkingSeconds, total, lines, flags } = Cdr.properties;

export const DriverBill = Type.Object({
  /** Of the partner's CDR; a credit has "-CR" behind it. */
  billId: Type.String({ maxLength: 39 }),
  /** Who bills. */
  party: PartyKey,
  /** Whom: the token that charged. */
  payer: IssuedToken,
  /** What for; of a credit, the partner's credit CDR. */
  partnerCdr: Type.Object({
    partnerId: PartnerCdr.properties.partnerId,
    party: PartyKey,
    cdrId: PartnerCdr.properties.cdrId,
    sessionId: PartnerCdr.properties.sessionId,
  }),
  place: PartnerCdr.properties.place,
  ...{ startedAt, endedAt },
  timeZone: Type.String({ description: "The location's; UTC where it is not known and no price depends on it" }),
  /** The retail tariff in force when the session started. */
  tariff: Tariff,
  ...{ currency, periods, energyWh, durationSeconds, parkingSeconds, total, lines, flags },
  credit: Type.Boolean(),
  creditReferenceId: Type.Optional(Type.String({ description: 'The bill that is taken back' })),
  issuedAt: Instant,
});
export type DriverBill = Static<typeof DriverBill>;

/** `number`: consecutive within the party, credits included, from 1; it comes a moment after the bill itself. */
export const NumberedDriverBill = Type.Composite([DriverBill, Type.Pick(CdrSummary, ['number'])]);
export type NumberedDriverBill = Static<typeof NumberedDriverBill>;
/** A row of the list: without what makes a bill long. */
export const DriverBillSummary = Type.Composite([
  Type.Omit(NumberedDriverBill, ['tariff', 'periods', 'lines']),
  Type.Object({ tariffId: Tariff.properties.id }),
]);
export type DriverBillSummary = Static<typeof DriverBillSummary>;
export const DriverBillQuery = Type.Object({
  ...PageRequest,
  cdrId: Type.Optional(Type.String({ maxLength: 64, description: "Id of the partner's CDR, or of its credit CDR" })),
  from: Type.Optional(AskedInstant),
  to: Type.Optional(AskedInstant),
});
export const DriverBillPage = pageOf(DriverBillSummary);
export const DriverBillExplanation = Type.Composite([Type.Object({ billId: Type.String() }), Type.Omit(CdrExplanation, ['cdrId'])]);

/** Why a partner's CDR is billed to no driver. */
export const UnbilledReason = Type.Union(
  [
    Type.Literal('not-considered'),
    Type.Literal('no-retail-tariff'),
    Type.Literal('no-time-zone'),
    Type.Literal('cannot-be-priced'),
    Type.Literal('names-no-cdr'),
  ],
  {
    description:
      'not-considered: booked, and not looked at yet; no-retail-tariff: none when the session started; no-time-zone: the tariff depends on local time, and the location of the CDR is not known; cannot-be-priced: by the tariff, as the detail says; names-no-cdr: a credit that does not say what it takes back',
  },
);
export type UnbilledReason = Static<typeof UnbilledReason>;

export const UnbilledPurchase = Type.Object({
  purchaseId: Type.String({ minLength: 1, maxLength: 64 }),
  reason: UnbilledReason,
  detail: Type.Optional(Type.String()),
  /** What says which it is; `GET /cdrs/{cdrId}` tells the rest. */
  cdr: Type.Omit(PartnerCdr, ['periods', 'tariff', 'place', 'authorizationReference']),
});
export type UnbilledPurchase = Static<typeof UnbilledPurchase>;
export const UnbilledQuery = Type.Object({ ...PageRequest, reason: Type.Optional(UnbilledReason) });
export const UnbilledPage = pageOf(UnbilledPurchase);

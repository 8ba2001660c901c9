// What billing says: charge detail records. A CDR is immutable and snapshots place, tariff and payer (OCPI 2.2.1 mod_cdrs).
import { type Static, Type } from '@sinclair/typebox';
import { PartyKey } from './party';
import { ChargingPlace, Payer } from './registry';
import { ChargingPeriod } from './sessions';
import { StationCost } from './station-facts';
import { Tariff } from './tariff';
import { AskedInstant, DecimalText, Instant, PageRequest, pageOf, TokenReference } from './values';

/** OCPI 2.3.0 Price at the currency's minor unit. `taxes` empty: no tax is due; absent, like `afterTaxes`: the taxes are not known. */
export const Price = Type.Object({
  beforeTaxes: DecimalText,
  afterTaxes: Type.Optional(DecimalText),
  taxes: Type.Optional(
    Type.Array(Type.Object({ name: Type.Optional(Type.String()), percentage: Type.Optional(DecimalText), amount: DecimalText })),
  ),
});
export type Price = Static<typeof Price>;

/** One line of the bill. The amounts of all lines sum to the total exactly. */
export const CdrLine = Type.Object({
  /** What was billed, e.g. ENERGY; absent for an adjustment: a minimum, a maximum or the rounding of the total. */
  dimension: Type.Optional(Type.String()),
  /** Index into the tariff's elements and their price components. */
  elementIndex: Type.Optional(Type.Integer()),
  componentIndex: Type.Optional(Type.Integer()),
  /** Measured and billed quantity, in Wh or seconds; they differ by the step size. */
  quantity: Type.Optional(DecimalText),
  billedQuantity: Type.Optional(DecimalText),
  unit: Type.Optional(Type.String()),
  unitPrice: Type.Optional(DecimalText),
  beforeTaxes: DecimalText,
  afterTaxes: Type.Optional(DecimalText),
  /** Why the amount is what it is: measured, step_size, flat_fee, rounding, min_price, max_price. */
  rule: Type.String(),
  /** Ids of the stored events that the quantity rests on. */
  because: Type.Array(Type.String()),
  text: Type.String(),
});
export type CdrLine = Static<typeof CdrLine>;

export const Cdr = Type.Object({
  cdrId: Type.String({ maxLength: 39 }),
  party: PartyKey,
  sessionId: Type.String(),
  stationId: Type.String(),
  transactionId: Type.String(),
  startedAt: Instant,
  endedAt: Instant,
  place: ChargingPlace,
  payer: Payer,
  tariff: Tariff,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  periods: Type.Array(ChargingPeriod),
  energyWh: DecimalText,
  durationSeconds: Type.Integer({ minimum: 0 }),
  parkingSeconds: Type.Integer({ minimum: 0 }),
  total: Price,
  totalEnergyCost: Type.Optional(Price),
  totalTimeCost: Type.Optional(Price),
  totalParkingCost: Type.Optional(Price),
  totalFixedCost: Type.Optional(Price),
  lines: Type.Array(CdrLine),
  /** As the station has calculated it; a difference of more than a cent is flagged `stationCostDiffers`. */
  stationCost: Type.Optional(StationCost),
  flags: Type.Array(Type.String()),
  /** Ids of the facts with the first and the last signed reading; the session's stream keeps them byte for byte. */
  signedEvidence: Type.Optional(Type.Array(Type.String())),
  credit: Type.Boolean(),
  creditReferenceId: Type.Optional(Type.String()),
  /** Revision of the session's stream that was billed. */
  sessionRevision: Type.Integer(),
  issuedAt: Instant,
});
export type Cdr = Static<typeof Cdr>;

export const CdrMessage = Type.Object({ cdr: Cdr });
export type CdrMessage = Static<typeof CdrMessage>;

/** What a corrected bill changes for the payer. */
export const Claim = Type.Object({
  sessionId: Type.String(),
  party: PartyKey,
  payer: Payer,
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  /** Always positive; the message's name says in which direction it is owed. After taxes where they are known. */
  amount: DecimalText,
  /** The CDR that was taken back, and the one in its place; absent where the session is not billed any more. */
  creditedCdrId: Type.String(),
  cdrId: Type.Optional(Type.String()),
});
export type Claim = Static<typeof Claim>;
export const ClaimMessage = Type.Object({ claim: Claim });
export type ClaimMessage = Static<typeof ClaimMessage>;

/** Where it was, as the partner says it (OCPI 2.2.1 mod_cdrs CdrLocation). */
export const PartnerPlaceName = Type.Object({
  locationId: Type.String(),
  name: Type.Optional(Type.String()),
  address: Type.String(),
  city: Type.String(),
});

/** A CDR that a roaming partner sent us, in canonical form; `claimed` is what the partner asks, `checked` what we make of it. */
export const PartnerCdr = Type.Object({
  partnerId: Type.String(),
  cdrId: Type.String(),
  /** The party that issued it. */
  party: PartyKey,
  sessionId: Type.Optional(Type.String()),
  /** Of ours, whom the CDR is about. */
  token: TokenReference,
  /** The party of ours that issued the token, and so owes the CDR; absent in what was stored before it was told. */
  buyer: Type.Optional(PartyKey),
  startedAt: Instant,
  endedAt: Instant,
  /** Absent in what was stored before it was told. */
  place: Type.Optional(PartnerPlaceName),
  timeZone: Type.Optional(Type.String()),
  currency: Type.String(),
  energyWh: DecimalText,
  durationSeconds: Type.Integer(),
  total: Price,
  tariff: Type.Optional(Tariff),
  periods: Type.Array(ChargingPeriod),
  credit: Type.Boolean(),
  creditReferenceId: Type.Optional(Type.String()),
  authorizationReference: Type.Optional(Type.String()),
  lastUpdated: Instant,
});
export type PartnerCdr = Static<typeof PartnerCdr>;
export const PartnerCdrMessage = Type.Object({ cdr: PartnerCdr });
export type PartnerCdrMessage = Static<typeof PartnerCdrMessage>;

/** A row of the operator's list: CDRs that we issued and CDRs that partners sent us. */
export const CdrSummary = Type.Object({
  cdrId: Type.String(),
  /** Of an issued one, credits included: consecutive within the party, from 1. It comes a moment after the CDR itself. */
  number: Type.Optional(Type.Integer({ minimum: 1 })),
  direction: Type.Union([Type.Literal('issued'), Type.Literal('received')]),
  party: PartyKey,
  sessionId: Type.Optional(Type.String()),
  stationId: Type.Optional(Type.String()),
  partnerId: Type.Optional(Type.String()),
  startedAt: Instant,
  endedAt: Instant,
  energyWh: DecimalText,
  currency: Type.String(),
  totalBeforeTaxes: DecimalText,
  totalAfterTaxes: Type.Optional(DecimalText),
  credit: Type.Boolean(),
  /** For a received CDR: the total our own engine computes from its periods and tariff, where it carries a tariff. */
  checkedBeforeTaxes: Type.Optional(DecimalText),
  issuedAt: Instant,
});
export type CdrSummary = Static<typeof CdrSummary>;
export const CdrQuery = Type.Object({
  ...PageRequest,
  sessionId: Type.Optional(Type.String({ maxLength: 64 })),
  stationId: Type.Optional(Type.String({ maxLength: 48 })),
  from: Type.Optional(AskedInstant),
  to: Type.Optional(AskedInstant),
});
export type CdrQuery = Static<typeof CdrQuery>;
export const CdrPage = pageOf(CdrSummary);
export const CdrView = Type.Composite([CdrSummary, Type.Object({ cdr: Type.Optional(Cdr), partnerCdr: Type.Optional(PartnerCdr) })]);
export type CdrView = Static<typeof CdrView>;

/** ISO 639-1. */
export const ExplanationLanguage = Type.Union([Type.Literal('en'), Type.Literal('es')]);

/** Why a CDR costs what it costs: its lines, and every event that one of them rests on. */
export const CdrExplanation = Type.Object({
  cdrId: Type.String(),
  total: Price,
  currency: Type.String(),
  text: Type.Array(Type.String()),
  lines: Type.Array(CdrLine),
});
export type CdrExplanation = Static<typeof CdrExplanation>;

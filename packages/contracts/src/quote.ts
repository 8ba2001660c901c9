// What a session that is planned will cost: the price before the start, by the function that prices the session when it has been.
import { type Static, Type } from '@sinclair/typebox';
import { ExplanationLanguage } from './cdrs';
import { PartyKey } from './party';
import { Currency } from './registry';
import { AskedInstant, DecimalText, Instant } from './values';

const WEEK_SECONDS = 7 * 24 * 3_600;

/** Energy flows evenly while the car charges, and not at all while it only stands there. */
export const PlannedSession = Type.Object({
  startsAt: AskedInstant,
  energyWh: Type.Integer({ minimum: 0, maximum: 10_000_000 }),
  chargingSeconds: Type.Integer({ minimum: 1, maximum: WEEK_SECONDS }),
  /** After the car has charged. */
  parkingSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: WEEK_SECONDS })),
});
export type PlannedSession = Static<typeof PlannedSession>;

export const QuoteRequest = Type.Object({
  party: PartyKey,
  stationId: Type.String({ minLength: 1, maxLength: 48 }),
  /** May be absent where the station has a single EVSE. */
  evseId: Type.Optional(Type.Integer({ minimum: 1 })),
  connectorId: Type.Optional(Type.Integer({ minimum: 1 })),
  language: Type.Optional(ExplanationLanguage),
  ...PlannedSession.properties,
});
export type QuoteRequest = Static<typeof QuoteRequest>;

/** At least one side of tax is there: the one that the tariff does not determine is absent. */
export const Quote = Type.Object({
  tariffId: Type.String(),
  tariffLastUpdated: Instant,
  currency: Currency,
  endsAt: Instant,
  /** What the driver pays: after taxes where the tariff tells them. */
  due: DecimalText,
  beforeTaxes: Type.Optional(DecimalText),
  afterTaxes: Type.Optional(DecimalText),
  /** Line by line, and the total. */
  text: Type.Array(Type.String()),
});
export type Quote = Static<typeof Quote>;

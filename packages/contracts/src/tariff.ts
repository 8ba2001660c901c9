// The canonical tariff: OCPI 2.3.0 mod_tariffs in our spelling, decimals as text. The OCPI bridge maps it to and from each version.
import { type Static, Type } from '@sinclair/typebox';
import { DecimalText, Instant, Text } from './values';

const LocalTime = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const LocalDate = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$' });

export const PriceComponent = Type.Object({
  type: Type.Union([Type.Literal('ENERGY'), Type.Literal('TIME'), Type.Literal('PARKING_TIME'), Type.Literal('FLAT')]),
  /** Per kWh, per hour or flat, in the tariff's currency. */
  price: DecimalText,
  vat: Type.Optional(DecimalText),
  /** Wh for ENERGY, seconds for the times; ignored for FLAT. */
  stepSize: Type.Integer({ minimum: 0 }),
});

export const TariffRestrictions = Type.Object({
  startTime: Type.Optional(LocalTime),
  endTime: Type.Optional(LocalTime),
  startDate: Type.Optional(LocalDate),
  endDate: Type.Optional(LocalDate),
  minKwh: Type.Optional(DecimalText),
  maxKwh: Type.Optional(DecimalText),
  minCurrentA: Type.Optional(DecimalText),
  maxCurrentA: Type.Optional(DecimalText),
  minPowerKw: Type.Optional(DecimalText),
  maxPowerKw: Type.Optional(DecimalText),
  minDurationSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
  maxDurationSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
  dayOfWeek: Type.Optional(
    Type.Array(
      Type.Union([
        Type.Literal('MONDAY'),
        Type.Literal('TUESDAY'),
        Type.Literal('WEDNESDAY'),
        Type.Literal('THURSDAY'),
        Type.Literal('FRIDAY'),
        Type.Literal('SATURDAY'),
        Type.Literal('SUNDAY'),
      ]),
    ),
  ),
  reservation: Type.Optional(Type.Union([Type.Literal('RESERVATION'), Type.Literal('RESERVATION_EXPIRES')])),
  booking: Type.Optional(Type.String()),
});

const PriceLimit = Type.Object({ beforeTaxes: DecimalText, afterTaxes: Type.Optional(DecimalText) });

export const Tariff = Type.Object({
  countryCode: Type.String({ pattern: '^[A-Z]{2}$' }),
  partyId: Type.String({ pattern: '^[A-Z0-9]{3}$' }),
  id: Text(36),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  type: Type.Optional(
    Type.Union([
      Type.Literal('AD_HOC_PAYMENT'),
      Type.Literal('PROFILE_CHEAP'),
      Type.Literal('PROFILE_FAST'),
      Type.Literal('PROFILE_GREEN'),
      Type.Literal('REGULAR'),
    ]),
  ),
  elements: Type.Array(
    Type.Object({ priceComponents: Type.Array(PriceComponent, { minItems: 1 }), restrictions: Type.Optional(TariffRestrictions) }),
    { minItems: 1 },
  ),
  minPrice: Type.Optional(PriceLimit),
  maxPrice: Type.Optional(PriceLimit),
  taxIncluded: Type.Union([Type.Literal('YES'), Type.Literal('NO'), Type.Literal('N/A')]),
  /** Shown to drivers, English. */
  altText: Type.Optional(Type.String({ maxLength: 512 })),
  startsAt: Type.Optional(Instant),
  endsAt: Type.Optional(Instant),
  lastUpdated: Instant,
});
export type Tariff = Static<typeof Tariff>;

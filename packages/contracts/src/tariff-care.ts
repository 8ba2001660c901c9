// What is said of a tariff before anybody charges by it: what is wrong or surprising in it, what the law asks where it is used, and the lines
// that a station or an app shows of it.
import { type Static, Type } from '@sinclair/typebox';
import { Currency, PositiveDecimal } from './registry';
import { Text } from './values';

/** `nevi`: stations under 23 CFR 680. `afir`: Regulation (EU) 2023/1804. */
export const Jurisdiction = Type.Union([Type.Literal('nevi'), Type.Literal('california'), Type.Literal('afir'), Type.Literal('eichrecht')]);

/** Where a tariff is used. What a part is missing for is not checked. */
export const TariffContext = Type.Object({
  jurisdictions: Type.Optional(Type.Array(Jurisdiction, { uniqueItems: true, maxItems: 4 })),
  /** What drivers pay with there. */
  currency: Type.Optional(Currency),
  /** The highest power of the connectors. */
  maxPowerKw: Type.Optional(Type.String({ pattern: PositiveDecimal.pattern, maxLength: 12 })),
  /** IANA name. */
  timeZone: Type.Optional(Text(255)),
});
export type TariffContext = Static<typeof TariffContext>;

export const TariffFinding = Type.Object({
  /** Stable, for machines. */
  code: Type.String(),
  /** A tariff with an error of its own is not registered; an error against the law is the operator's to judge, and refuses nothing. */
  severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('notice')]),
  /** e.g. elements[2].priceComponents[0].price */
  path: Type.String(),
  /** What is so, and what to do about it. */
  message: Type.String(),
  /** The rule of law behind it, e.g. 23 CFR 680.116(a). */
  rule: Type.Optional(Type.String()),
});
export type TariffFinding = Static<typeof TariffFinding>;

/** In the order of article 5(4) of Regulation (EU) 2023/1804: kWh, minute, session, other. */
export const TariffDisplayLine = Type.Object({
  unit: Type.Union([Type.Literal('kWh'), Type.Literal('minute'), Type.Literal('session'), Type.Literal('other')]),
  text: Type.String(),
  /** What of the tariff it shows. */
  path: Type.String(),
});

export const TariffCheck = Type.Object({
  findings: Type.Array(TariffFinding),
  displayLines: Type.Array(TariffDisplayLine),
  /** What the findings rest on. */
  context: TariffContext,
});
export type TariffCheck = Static<typeof TariffCheck>;

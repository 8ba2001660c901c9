// The console's settings. It keeps nothing durable: no event store, no database.
import { PartyKey, Text } from '@evenkeel/contracts';
import { commonSettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

/** Who issues a party's invoices, as it stands on them. */
export const Seller = Type.Object(
  {
    name: Text(100),
    /** Line by line. */
    address: Type.Optional(Type.Array(Text(100), { minItems: 1, maxItems: 6 })),
    taxNumber: Type.Optional(Text(40)),
  },
  { additionalProperties: false },
);
export type Seller = Static<typeof Seller>;

export const ConsoleSettings = Type.Object({
  ...commonSettings,
  CONSOLE_PORT: Type.Integer({ default: 9200, minimum: 1, maximum: 65535 }),
  /** Whose a station, token, driver, location or tariff is when the request does not say. */
  PARTY: PartyKey,
  /** Signs the bearer tokens; at least 32 bytes, hexadecimal, the same in every replica. */
  SESSION_SECRET: Type.String({ pattern: '^([0-9a-f]{2}){32,}$' }),
  /** How long a login lasts. A changed role or password takes effect at the next login, so a week is the most. */
  SESSION_HOURS: Type.Integer({ default: 12, minimum: 1, maximum: 168 }),
  /** By party: `{"US-CHG": {"name": "Chargem Inc.", "address": ["100 Howard Street", "San Francisco"], "taxNumber": "..."}}`. */
  INVOICE_SELLERS: Type.Record(PartyKey, Seller, { default: {}, additionalProperties: false }),
});
export type ConsoleSettings = Static<typeof ConsoleSettings>;

// Billing's settings.
import { PartyKey } from '@evenkeel/contracts';
import { commonSettings, databaseSettings, eventStoreSettings, sealSettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const BillingSettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  ...sealSettings,
  /** Whether a session without energy costs nothing, also where the tariff has fees or a minimum price. */
  FREE_WITHOUT_ENERGY: Type.Boolean({ default: true }),
  /** How often the books are held against the CDRs. */
  BOOKS_CHECK_EVERY_MS: Type.Integer({ minimum: 1_000, default: 60_000 }),
  /** In whose months statements are made: `{"US-CHG": "America/Los_Angeles"}`. A party that is not named has the months of UTC. */
  STATEMENT_TIME_ZONES: Type.Record(PartyKey, Type.String({ format: 'time-zone' }), { default: {}, additionalProperties: false }),
});
export type BillingSettings = Static<typeof BillingSettings>;

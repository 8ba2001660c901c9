// Billing's settings.
import { commonSettings, databaseSettings, eventStoreSettings, sealSettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const BillingSettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  ...sealSettings,
  /** Whether a session without energy costs nothing, also where the tariff has fees or a minimum price. */
  FREE_WITHOUT_ENERGY: Type.Boolean({ default: true }),
});
export type BillingSettings = Static<typeof BillingSettings>;

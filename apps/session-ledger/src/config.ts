// The session ledger's settings.
import { commonSettings, databaseSettings, eventStoreSettings, sealSettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const LedgerSettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  ...sealSettings,
  /** How often sessions whose terms could not be agreed are tried again. */
  TERMS_RETRY_MS: Type.Integer({ default: 2_000, minimum: 100 }),
  /** JSON: party key -> what differs from the default policy for its sessions, e.g. {"US-CHG":{"settleSeconds":30}}. */
  SESSION_POLICIES: Type.String({ default: '{}' }),
  /** As billing has it: whether a session without energy costs nothing. */
  FREE_WITHOUT_ENERGY: Type.Boolean({ default: true }),
  /** The least time between two costs that an OCPP 1.6 station is told of a running session. */
  COST_EVERY_SECONDS: Type.Integer({ default: 60, minimum: 1 }),
  /** Live sessions kept folded in memory. */
  CACHED_SESSIONS: Type.Integer({ default: 10_000, minimum: 100 }),
});
export type LedgerSettings = Static<typeof LedgerSettings>;

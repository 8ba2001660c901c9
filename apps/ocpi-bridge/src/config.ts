// The bridge's settings. One process speaks for one party in one role; a platform with two roles runs two bridges.
import { versionNumbers } from '@evenkeel/ocpi';
import { commonSettings, databaseSettings, eventStoreSettings, identitySettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

const versions = versionNumbers.map((version) => version.replaceAll('.', '\\.')).join('|');

export const BridgeSettings = Type.Object({
  ...commonSettings,
  ...eventStoreSettings,
  ...databaseSettings,
  ...identitySettings,
  OCPI_PORT: Type.Integer({ minimum: 1, maximum: 65535 }),
  /** How partners reach us, up to and with `/ocpi`: it is in every address that we hand out. */
  OCPI_PUBLIC_URL: Type.String({ pattern: '^https?://.+/ocpi$' }),
  PARTY: Type.String({ pattern: '^[A-Z]{2}-[A-Z0-9]{3}$' }),
  ROLE: Type.Union([Type.Literal('CPO'), Type.Literal('EMSP')]),
  /** That are offered to partners, with commas; the newest that both speak is chosen. */
  OCPI_VERSIONS: Type.String({ default: versionNumbers.join(','), pattern: `^(${versions})(,(${versions}))*$` }),
  BUSINESS_NAME: Type.String({ minLength: 1, maxLength: 100 }),
  /** 32 bytes, hexadecimal. Partners' tokens are stored encrypted with it; a lost key means a handshake with every partner again. */
  TOKEN_ENCRYPTION_KEY: Type.String({ pattern: '^[0-9a-fA-F]{64}$' }),
  /** Lets partners live at http:// and private addresses: for a laptop and for tests, never in production. */
  ALLOW_PRIVATE_URLS: Type.Boolean({ default: false }),
  /** Pauses between attempts at one delivery grow from the first to the second, spread by half. */
  PUSH_RETRY_FIRST_MS: Type.Integer({ default: 1_000, minimum: 10 }),
  PUSH_RETRY_LONGEST_MS: Type.Integer({ default: 6 * 3_600_000, minimum: 100 }),
  /** A delivery that nobody took for so long is parked for a person to look at. */
  PUSH_GIVE_UP_HOURS: Type.Integer({ default: 7 * 24, minimum: 1 }),
  /** How often at most a partner that cannot be reached is tried. */
  PUSH_PROBE_MS: Type.Integer({ default: 15_000, minimum: 100 }),
  /** For so long after a handshake a partner that refuses our token may just not be done with it. */
  HANDSHAKE_SETTLES_MS: Type.Integer({ default: 15_000, minimum: 0 }),
  PULL_INTERVAL_SECONDS: Type.Integer({ default: 300, minimum: 1 }),
  /** Calls of one partner that each replica answers; the others get HTTP 429. Twice as many may come at once. */
  INBOUND_PER_SECOND: Type.Integer({ default: 200, minimum: 1 }),
  /** Our requests to one partner; those for whom somebody waits go ahead of the others. */
  OUTBOUND_PER_SECOND: Type.Integer({ default: 100, minimum: 1 }),
  /** Of the latest messages with each partner, so many are kept for `GET /api/partners/{id}/messages`. */
  MESSAGES_KEPT: Type.Integer({ default: 2_000, minimum: 0, maximum: 1_000_000 }),
  /** Addresses and CIDR blocks, with commas, of the proxies whose X-Forwarded-For is believed. */
  TRUSTED_PROXIES: Type.String({ default: '' }),
});
export type BridgeSettings = Static<typeof BridgeSettings>;

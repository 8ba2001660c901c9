// The gateway's settings.
import { commonSettings, identitySettings } from '@evenkeel/service';
import { type Static, Type } from '@sinclair/typebox';

export const GatewaySettings = Type.Object({
  ...commonSettings,
  ...identitySettings,
  /** Where stations connect; 0 takes a free port and the log says which. */
  OCPP_PORT: Type.Integer({ default: 9220, minimum: 0, maximum: 65535 }),
  /** Where stations connect by TLS (security profiles 2 and 3); absent: nowhere. */
  OCPP_TLS_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  /** Where a proxy connects that has ended the TLS of stations; absent: nowhere. */
  OCPP_PROXY_PORT: Type.Optional(Type.Integer({ minimum: 0, maximum: 65535 })),
  /** The proxy's X-Proxy-Secret header. */
  OCPP_PROXY_SECRET: Type.Optional(Type.String({ minLength: 32 })),
  /** Folder with ecdsa.crt, ecdsa.key, rsa.crt, rsa.key, client-roots.crt and if need be client-crls.pem, all PEM; chains leaf first. */
  TLS_FOLDER: Type.Optional(Type.String({ minLength: 1 })),
  /** How often the folder is looked at for changes. */
  TLS_RELOAD_MS: Type.Integer({ default: 60_000, minimum: 100 }),
  /** Origins of the OCSP responders that may be asked about stations' certificates, separated by commas. */
  OCSP_RESPONDERS: Type.String({ default: '' }),
  /** What becomes of a station that offers no version we speak: 400, or an upgrade that is closed at once with 1002. */
  NO_SUBPROTOCOL: Type.Union([Type.Literal('reject'), Type.Literal('accept-and-close')], { default: 'reject' }),
  /** What comes before the station's identity in the URL. */
  OCPP_PATH: Type.String({ default: '/ocpp', pattern: '^(/[^/?#]+)*$' }),
  /** The largest message, after decompression; a larger one ends the connection with close code 1009. */
  MAX_PAYLOAD_BYTES: Type.Integer({ default: 1_048_576, minimum: 65_536 }),
  /** How long a station may take to answer a command. */
  CALL_TIMEOUT_MS: Type.Integer({ default: 30_000, minimum: 100 }),
  /** Pause between our pings; a connection that is silent for two of them is dead. */
  PING_INTERVAL_MS: Type.Integer({ default: 60_000, minimum: 100 }),
  /** Told to accepted stations at boot. */
  HEARTBEAT_INTERVAL_SECONDS: Type.Integer({ default: 300, minimum: 10 }),
  /** When a station that is pending or rejected may boot again. */
  BOOT_RETRY_SECONDS: Type.Integer({ default: 60, minimum: 1 }),
  /** The least time between two answers that name the cost of a running transaction. */
  COST_EVERY_SECONDS: Type.Integer({ default: 60, minimum: 0 }),
  /** Memory for the latest frames of all stations together. */
  FRAME_LOG_BYTES: Type.Integer({ default: 33_554_432, minimum: 65_536 }),
  /** How far the intervals that a station is told at boot may be from these, so that a fleet does not call all at once. */
  BOOT_INTERVAL_SPREAD_PERCENT: Type.Number({ default: 10, minimum: 0, maximum: 50 }),
  /** Upgrades under way, and upgrades begun a second; more stand in line, and are told to come again later (503) where it is too long. */
  UPGRADES_AT_ONCE: Type.Integer({ default: 64, minimum: 1 }),
  UPGRADES_PER_SECOND: Type.Integer({ default: 500, minimum: 1 }),
  /** How long an upgrade may stand in line; most stations give a handshake 20 s or more. */
  UPGRADE_WAIT_SECONDS: Type.Integer({ default: 20, minimum: 1 }),
  /** Failures of one identity from one address that cost nothing; after them it waits longer each time, up to a minute (429). */
  FREE_FAILURES: Type.Integer({ default: 5, minimum: 1 }),
  /** Calls of one station that wait for their turn; one more ends the connection with close code 1013. */
  WAITING_CALLS: Type.Integer({ default: 200, minimum: 1 }),
  /** What may wait to be read by a station that sends and does not read; more ends the connection with close code 1013. */
  UNSENT_BYTES: Type.Integer({ default: 1_048_576, minimum: 1_024 }),
  /** Unreadable frames in a row that end the connection with close code 1008. */
  UNREADABLE_FRAMES: Type.Integer({ default: 50, minimum: 1 }),
  /** Replacements of a station's connection from different addresses within a minute that are told as a fight over its identity. */
  IDENTITY_FIGHT_REPLACEMENTS: Type.Integer({ default: 4, minimum: 1 }),
  /** Refuses every deviation from the schemas, as certification runs expect. */
  STRICT_INBOUND: Type.Boolean({ default: false }),
  /** How many connections a stopping gateway closes a second. Its pod needs as long to stop as it has stations divided by this, and the grace. */
  STOP_CLOSES_PER_SECOND: Type.Number({ default: 400, exclusiveMinimum: 0 }),
  /** How long a stopping gateway waits for the answers that it owes to a station. */
  STOP_GRACE_MS: Type.Integer({ default: 10_000, minimum: 100 }),
});
export type GatewaySettings = Static<typeof GatewaySettings>;
